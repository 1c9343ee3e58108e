import { InternalError, type Schema } from "@dlt/core";
import type { CheckpointTaker } from "@dlt/core/engine";
import type { ChunkWriter, Progress } from "./chunk-writer.js";
import type { CapturedState, LiveState, StateParts } from "./live-state.js";
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
const mostMsBetweenCheckpoints = 1_000;

/** What a function's call of `checkpoint` keeps. */
interface NamedState {
  readonly own: CapturedState;
  readonly shared: CapturedState;
}

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
  states: ReadonlyMap<ResourceNode, CapturedState> | null;
  shared: CapturedState | null;
  /** When and how far the last checkpoint was. */
  checkpointMs: number;
  checkpoint: Progress;
  /** How far it was when the last epoch ended. */
  atCut: Progress;
}

export interface EpochTreesOptions {
  readonly nodes: readonly ResourceNode[];
  readonly schema: Schema;
  readonly state: LiveState;
  readonly writer: ChunkWriter;
  readonly limits: EpochLimits;
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
      captureState: (): NamedState => ({ own: state.captureOwn(node.name), shared: state.captureShared() }),
    };
  }

  /** The state of a resource at a checkpoint that it has passed. */
  captureState(node: ResourceNode, named: unknown): CapturedState {
    const tree = this.#of(node);
    const { state } = this.#options;
    if (tree.nodes[0] !== node || named === undefined) return state.capture(node.name);
    const { own, shared } = named as NamedState;
    tree.shared = shared;
    return state.capture(node.name, own);
  }

  noteSharedState(node: ResourceNode): void {
    this.#of(node).usesShared = true;
  }

  /** From here on the resource is not cut. */
  forbid(node: ResourceNode, reason: string): void {
    this.#of(node).reason ??= reason;
  }

  /** A tree was at a checkpoint. @returns the names of its resources, whose rows so far are complete */
  passed(states: ReadonlyMap<ResourceNode, CapturedState>): ReadonlySet<string> {
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
    if (tree.usesShared) tree.shared = state.captureShared();
    this.#complete(tree, new Map(tree.nodes.map((each) => [each, state.capture(each.name)])));
    return tree.names;
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
    for (const { states } of this.#trees)
      for (const [node, captured] of states ?? []) resources.set(node.name, captured);
    const sharing = this.#trees.filter(({ usesShared }) => usesShared);
    const isOver = sharing.every(({ open }) => open.size === 0);
    // Where several resources write to the state of the source, no moment is that of all of them before their end.
    const shared = sharing.length === 1 || isOver ? (sharing.at(-1)?.shared ?? null) : null;
    return { resources, shared: isOver && sharing.length > 1 ? this.#options.state.captureShared() : shared };
  }

  /** Resources that were not cut, loaded or not. */
  uncut(source: string): readonly UncutResource[] {
    return this.#trees.flatMap(({ nodes: [root], reason, hadCheckpoint }) => {
      const why = reason ?? (hadCheckpoint ? null : noCheckpoints);
      return root === undefined || why === null ? [] : [{ source, resource: root.name, reason: why }];
    });
  }

  #newTree(nodes: readonly ResourceNode[]): Tree {
    const { schema, nowMs } = this.#options;
    return {
      nodes,
      names: new Set(nodes.map(({ name }) => name)),
      open: new Set(nodes),
      reason: nodes.map((node) => reasonAgainstCuts(node, schema)).find((reason) => reason !== null) ?? null,
      hadCheckpoint: false,
      usesShared: false,
      states: null,
      shared: null,
      checkpointMs: nowMs(),
      checkpoint: noProgress,
      atCut: noProgress,
    };
  }

  #isWanted(tree: Tree): boolean {
    if (tree.reason !== null) return false;
    const { limits, nowMs } = this.#options;
    const afterMs = Math.min(limits.everyMs / checkpointsPerEpoch, mostMsBetweenCheckpoints);
    if (nowMs() - tree.checkpointMs >= afterMs) return true;
    const { bytes, position } = this.#progress(tree);
    return (
      bytes - tree.checkpoint.bytes >= limits.everyBytes / checkpointsPerEpoch ||
      position - tree.checkpoint.position >= limits.everyRows / checkpointsPerEpoch
    );
  }

  #complete(tree: Tree, states: ReadonlyMap<ResourceNode, CapturedState>): void {
    tree.states = states;
    tree.checkpointMs = this.#options.nowMs();
    tree.checkpoint = this.#progress(tree);
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
