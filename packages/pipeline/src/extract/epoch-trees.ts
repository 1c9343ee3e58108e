import { InternalError, type Schema } from "@dlt/core";
import type { CheckpointTaker } from "@dlt/core/engine";
import type { ChunkWriter, Progress } from "./chunk-writer.js";
import { EpochTree, type UncutResource } from "./epoch-tree.js";
import type { CapturedState, LiveState, StatePart, StateParts } from "./live-state.js";
import { type ResourceNode, rootOf } from "./resource-graph.js";
import { SharedState } from "./shared-state.js";
import { SharedTables, type Together } from "./shared-tables.js";
import { knownTables, reasonOfCursor, type WrittenTable } from "./uncut-resource.js";

/** When an epoch ends; infinite: not by that. Rows and bytes are those that were extracted in it. */
export interface EpochLimits {
  readonly everyMs: number;
  readonly everyBytes: number;
  readonly everyRows: number;
}

/** So many checkpoints are asked for in an epoch, at most one in so many milliseconds: each takes the state down. */
const checkpointsPerEpoch = 16;
const mostMsBetweenCheckpoints = 250;

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

/** What a resource keeps in the state when its function names a point: its own part without cursors, and others that it uses. */
interface NamedState {
  readonly own: CapturedState;
  readonly others: StateParts;
}

/** The resources of a run that is cut into epochs: from where each can be resumed, and when an epoch is to end. */
export class EpochTrees {
  readonly #options: EpochTreesOptions;
  readonly #treeOf = new Map<ResourceNode, EpochTree>();
  readonly #trees = new Set<EpochTree>();
  readonly #tables = new SharedTables();
  readonly #sharedState: SharedState;
  #cutMs: number;
  #hasNews = false;

  constructor(options: EpochTreesOptions) {
    const { nodes, schema } = options;
    this.#options = options;
    this.#cutMs = options.nowMs();
    this.#sharedState = new SharedState(nodes);
    for (const node of nodes) {
      const tree = node.parent === null ? new EpochTree(node) : this.#of(rootOf(node));
      this.#treeOf.set(node, tree);
      this.#trees.add(tree);
    }
    for (const node of nodes) {
      const { tables, reason } = node.isLoaded ? knownTables(node, schema) : nothingKnown;
      const known = reasonOfCursor(node) ?? reason;
      if (known !== null) this.#of(node).forbid(() => known);
      for (const table of tables) this.#keepTogether(this.#tables.declare(node, table));
    }
  }

