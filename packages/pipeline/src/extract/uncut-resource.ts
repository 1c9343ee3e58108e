import type { Hints, Mark, Schema } from "@dlt/core";
import {
  describedHints,
  hintsForRow,
  hintsToTables,
  inherited,
  mergeStrategyOf,
  resourceDefinition,
  resumption,
  rowDependentHints,
  tableChain,
  updateTable,
} from "@dlt/core/engine";
import type { ResourceNode } from "./resource-graph.js";

/** A table, and why its rows have to be loaded at once, as part of a sentence; `null` when several packages have the effect of one. */
export interface WrittenTable {
  /** Normalized name of the root table. */
  readonly name: string;
  readonly reason: string | null;
}

/** What is known of the tables of a resource before its rows are there. */
export interface KnownTables {
  readonly tables: readonly WrittenTable[];
  /** Why its rows have to be loaded at once, whatever their tables; `null`: they need not be. */
  readonly reason: string | null;
}

/** Why a resource cannot go on in the middle of its rows, as part of a sentence; `null` when its cursors let it. */
export function reasonOfCursor({ resource }: ResourceNode): string | null {
  for (const step of resourceDefinition(resource).steps) {
    const resumes = step.kind === "incremental" ? resumption(step.cursor) : null;
    if (resumes !== null && typeof resumes === "object") return resumes.reason;
  }
  return null;
}

/** The tables that a resource declares, with those of its variants. Of a name that depends on the row nothing is known. */
export function knownTables({ resource, name }: ResourceNode, schema: Schema): KnownTables {
  const { hints, variants } = resourceDefinition(resource);
  const tables: WrittenTable[] = [];
  let reason = hints === null ? null : reasonOfFunctions(hints);
  for (const each of [hints ?? {}, ...variants.values()]) {
    const table = declaredTable(each, name, schema);
    if (typeof each.tableName === "function") reason ??= table.reason;
    else tables.push(table);
  }
  return { tables, reason };
}

/** Why rows have to be loaded at once that bring hints which depend on the row; `null` when they need not be. */
export function reasonOfMark({ hints }: Mark): string | null {
  return hints === undefined ? null : reasonOfFunctions(hints);
}

/** Why the rows of a root table have to be loaded at once. `nested`: those below it, when its hints tell of more than the schema has. */
export function reasonOfTable(schema: Schema, root: string, nested: readonly string[]): string | null {
  const names = new Set([root, ...tableChain(schema, root).map(({ name }) => name), ...nested]);
  for (const name of names) {
    const table = schema.tables.get(name);
    if (table === undefined) continue;
    const disposition = inherited(schema, table, "writeDisposition");
    if (disposition === "replace") return "its write disposition is `replace`";
    if (disposition !== "merge") continue;
    if (mergeStrategyOf(schema, table) === "scd2" || inherited(schema, table, "x-merge-strategy") === "scd2")
      return "its merge strategy is `scd2`, which ends all rows that are missing";
    for (const { mergeKey, dedupSort } of table.columns.values()) {
      if (mergeKey === true) return "it is merged by a merge key, whose rows of before are deleted";
      if (dedupSort !== undefined) return "a column with `dedupSort` chooses among all rows of a key";
    }
  }
  return null;
}

function declaredTable(hints: Hints, resource: string, schema: Schema): WrittenTable {
  const functions = new Set<string>(rowDependentHints(hints));
  const fixed = Object.fromEntries(Object.entries(describedHints(hints)).filter(([hint]) => !functions.has(hint)));
  const [root, ...nested] = hintsToTables(hintsForRow(fixed, undefined), { resource, naming: schema.naming });
  let declared = schema;
  for (const table of [root, ...nested]) {
    // What is nested in an unknown table is refused once rows are there.
    if (table.parent && !declared.tables.has(table.parent)) continue;
    declared = updateTable(declared, table, { normalizeIdentifiers: false, mergeCompound: false });
  }
  const names = nested.map(({ name }) => name);
  return { name: root.name, reason: reasonOfTable(declared, root.name, names) };
}

function reasonOfFunctions(hints: Hints): string | null {
  for (const hint of rowDependentHints(hints)) {
    const what = concerningAll[hint];
    if (what !== undefined) return `its ${what} the row`;
  }
  return null;
}

/** Hints that may concern all rows of a table. */
const concerningAll: Partial<Record<keyof Hints, string>> = {
  writeDisposition: "write disposition depends on",
  mergeKey: "merge key depends on",
  columns: "columns depend on",
  nestedHints: "nested hints depend on",
  additionalTableHints: "additional hints depend on",
};
