import type { Schema } from "@dlt/core";
import { type ResourceNode, rootOf } from "./resource-graph.js";
import { knownTables, type WrittenTable } from "./uncut-resource.js";

/** Resources that are not cut because of each other. */
export interface Together {
  readonly nodes: ReadonlySet<ResourceNode>;
  /** Why it is so for one that nothing feeds, as part of a sentence. */
  reasonOf(root: ResourceNode): string;
}

interface SharedTable {
  /** Why its rows have to be loaded at once, and by whose hints; `null`: they need not be. */
  cause: { readonly reason: string; readonly of: ResourceNode } | null;
  /** Those that declare it, or whose rows go there. */
  readonly nodes: Set<ResourceNode>;
  readonly writers: Set<ResourceNode>;
  /** Rows of it were complete, so that they may have been loaded. */
  hasCompleteRows: boolean;
}

/** Who writes to which table. Where one has to be loaded at once, a load of one resource would undo what the other has loaded. */
export class SharedTables {
  readonly #tables = new Map<string, SharedTable>();

  /** A resource says that it writes to a table. @returns those that belong together by that; `null`: nobody does */
  declare(node: ResourceNode, { name, reason }: WrittenTable): Together | null {
    const table = this.#of(name);
    table.nodes.add(node);
    if (reason !== null) table.cause ??= { reason, of: node };
    return togetherBy(table);
  }

  /** Rows of a resource are about to go to a table. The same as `declare`; throws what `tooLate` gives when earlier rows may be loaded. */
  write(node: ResourceNode, written: WrittenTable, tooLate: (reason: string) => Error): Together | null {
    const table = this.#of(written.name);
    const isNew = !table.writers.has(node) || table.cause === null;
    const together = this.declare(node, written);
    if (together !== null && isNew && table.hasCompleteRows) throw tooLate(together.reasonOf(rootOf(node)));
    table.writers.add(node);
    return together;
  }

  /** What these resources wrote so far is complete. */
  complete(nodes: ReadonlySet<ResourceNode>): void {
    for (const table of this.#tables.values())
      table.hasCompleteRows ||= [...table.writers].some((writer) => nodes.has(writer));
  }

  #of(name: string): SharedTable {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const table: SharedTable = { cause: null, nodes: new Set(), writers: new Set(), hasCompleteRows: false };
    this.#tables.set(name, table);
    return table;
  }
}

/** True when sources write to a table that has to be loaded at once: then their epochs would undo each other. */
export function shareTables(sources: readonly (readonly ResourceNode[])[], schema: Schema): boolean {
  const tables = new SharedTables();
  const sourceOf = new Map(sources.flatMap((nodes) => nodes.map((node) => [node, nodes] as const)));
  return [...sourceOf.keys()]
    .filter(({ isLoaded }) => isLoaded)
    .flatMap((node) => knownTables(node, schema).tables.map((table) => tables.declare(node, table)))
    .some((together) => new Set([...(together?.nodes ?? [])].map((node) => sourceOf.get(node))).size > 1);
}

function togetherBy({ cause, nodes }: SharedTable): Together | null {
  if (cause === null) return null;
  const { reason, of } = cause;
  const reasonOf = (root: ResourceNode): string =>
    root === rootOf(of) ? reason : `it writes to a table of \`${of.name}\`: ${reason}`;
  return { nodes, reasonOf };
}
