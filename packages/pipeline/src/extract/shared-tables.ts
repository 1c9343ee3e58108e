import { type ResourceNode, rootOf } from "./resource-graph.js";
import type { WrittenTable } from "./uncut-resource.js";

/** Where rows are that are complete: in the package that is open, or in one that was committed, so that they may be loaded. */
export type CompleteRows = "open" | "committed";

/** Resources that are not cut because of each other. */
export interface Together {
  readonly nodes: ReadonlySet<ResourceNode>;
  /** Why it is so for one that nothing feeds, as part of a sentence. */
  reasonOf(root: ResourceNode): string;
}

/** Because of a table: of all sources that were read. */
export interface TogetherByTable extends Together {
  /** Rows that theirs have to be loaded with, and that were complete before this was known; `null`: there are none. */
  readonly earlier: CompleteRows | null;
}

interface SharedTable {
  /** Why its rows have to be loaded at once, and by whose hints; `null`: they need not be. */
  cause: { readonly reason: string; readonly of: ResourceNode } | null;
  /** Those that declare it, or whose rows go there. */
  readonly nodes: Set<ResourceNode>;
  readonly writers: Set<ResourceNode>;
  complete: CompleteRows | null;
}

/**
 * Who writes to which table of a schema, over all sources that are read one after the other. Where one has to be loaded at once, a load of
 * one resource would undo what the other has loaded.
 */
export class SharedTables {
  readonly #tables = new Map<string, SharedTable>();

  /** A resource says that it writes to a table. @returns those that belong together by that; `null`: nobody does */
  declare(node: ResourceNode, { name, reason }: WrittenTable): TogetherByTable | null {
    const table = this.#of(name);
    const isNew = !table.nodes.has(node) || table.cause === null;
    table.nodes.add(node);
    if (reason !== null) table.cause ??= { reason, of: node };
    return togetherBy(table, isNew ? table.complete : null);
  }

  /** Rows of a resource are about to go to a table. Otherwise the same as `declare`. */
  write(node: ResourceNode, table: WrittenTable): TogetherByTable | null {
    this.#of(table.name).writers.add(node);
    return this.declare(node, table);
  }

  /** What these resources wrote so far is complete. */
  complete(nodes: ReadonlySet<ResourceNode>): void {
    for (const table of this.#tables.values())
      if ([...table.writers].some((writer) => nodes.has(writer))) table.complete ??= "open";
  }

  /** The package that was open is committed. */
  commit(): void {
    for (const table of this.#tables.values()) if (table.complete !== null) table.complete = "committed";
  }

  #of(name: string): SharedTable {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const table: SharedTable = { cause: null, nodes: new Set(), writers: new Set(), complete: null };
    this.#tables.set(name, table);
    return table;
  }
}

function togetherBy({ cause, nodes }: SharedTable, earlier: CompleteRows | null): TogetherByTable | null {
  if (cause === null) return null;
  const { reason, of } = cause;
  const reasonOf = (root: ResourceNode): string =>
    root === rootOf(of) ? reason : `it writes to a table of \`${of.name}\`: ${reason}`;
  return { nodes, earlier, reasonOf };
}
