import type { Hints, ReferenceHint, TableHints } from "../contract/hints.js";
import { SourceError } from "../errors/index.js";
import { isStandardSchema } from "./brand.js";
import { mergeColumns } from "./merge-columns.js";
import { rowContract } from "./row-schema/index.js";

/** Hints that a function may give; the others are about reading. */
const tableHints = [
  "tableName",
  "parentTableName",
  "writeDisposition",
  "primaryKey",
  "mergeKey",
  "columns",
  "nestedHints",
  "references",
  "schemaContract",
  "tableFormat",
  "fileFormat",
  "maxTableNesting",
  "additionalTableHints",
] as const satisfies readonly (keyof TableHints)[];

/** An empty value of these takes the hint away. */
const removable = new Set<keyof Hints>([
  "tableName",
  "parentTableName",
  "schemaContract",
  "tableFormat",
  "fileFormat",
  "nestedHints",
  "references",
]);

/**
 * What holds once `given` is applied on top of `current`: given hints replace, columns are merged one by one, references by
 * table, stored properties by key. An empty value resets; an empty write disposition is ignored; an empty key is kept,
 * because it clears the keys of the table. Without hints before, the write disposition is `append` unless the table is nested.
 */
export function mergeHints(current: Hints | null, given: Hints): Hints {
  const base: Hints = current ?? (given.parentTableName === undefined ? { writeDisposition: "append" } : {});
  const merged: Record<string, unknown> = { ...base };
  for (const key of [...tableHints, "skipNestedTypes", "selected", "parallelized"] as const) {
    const value = given[key];
    if (value === undefined || value === null) continue;
    if (!isEmpty(value)) merged[key] = value;
    else if (removable.has(key)) delete merged[key];
    else if (key !== "writeDisposition" && key !== "additionalTableHints") merged[key] = value;
  }
  if (given.columns !== undefined && !isEmpty(given.columns))
    merged["columns"] = mergeColumns(base.columns, given.columns);
  if (isStatic(base.additionalTableHints) && isStatic(given.additionalTableHints)) {
    merged["additionalTableHints"] = { ...base.additionalTableHints, ...given.additionalTableHints };
  }
  if (isStatic(base.references) && isStatic(given.references) && given.references.length > 0) {
    merged["references"] = mergedReferences(base.references, given.references);
  }
  return checkedHints(merged);
}

/**
 * Hints that depend on the row need a table name that does, too: otherwise one table would have several definitions.
 * @throws SourceError `RESOURCE_HINTS_INCONSISTENT`, and as `rowContract`
 */
export function checkedHints(hints: Hints): Hints {
  rowContract(hints);
  const dynamic = rowDependentHints(hints).filter((key) => key !== "tableName");
  if (dynamic.length > 0 && typeof hints.tableName !== "function") {
    throw new SourceError(
      "RESOURCE_HINTS_INCONSISTENT",
      `\`${dynamic.join("`, `")}\` ${dynamic.length === 1 ? "is a function" : "are functions"} of the row, but \`tableName\` is not.`,
      {
        hint: "Give `tableName` as a function of the row too, so that rows with different hints go to different tables.",
      },
    );
  }
  return hints;
}

/** Hints of a variant: those of the resource that are no functions, or of the variant so far, and the given ones on top. */
export function variantHints(current: Hints | null, given: Hints): Hints {
  const dynamic: readonly string[] = current === null ? [] : rowDependentHints(current);
  const fixed = Object.fromEntries(Object.entries(current ?? {}).filter(([hint]) => !dynamic.includes(hint)));
  return mergeHints(current === null ? null : fixed, given);
}

/** @throws SourceError `RESOURCE_HINTS_INCONSISTENT` for hints that cannot be those of one table */
export function checkedVariant(given: Hints & { readonly incremental?: unknown }): { readonly tableName: string } {
  const { tableName, incremental } = given;
  const dynamic = rowDependentHints(given);
  const wrong =
    typeof tableName !== "string" || tableName === ""
      ? "have no `tableName` that is text"
      : dynamic.length > 0
        ? `have functions: \`${dynamic.join("`, `")}\``
        : incremental !== undefined
          ? "have a cursor"
          : null;
  if (wrong === null) return { tableName: tableName as string };
  throw new SourceError("RESOURCE_HINTS_INCONSISTENT", `Hints with \`createTableVariant\` ${wrong}.`, {
    hint: "Give hints of one table, with its name as `tableName`; a cursor belongs to the resource.",
  });
}

/** The hints of a table that are functions of the row. */
export function rowDependentHints(hints: Hints): readonly (keyof TableHints)[] {
  return tableHints.filter((key) => typeof hints[key] === "function" && !isStandardSchema(hints[key]));
}

/** The hints for a row, every function called. Of a Standard Schema see `describedHints`. */
export function hintsForRow(hints: Hints, row: unknown): TableHints {
  const result: Record<string, unknown> = {};
  for (const key of tableHints) {
    const value = hints[key];
    if (value === undefined || isStandardSchema(value)) continue;
    const settled = typeof value === "function" ? (value as (row: unknown) => unknown)(row) : value;
    if (settled !== undefined && settled !== null) result[key] = settled;
  }
  return result;
}

function mergedReferences(
  current: readonly ReferenceHint[],
  given: readonly ReferenceHint[],
): readonly ReferenceHint[] {
  const merged = new Map(current.map((reference) => [reference.referencedTable, reference]));
  for (const reference of given) merged.set(reference.referencedTable, reference);
  return [...merged.values()];
}

function isStatic<Value>(hint: Value): hint is Exclude<NonNullable<Value>, (row: never) => unknown> {
  return hint !== undefined && hint !== null && typeof hint !== "function";
}

function isEmpty(value: unknown): boolean {
  if (value === "" || (Array.isArray(value) && value.length === 0)) return true;
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.keys(value).length === 0
  );
}
