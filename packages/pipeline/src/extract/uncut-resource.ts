import type { ColumnHints, Hints, Mark, Schema, TableSchema } from "@dlt/core";
import { resourceDefinition, resumption } from "@dlt/core/engine";
import type { ResourceNode } from "./resource-graph.js";

/** Why a resource cannot go on in the middle of its rows, as part of a sentence; `null` when its cursors let it. */
export function reasonOfCursor({ resource }: ResourceNode): string | null {
  for (const step of resourceDefinition(resource).steps) {
    const resumes = step.kind === "incremental" ? resumption(step.cursor) : null;
    if (resumes !== null && typeof resumes === "object") return resumes.reason;
  }
  return null;
}

/**
 * Why the rows of a resource have to be loaded at once, as part of a sentence; `null` when several packages have the effect of one.
 * `table` is the name of its table, `null` where that depends on the row.
 */
export function reasonOfTable({ resource, name }: ResourceNode, table: string | null, schema: Schema): string | null {
  const hints = resourceDefinition(resource).hints ?? {};
  return reasonOfHints(hints) ?? reasonOfStored(hints, schema, (each) => each.resource === name || each.name === table);
}

/** The same for hints that rows bring. */
export function reasonOfMark({ hints }: Mark): string | null {
  return hints === undefined ? null : reasonOfHints(hints);
}

function reasonOfHints({ writeDisposition, mergeKey, columns }: Hints): string | null {
  if (typeof writeDisposition === "function") return "its write disposition depends on the row";
  if (typeof mergeKey === "function") return "its merge key depends on the row";
  if (typeof columns === "function") return "its columns depend on the row";
  const disposition = typeof writeDisposition === "object" ? writeDisposition.disposition : writeDisposition;
  if (disposition === "replace") return reasons.replace;
  if (typeof writeDisposition === "object" && writeDisposition.strategy === "scd2") return reasons.scd2;
  if (disposition === "merge" && mergeKey !== undefined && mergeKey.length > 0) return reasons.mergeKey;
  return disposition === "merge" && columnHints(columns).some(({ dedupSort }) => dedupSort !== undefined)
    ? reasons.dedupSort
    : null;
}

/** What stands in the schema already, where the resource does not say otherwise. */
function reasonOfStored(
  { writeDisposition }: Hints,
  schema: Schema,
  isOfResource: (table: TableSchema) => boolean,
): string | null {
  for (const table of schema.tables.values()) {
    if (!isOfResource(table)) continue;
    const disposition = writeDisposition === undefined ? table.writeDisposition : null;
    if (disposition === "replace") return reasons.replace;
    const merges = disposition === "merge" || nameOf(writeDisposition) === "merge";
    if (!merges) continue;
    if (table["x-merge-strategy"] === "scd2" && writeDisposition === undefined) return reasons.scd2;
    for (const column of table.columns.values()) {
      if (column.mergeKey === true) return reasons.mergeKey;
      if (column.dedupSort !== undefined) return reasons.dedupSort;
    }
  }
  return null;
}

const reasons = {
  replace: "its write disposition is `replace`",
  scd2: "its merge strategy is `scd2`, which ends all rows that are missing",
  mergeKey: "it is merged by a merge key, whose rows of before are deleted",
  dedupSort: "a column with `dedupSort` chooses among all rows of a key",
} as const;

function nameOf(disposition: Hints["writeDisposition"]): unknown {
  return typeof disposition === "object" ? disposition.disposition : disposition;
}

function columnHints(columns: Hints["columns"]): readonly ColumnHints[] {
  if (columns === undefined || typeof columns === "function" || "~standard" in columns) return [];
  return Array.isArray(columns) ? (columns as readonly ColumnHints[]) : Object.values(columns);
}
