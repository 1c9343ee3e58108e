import type { StateParts } from "./live-state.js";
import { type ResourceNode, treeOf } from "./resource-graph.js";
import type { CompleteRows } from "./shared-tables.js";
import type { Written } from "./written-rows.js";

/** A resource whose rows were loaded as a whole. */
export interface UncutResource {
  readonly source: string;
  readonly resource: string;
  /** Why: a part of a sentence, e.g. ``its write disposition is `replace` ``. */
  readonly reason: string;
}

/** A resource whose rows have to be loaded with earlier ones, and why. */
export interface Latecomer {
  readonly node: ResourceNode;
  readonly reason: string;
}

/**
 * Resources that are resumed together: one that nothing feeds with all that it feeds, or several such that cannot be cut because of each
 * other. How far they are.
 */
export class EpochTree {
  /** What nothing feeds, each with why it is not cut. */
  readonly #reasons: Map<ResourceNode, string | null>;
  readonly #nodes: Set<ResourceNode>;
  readonly #names: Set<string>;
  readonly #open: Set<ResourceNode>;
  #complete: CompleteRows | null = null;
  #latecomer: Latecomer | null = null;
  #parts: StateParts = new Map();
  /** When the last checkpoint was. */
  checkpointMs = Number.NEGATIVE_INFINITY;
  /** Points that were offered, all and since the last checkpoint. */
  points = 0;
  pointsSince = 0;
  #atCut: Written = { bytes: 0, position: 0 };

  constructor(root: ResourceNode) {
    this.#reasons = new Map([[root, null]]);
    this.#nodes = new Set(treeOf(root));
    this.#names = new Set([...this.#nodes].map(({ name }) => name));
    this.#open = new Set(this.#nodes);
  }

  get nodes(): ReadonlySet<ResourceNode> {
    return this.#nodes;
  }

  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** The state at its last checkpoint, or at its end. */
  get parts(): StateParts {
    return this.#parts;
  }

  /** Nothing is known that keeps it from being cut. */
  get mayBeCut(): boolean {
    return [...this.#reasons.values()].every((reason) => reason === null);
  }

  /** Where rows are that were complete before its end; `null`: there are none. */
  get complete(): CompleteRows | null {
    return this.#complete;
  }

  /** Why the package that is open must not end before this does: it has rows that have to be loaded with the rest. */
  get latecomer(): Latecomer | null {
    return this.hasEnded ? null : this.#latecomer;
  }

  /** How far it was when the last epoch ended. */
  get atCut(): Written {
    return this.#atCut;
  }

  get hasEnded(): boolean {
    return this.#open.size === 0;
  }

  /** Keeps it from being cut from here on. A reason that there is already stays. */
  forbid(reasonOf: (root: ResourceNode) => string): void {
    for (const [root, reason] of this.#reasons) this.#reasons.set(root, reason ?? reasonOf(root));
  }

  /** Takes in another one. What was complete of each stays so. */
  join(other: EpochTree): void {
    for (const [root, reason] of other.#reasons) this.#reasons.set(root, reason);
    for (const node of other.#nodes) this.#nodes.add(node);
    for (const name of other.#names) this.#names.add(name);
    for (const node of other.#open) this.#open.add(node);
    if (this.#complete !== "committed") this.#complete = other.#complete ?? this.#complete;
    this.#latecomer ??= other.#latecomer;
    this.#parts = new Map([...this.#parts, ...other.#parts]);
    const { bytes, position } = this.#atCut;
    this.#atCut = { bytes: bytes + other.atCut.bytes, position: position + other.atCut.position };
  }

  end(node: ResourceNode): void {
    this.#open.delete(node);
  }

  /** Keeps the package open until all have ended. */
  keepOpen(latecomer: Latecomer): void {
    this.#latecomer ??= latecomer;
  }

  /** An epoch has ended, when it was so far. */
  cut(written: Written): void {
    this.#atCut = written;
    this.#latecomer = null;
    if (this.#complete !== null) this.#complete = "committed";
  }

  /** All rows so far belong to this state. */
  pass(parts: StateParts, nowMs: number): void {
    if (!this.hasEnded) this.#complete ??= "open";
    this.#parts = parts;
    this.checkpointMs = nowMs;
    this.pointsSince = 0;
  }

  /** Its resources that nothing feeds, unless they were cut. */
  uncut(source: string): readonly UncutResource[] {
    if (this.mayBeCut && this.#complete !== null) return [];
    return [...this.#reasons].map(([{ name }, reason]) => ({
      source,
      resource: name,
      reason: reason ?? noCheckpoints,
    }));
  }
}

const noCheckpoints =
  "it names no checkpoints, and no ascending cursor tells them in place of a function that keeps a state";
