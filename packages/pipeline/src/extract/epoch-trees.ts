import { InternalError, type Schema } from "@dlt/core";
import type { CheckpointTaker } from "@dlt/core/engine";
import type { ChunkWriter, Progress } from "./chunk-writer.js";
import type { CapturedState, LiveState, ResumeState, StateParts } from "./live-state.js";
import type { ResourceNode } from "./resource-graph.js";
import { reasonAgainstCuts } from "./uncut-resource.js";

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

/** A resource that nothing feeds, with all that it feeds: they are resumed together. */
interface Tree {
  readonly nodes: readonly ResourceNode[];
  readonly names: ReadonlySet<string>;
  readonly open: Set<ResourceNode>;
  /** Why it is not cut; `null`: it may be. */
  reason: string | null;
  /** Whether it has been resumable anywhere before its end. */
  hadCheckpoint: boolean;
  usesShared: boolean;
  /** At its last checkpoint, or at its end. */
  states: ReadonlyMap<ResourceNode, ResumeState> | null;
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
    const roots = options.nodes.filter(({ parent }) => parent === null);
    this.#trees = roots.map((root) => this.#newTree(treeNodes(root)));
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

  /** The state of a resource at a checkpoint that it has passed. */
  captureState(node: ResourceNode, named: unknown): ResumeState {
    const { state } = this.#options;
    if (this.#of(node).nodes[0] !== node || named === undefined) return { own: state.capture(node.name), shared: null };
    const { own, shared } = named as ResumeState;
    return { own: state.capture(node.name, own), shared };
  }

  noteSharedState(node: ResourceNode): void {
    this.#of(node).usesShared = true;
  }

  /** From here on the resource is not cut. */
  forbid(node: ResourceNode, reason: string): void {
    this.#of(node).reason ??= reason;
  }

  /** A tree was at a checkpoint. @returns the names of its resources, whose rows so far are complete */
  passed(states: ReadonlyMap<ResourceNode, ResumeState>): ReadonlySet<string> {
    const [node] = states.keys();
    if (node === undefined) return new Set();
    const tree = this.#of(node);
    if (tree.reason !== null) return new Set();
    this.#complete(tree, states);
    tree.hadCheckpoint = true;
    return tree.names;
  }

  /** A resource has no more rows. @returns the names of the resources of its tree once that holds for all of them */
  ended(node: ResourceNode): ReadonlySet<string> {
    const tree = this.#of(node);
    tree.open.delete(node);
    if (tree.open.size > 0) return new Set();
    const { state } = this.#options;
    const shared = tree.usesShared ? state.captureShared() : null;
    this.#complete(tree, new Map(tree.nodes.map((each) => [each, { own: state.capture(each.name), shared }])));
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
      if (tree.reason !== null && tree.open.size > 0) continue;
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
    for (const { states } of this.#trees) for (const [node, { own }] of states ?? []) resources.set(node.name, own);
    const sharing = this.#trees.filter(({ usesShared }) => usesShared);
    return { resources, shared: this.#sharedOf(sharing) };
  }

  /** Where several resources write to the state of the source, no moment is that of all of them before their end. */
  #sharedOf(sharing: readonly Tree[]): CapturedState | null {
    const [only, ...others] = sharing;
    if (only === undefined) return null;
    if (sharing.every(({ open }) => open.size === 0)) return this.#options.state.captureShared();
    const root = only.nodes[0];
    return others.length === 0 && root !== undefined ? (only.states?.get(root)?.shared ?? null) : null;
  }

  /** Resources that were not cut, loaded or not. */
  uncut(source: string): readonly UncutResource[] {
    return this.#trees.flatMap(({ nodes: [root], reason, hadCheckpoint }) => {
      const why = reason ?? (hadCheckpoint ? null : noCheckpoints);
      return root === undefined || why === null ? [] : [{ source, resource: root.name, reason: why }];
    });
  }

  #newTree(nodes: readonly ResourceNode[]): Tree {
    const { schema } = this.#options;
    return {
      nodes,
      names: new Set(nodes.map(({ name }) => name)),
      open: new Set(nodes),
      reason: nodes.map((node) => reasonAgainstCuts(node, schema)).find((reason) => reason !== null) ?? null,
      hadCheckpoint: false,
      usesShared: false,
      states: null,
      checkpointMs: Number.NEGATIVE_INFINITY,
      points: 0,
      pointsSince: 0,
      atCut: noProgress,
    };
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

  #complete(tree: Tree, states: ReadonlyMap<ResourceNode, ResumeState>): void {
    tree.states = states;
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

const noCheckpoints = 'it names no checkpoints, and has no cursor with `rowOrder: "asc"`';

function treeNodes(root: ResourceNode): readonly ResourceNode[] {
  return [root, ...root.children.flatMap(treeNodes)];
}
