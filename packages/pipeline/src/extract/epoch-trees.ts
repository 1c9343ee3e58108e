import { InternalError, type Schema } from "@dlt/core";
import type { CheckpointTaker } from "@dlt/core/engine";
import type { ChunkWriter } from "./chunk-writer.js";
import { EpochTree, type Latecomer, type UncutResource } from "./epoch-tree.js";
import type { CapturedState, LiveState, StatePart, StateParts } from "./live-state.js";
import { type ResourceNode, rootOf } from "./resource-graph.js";
import { SharedState } from "./shared-state.js";
import type { CompleteRows, SharedTables, Together, TogetherByTable } from "./shared-tables.js";
import { knownTables, reasonOfCursor, type WrittenTable } from "./uncut-resource.js";
import type { Written } from "./written-rows.js";

/** When an epoch ends; infinite: not by that. Rows and bytes are those that were extracted in it. */
export interface EpochLimits {
  readonly everyMs: number;
  readonly everyBytes: number;
  readonly everyRows: number;
  /** The options of the run that ask for it. */
  readonly options: readonly string[];
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
  /** Shared with the sources of the schema that were read before. */
  readonly tables: SharedTables;
  nowMs(): number;
  /** Says that rows of a resource had to be loaded with earlier ones. */
  tooLate(latecomer: Latecomer, why: "committed" | "stopped"): Error;
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
  readonly #sharedState: SharedState;
  #cutMs: number;
  #hasNews = false;

  /** Throws what `tooLate` gives for a table that is declared when rows of it may be loaded. */
  constructor(options: EpochTreesOptions) {
    const { nodes, schema, tables: shared } = options;
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
      for (const table of tables) this.#keepTogether(node, shared.declare(node, table));
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
    this.#join(this.#sharedState.use(node, part));
  }

  /** Rows of a resource are about to go to a table. Throws what `tooLate` gives when they had to be loaded with ones that may be loaded. */
  noteTable(node: ResourceNode, table: WrittenTable): void {
    this.#keepTogether(node, this.#options.tables.write(node, table));
  }

  /** From here on the resource is not cut. Throws what `tooLate` gives when it was. */
  forbid(node: ResourceNode, reason: string): void {
    const tree = this.#of(node);
    tree.forbid(() => reason);
    this.#keepWith(tree.complete, { node, reason });
  }

  /** Throws what `tooLate` gives when the package, as it is, has only some of the rows that have to be loaded at once. */
  assertWhole(): void {
    const latecomer = this.#latecomer();
    if (latecomer !== null) throw this.#options.tooLate(latecomer, "stopped");
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
    return tree.mayBeCut && tree.complete !== null;
  }

  hasEnded(node: ResourceNode): boolean {
    return this.#of(node).hasEnded;
  }

  /** True when an epoch is to end: it is large or old enough, something in it is complete, and nothing in it waits for other rows. */
  isDue(): boolean {
    return this.#hasNews && this.#isOldOrLarge() && this.#latecomer() === null;
  }

  #isOldOrLarge(): boolean {
    const { limits, nowMs } = this.#options;
    if (nowMs() - this.#cutMs >= limits.everyMs) return true;
    let rows = 0;
    let bytes = 0;
    for (const tree of this.#trees) {
      // What is not cut counts once it is there as a whole.
      if (!tree.hasEnded && !(tree.mayBeCut && tree.complete !== null)) continue;
      const { bytes: written, position } = this.#written(tree);
      rows += position - tree.atCut.position;
      bytes += written - tree.atCut.bytes;
    }
    return rows >= limits.everyRows || bytes >= limits.everyBytes;
  }

  /** An epoch has ended. */
  cut(): void {
    this.#cutMs = this.#options.nowMs();
    this.#hasNews = false;
    this.#options.tables.commit();
    for (const tree of this.#trees) tree.cut(this.#written(tree));
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
    const { bytes, position } = this.#written(tree);
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
    tree.pass(parts, this.#options.nowMs());
    this.#options.tables.complete(tree.nodes);
    this.#hasNews = true;
    return tree.names;
  }

  /** A resource writes to a table of these, which are not cut from here on. */
  #keepTogether(node: ResourceNode, together: TogetherByTable | null): void {
    if (together === null) return;
    this.#join(together);
    this.#keepWith(together.earlier, { node, reason: together.reasonOf(rootOf(node)) });
  }

  /** Rows of a resource have to be loaded with rows that are there already. */
  #keepWith(earlier: CompleteRows | null, latecomer: Latecomer): void {
    if (earlier === "committed") throw this.#options.tooLate(latecomer, earlier);
    if (earlier === "open") this.#of(latecomer.node).keepOpen(latecomer);
  }

  #latecomer(): Latecomer | null {
    for (const { latecomer } of this.#trees) if (latecomer !== null) return latecomer;
    return null;
  }

  /** From here on these resources are not cut: their rows count once all of them have ended. */
  #join(together: Together | null): void {
    if (together === null) return;
    // Those of sources before have ended.
    const own = [...together.nodes].filter((node) => this.#treeOf.has(node));
    const [tree, ...others] = new Set(own.map((node) => this.#of(node)));
    if (tree === undefined) return;
    for (const other of others) {
      tree.join(other);
      this.#trees.delete(other);
      for (const node of other.nodes) this.#treeOf.set(node, tree);
    }
    tree.forbid(together.reasonOf);
  }

  #written({ names }: EpochTree): Written {
    let bytes = 0;
    let position = 0;
    for (const name of names) {
      const written = this.#options.writer.written(name);
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
