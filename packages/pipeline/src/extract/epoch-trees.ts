import { InternalError, type Schema } from "@dlt/core";
import type { CheckpointTaker } from "@dlt/core/engine";
import type { ChunkWriter, Progress } from "./chunk-writer.js";
import type { CapturedState, LiveState, ResumeState, StateParts } from "./live-state.js";
import type { PassedCheckpoint } from "./read-graph.js";
import type { ResourceNode } from "./resource-graph.js";
import { type ResourceTree, resourceTrees } from "./resource-trees.js";

/** When an epoch ends; infinite: not by that. Rows and bytes are those that were extracted in it. */
export interface EpochLimits {
  readonly everyMs: number;
  readonly everyBytes: number;
  readonly everyRows: number;
}

/** A resource whose rows were loaded as a whole. */
export interface UncutResource {
  readonly source: string;
  readonly resource: string;
  /** Why: a part of a sentence, e.g. ``its write disposition is `replace` ``. */
  readonly reason: string;
}

/** So many checkpoints are asked for in an epoch, at most one in so many milliseconds: each takes the state down. */
const checkpointsPerEpoch = 16;
const mostMsBetweenCheckpoints = 250;

/** How far a tree is. */
interface Tree extends ResourceTree {
  readonly names: ReadonlySet<string>;
  readonly open: Set<ResourceNode>;
  /** Why it is not cut; `null`: it may be. */
  reason: string | null;
  /** Whether it has been resumable anywhere before its end. */
  hadCheckpoint: boolean;
  /** Those that use the part of the state that the source's resources share. */
  readonly sharing: Set<ResourceNode>;
  /** That part at its last checkpoint, or at its end. */
  shared: CapturedState | null;
  /** At its last checkpoint, or at its end. */
  states: ReadonlyMap<ResourceNode, CapturedState> | null;
  /** When the last checkpoint was. */
  checkpointMs: number;
  /** Points that were offered, all and since the last checkpoint. */
  points: number;
  pointsSince: number;
  /** How far it was when the last epoch ended. */
  atCut: Progress;
}

export interface EpochTreesOptions {
  readonly nodes: readonly ResourceNode[];
  readonly schema: Schema;
  readonly state: LiveState;
  readonly writer: ChunkWriter;
  readonly limits: EpochLimits;
  /** Once it is aborted, the next checkpoint of each is the last. */
  readonly stopSignal: AbortSignal;
  nowMs(): number;
}

/** The resources of a run that is cut into epochs: from where each can be resumed, and when an epoch is to end. */
export class EpochTrees {
  readonly #options: EpochTreesOptions;
  readonly #trees: readonly Tree[];
  readonly #treeOf = new Map<ResourceNode, Tree>();
  #cutMs: number;
  #hasNews = false;

