import type { JsonValue } from "@dlt/core";
import type { VectorObject } from "../read-vectors.js";

type Row = ReadonlyMap<string, JsonValue>;
type RowsByTable = ReadonlyMap<string, readonly Row[]>;

/**
 * Rows that a case with a quirk expects, as this library has them. They concern nested tables with keys of their own:
 *
 * - Rows below them carry the id of their row there from the start; those below the very first such row still have that of the
 *   outer root row in the reference.
 * - All their rows have a load id; those of scalars have none in the reference.
 */
export function withOwnOutcomes(expected: VectorObject, schema: VectorObject): VectorObject {
  const rowsOf = expected as RowsByTable;
  const tables = schema.get("tables") as ReadonlyMap<string, VectorObject>;
  const rootIds = rootIdsOf(rowsOf);
  const loadId =
    [...rowsOf.values()]
      .flat()
      .find((row) => row.has("_dlt_load_id"))
      ?.get("_dlt_load_id") ?? null;
  return new Map(
    [...rowsOf].map(([table, rows]) => {
      const added = (row: Row): readonly (readonly [string, JsonValue])[] => {
        if (!tables.get(table)?.has("parent")) return [["_dlt_load_id", loadId]];
        return row.has("_dlt_root_id") ? [["_dlt_root_id", rootIds.get(row.get("_dlt_id") ?? null) ?? null]] : [];
      };
      return [table, rows.map((row) => new Map([...row, ...added(row)]))];
    }),
  );
}

/** By the id of a row, that of the row without a parent above it. */
function rootIdsOf(rowsOf: RowsByTable): ReadonlyMap<JsonValue, JsonValue> {
  const parents = new Map<JsonValue, JsonValue>();
  for (const row of [...rowsOf.values()].flat()) {
    parents.set(row.get("_dlt_id") ?? null, row.get("_dlt_parent_id") ?? null);
  }
  const rootOf = (id: JsonValue): JsonValue => {
    const parent = parents.get(id) ?? null;
    return parent === null ? id : rootOf(parent);
  };
  return new Map([...parents.keys()].map((id) => [id, rootOf(id)]));
}
