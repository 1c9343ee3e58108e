import type { JsonValue } from "@dlt/core";
import type { VectorObject } from "../read-vectors.js";

/**
 * Expected rows with the ids of their root rows as this library has them. Rows below a nested table with keys of its own carry
 * the id of their row there from the start; those below the very first such row still have the outer one in the reference.
 */
export function withOwnRootIds(rowsOf: VectorObject, schema: VectorObject): VectorObject {
  const tables = schema.get("tables") as ReadonlyMap<string, VectorObject>;
  const above = new Map<JsonValue, JsonValue>();
  for (const [, rows] of rowsOf as ReadonlyMap<string, readonly VectorObject[]>) {
    for (const row of rows) above.set(row.get("_dlt_id") ?? null, row.get("_dlt_parent_id") ?? null);
  }
  const rootOf = (id: JsonValue): JsonValue => {
    const parent = above.get(id) ?? null;
    return parent === null ? id : rootOf(parent);
  };
  return new Map(
    [...(rowsOf as ReadonlyMap<string, readonly VectorObject[]>)].map(([table, rows]) => {
      if (!tables.get(table)?.has("parent")) return [table, rows];
      return [
        table,
        rows.map((row) =>
          row.has("_dlt_root_id") ? new Map([...row, ["_dlt_root_id", rootOf(row.get("_dlt_id") ?? null)]]) : row,
        ),
      ];
    }),
  );
}