  constructor(options: EpochTreesOptions) {
    this.#options = options;
    this.#cutMs = options.nowMs();
    this.#trees = resourceTrees(options.nodes, options.schema).map(openTree);
    for (const tree of this.#trees) for (const node of tree.nodes) this.#treeOf.set(node, tree);
  }

  /** Takes checkpoints of a resource. */
  takerFor(node: ResourceNode): CheckpointTaker {
    const { state } = this.#options;
    return {
      isWanted: () => this.#isWanted(this.#of(node)),
      captureState: (): ResumeState => ({ own: state.captureOwn(node.name), shared: state.captureShared() }),
    };
  }

  /** The state of a resource at a checkpoint that it has passed. `named` is what `captureState` kept, if its function named the point. */
  captureState(node: ResourceNode, named: unknown): CapturedState {
    const { state } = this.#options;
    const isRoot = node.parent === null;
    return state.capture(node.name, isRoot && named !== undefined ? (named as ResumeState).own : undefined);
  }

  /**
   * The part of the state that resources share, once all resources of a tree have passed a checkpoint; `null`: none of them uses it. The
   * function of a root may be ahead by then, so that of it counts what was kept when it named the point.
   */
  captureShared(root: ResourceNode, named: unknown): CapturedState | null {
    const { sharing } = this.#of(root);
    if (sharing.size === 0) return null;
    return sharing.has(root)
      ? ((named as ResumeState | undefined)?.shared ?? null)
      : this.#options.state.captureShared();
  }

  /** A resource uses the part of the state that resources share. Where several do, no moment is that of all of them. */
  noteSharedState(node: ResourceNode): void {
    const { sharing } = this.#of(node);
    if (sharing.has(node)) return;
    sharing.add(node);
    const users = this.#trees.flatMap((tree) => [...tree.sharing]);
    const trees = new Set(users.map((user) => this.#of(user)));
    const isMixed = users.some(({ parent }) => parent === null) && users.some(({ parent }) => parent !== null);
    if (trees.size === 1 && !isMixed) return;
    const names = users.map(({ name }) => `\`${name}\``).join(", ");
    for (const tree of trees) tree.reason ??= `several resources use the state of the source: ${names}`;
  }

  /** From here on the resource is not cut. @returns false when it was, so that it is too late */
  forbid(node: ResourceNode, reason: string): boolean {
    const tree = this.#of(node);
    tree.reason ??= reason;
    return !tree.hadCheckpoint;
  }

  /** A tree was at a checkpoint. @returns the names of its resources, whose rows so far are complete */
  passed({ states, shared }: PassedCheckpoint): ReadonlySet<string> {
    const [node] = states.keys();
    if (node === undefined) return new Set();
    const tree = this.#of(node);
    if (tree.reason !== null) return new Set();
    this.#complete(tree, states, shared);
    tree.hadCheckpoint = true;
    return tree.names;
  }

  /** A resource has no more rows. @returns the names of the resources of its tree once that holds for all of them */
  ended(node: ResourceNode): ReadonlySet<string> {
    const tree = this.#of(node);
    tree.open.delete(node);
    if (tree.open.size > 0) return new Set();
    const { state } = this.#options;
    const shared = tree.sharing.size > 0 ? state.captureShared() : null;
    this.#complete(tree, new Map(tree.nodes.map((each) => [each, state.capture(each.name)])), shared);
    return tree.names;
  }

  isResumable(node: ResourceNode): boolean {
    const { reason, hadCheckpoint } = this.#of(node);
    return reason === null && hadCheckpoint;
  }

  hasEnded(node: ResourceNode): boolean {
    return this.#of(node).open.size === 0;
  }

  /** True when an epoch is to end: it is large or old enough, and something in it is complete. */
  isDue(): boolean {
    const { limits, nowMs } = this.#options;
    if (!this.#hasNews) return false;
    if (nowMs() - this.#cutMs >= limits.everyMs) return true;
    let rows = 0;
    let bytes = 0;
    for (const tree of this.#trees) {
      // What is not cut counts once it is there as a whole.
      if (tree.open.size > 0 && (tree.reason !== null || !tree.hadCheckpoint)) continue;
      const { bytes: written, position } = this.#progress(tree);
      rows += position - tree.atCut.position;
      bytes += written - tree.atCut.bytes;
    }
    return rows >= limits.everyRows || bytes >= limits.everyBytes;
  }

  /** An epoch has ended. */
  cut(): void {
    this.#cutMs = this.#options.nowMs();
    this.#hasNews = false;
    for (const tree of this.#trees) tree.atCut = this.#progress(tree);
  }

  /** The state that belongs to what is complete. */
  stateParts(): StateParts {
    const resources = new Map<string, CapturedState>();
    for (const { states } of this.#trees) for (const [node, own] of states ?? []) resources.set(node.name, own);
    return { resources, shared: this.#sharedPart() };
  }

  #sharedPart(): CapturedState | null {
    const sharing = this.#trees.filter(({ sharing }) => sharing.size > 0);
    const [only, ...others] = sharing;
    if (only === undefined) return null;
    if (sharing.every(({ open }) => open.size === 0)) return this.#options.state.captureShared();
    return others.length === 0 ? only.shared : null;
  }

  /** Resources that were not cut, loaded or not. */
  uncut(source: string): readonly UncutResource[] {
    return this.#trees.flatMap(({ roots, reason, hadCheckpoint }) => {
      if (reason === null && hadCheckpoint) return [];
      return [...roots].map(([{ name }, own]) => ({ source, resource: name, reason: own ?? reason ?? noCheckpoints }));
    });
  }

  #isWanted(tree: Tree): boolean {
    if (tree.reason !== null) return false;
    const { limits, stopSignal, nowMs } = this.#options;
    tree.points += 1;
    tree.pointsSince += 1;
    const afterMs = Math.min(limits.everyMs / checkpointsPerEpoch, mostMsBetweenCheckpoints);
    if (stopSignal.aborted || nowMs() - tree.checkpointMs >= afterMs) return true;
    // What was written lags behind what was read, so that it only tells how much there is between two points.
    const { bytes, position } = this.#progress(tree);
    const share = (tree.pointsSince / tree.points) * checkpointsPerEpoch;
    return position === 0 || bytes * share >= limits.everyBytes || position * share >= limits.everyRows;
  }

  #complete(tree: Tree, states: ReadonlyMap<ResourceNode, CapturedState>, shared: CapturedState | null): void {
    tree.states = states;
    tree.shared = shared;
    tree.checkpointMs = this.#options.nowMs();
    tree.pointsSince = 0;
    this.#hasNews = true;
  }

  #progress({ nodes }: Tree): Progress {
    let bytes = 0;
    let position = 0;
    for (const { name } of nodes) {
      const written = this.#options.writer.progress(name);
      bytes += written.bytes;
      position += written.position;
    }
    return { bytes, position };
  }

  #of(node: ResourceNode): Tree {
    const tree = this.#treeOf.get(node);
    if (tree === undefined)
      throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Resource \`${node.name}\` is not read.`);
    return tree;
  }
}

const noProgress: Progress = { bytes: 0, position: 0 };

const noCheckpoints =
  "it names no checkpoints, and no ascending cursor tells them in place of a function that keeps a state";

function openTree(tree: ResourceTree): Tree {
  const { roots, nodes } = tree;
  return {
    ...tree,
    names: new Set(nodes.map(({ name }) => name)),
    open: new Set(nodes),
    reason: [...roots.values()].find((reason) => reason !== null) ?? null,
    hadCheckpoint: false,
    sharing: new Set(),
    shared: null,
    states: null,
    checkpointMs: Number.NEGATIVE_INFINITY,
    points: 0,
    pointsSince: 0,
    atCut: noProgress,
  };
}