  /** Takes checkpoints of a resource. */
  takerFor(node: ResourceNode): CheckpointTaker {
    return {
      isWanted: () => this.#isWanted(this.#of(node)),
      captureState: () => this.#namedState(node),
      isCurrent: (state) => isSameState(state as NamedState, this.#namedState(node)),
    };
  }

  /** The state of a resource at a checkpoint that it has passed. `named` is what `captureState` kept, if its function named the point. */
  captureState(node: ResourceNode, named: unknown): CapturedState {
    const { state } = this.#options;
    const isNamed = node.parent === null && named !== undefined;
    return isNamed ? state.withCursors(node.name, (named as NamedState).own) : state.capture(node.name);
  }

  /**
   * What else the resources of a tree use of the state, once all of them have passed a checkpoint. The function of a root may be ahead by
   * then, so that of what it uses counts what was kept when it named the point.
   */
  captureShared(root: ResourceNode, named: unknown): StateParts {
    const ofRoot = this.#sharedState.partsOf(new Set([root]));
    const ofOthers = this.#sharedState.partsOf(this.#of(root).nodes).filter((part) => !ofRoot.includes(part));
    return new Map([...((named as NamedState | undefined)?.others ?? []), ...this.#captured(ofOthers)]);
  }

  /** A resource uses a part of the state that is not its own. */
  noteState(node: ResourceNode, part: StatePart): void {
    this.#keepTogether(this.#sharedState.use(node, part));
  }

  /** Rows of a resource are about to go to a table. Throws what `tooLate` gives when they had to be loaded with earlier ones. */
  noteTable(node: ResourceNode, table: WrittenTable, tooLate: (reason: string) => Error): void {
    this.#keepTogether(this.#tables.write(node, table, tooLate));
  }

  /** From here on the resource is not cut. Throws what `tooLate` gives when it was. */
  forbid(node: ResourceNode, reason: string, tooLate: (reason: string) => Error): void {
    const tree = this.#of(node);
    tree.forbid(() => reason);
    if (tree.hadCheckpoint) throw tooLate(reason);
  }

  /** A resource that nothing feeds was at a checkpoint, with all that it feeds. @returns their names, if their rows so far are complete */
  passed(root: ResourceNode, parts: StateParts): ReadonlySet<string> {
    const tree = this.#of(root);
    return tree.mayBeCut ? this.#complete(tree, parts) : new Set();
  }

  /** A resource has no more rows. @returns the names of the resources of its tree once that holds for all of them */
  ended(node: ResourceNode): ReadonlySet<string> {
    const tree = this.#of(node);
    tree.end(node);
    if (!tree.hasEnded) return new Set();
    return this.#complete(tree, this.#captured([...tree.names, ...this.#sharedState.partsOf(tree.nodes)]));
  }

  isResumable(node: ResourceNode): boolean {
    const tree = this.#of(node);
    return tree.mayBeCut && tree.hadCheckpoint;
  }

  hasEnded(node: ResourceNode): boolean {
    return this.#of(node).hasEnded;
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
      if (!tree.hasEnded && !(tree.mayBeCut && tree.hadCheckpoint)) continue;
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
    return new Map([...this.#trees].flatMap(({ parts }) => [...parts]));
  }

  /** Resources that were not cut, loaded or not. */
  uncut(source: string): readonly UncutResource[] {
    return [...this.#trees].flatMap((tree) => tree.uncut(source));
  }

  #isWanted(tree: EpochTree): boolean {
    if (!tree.mayBeCut) return false;
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

  #namedState(node: ResourceNode): NamedState {
    const others = this.#captured(this.#sharedState.partsOf(new Set([node])));
    return { own: this.#options.state.captureOwn(node.name), others };
  }

  #captured(parts: readonly StatePart[]): StateParts {
    return new Map(parts.map((part) => [part, this.#options.state.capture(part)]));
  }

  #complete(tree: EpochTree, parts: StateParts): ReadonlySet<string> {
    tree.complete(parts, this.#options.nowMs());
    this.#tables.complete(tree.nodes);
    this.#hasNews = true;
    return tree.names;
  }

  /** From here on these resources are not cut: their rows count once all of them have ended. */
  #keepTogether(together: Together | null): void {
    if (together === null) return;
    const [tree, ...others] = new Set([...together.nodes].map((node) => this.#of(node)));
    if (tree === undefined) return;
    for (const other of others) {
      tree.join(other);
      this.#trees.delete(other);
      for (const node of other.nodes) this.#treeOf.set(node, tree);
    }
    tree.forbid(together.reasonOf);
  }

  #progress({ names }: EpochTree): Progress {
    let bytes = 0;
    let position = 0;
    for (const name of names) {
      const written = this.#options.writer.progress(name);
      bytes += written.bytes;
      position += written.position;
    }
    return { bytes, position };
  }

  #of(node: ResourceNode): EpochTree {
    const tree = this.#treeOf.get(node);
    if (tree === undefined)
      throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Resource \`${node.name}\` is not read.`);
    return tree;
  }
}

function isSameState(one: NamedState, other: NamedState): boolean {
  const isSame = one.own === other.own && one.others.size === other.others.size;
  return isSame && [...one.others].every(([part, state]) => other.others.get(part) === state);
}

const nothingKnown = { tables: [], reason: null } as const;
