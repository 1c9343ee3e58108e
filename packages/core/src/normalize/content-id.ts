import type { Schema } from "../contract/schema.js";
import { SchemaError } from "../errors/index.js";
import { digestText } from "../hash/digest.js";
import { encodeJson } from "../json/encode.js";
import type { JsonValue } from "../json/value.js";
import { mergeStrategyOf } from "../schema/merge-strategy.js";
import { columnsWith } from "../schema/predicates.js";

/** Row ids that repeat for the same content: of the primary key, or of the whole row. */
export type ContentIdKind = "key" | "row";

const idBytes = 10;

/** How the ids of a table's root rows are made; `null`: at random. */
export function contentIdKind(schema: Schema, tableName: string): ContentIdKind | null {
  const table = schema.tables.get(tableName);
  if (table === undefined) return null;
  const strategy = mergeStrategyOf(schema, table);
  if (strategy === "upsert" || strategy === "insert-only") return "key";
  if (strategy !== "scd2") return null;
  return table.columns.get(schema.system.id)?.["x-row-version"] ? "row" : null;
}

/** Hash of the primary key columns of a flattened row, values as they were written, keys sorted. */
export function keyId(
  schema: Schema,
  tableName: string,
  values: ReadonlyMap<string, JsonValue>,
  rowNumber: number,
): string {
  const table = schema.tables.get(tableName);
  const key = new Map<string, JsonValue>();
  for (const { name } of table === undefined ? [] : columnsWith(table, "primaryKey", { incomplete: true })) {
    const value = values.get(name);
    if (value === undefined) {
      throw new SchemaError(
        "ROW_KEY_MISSING",
        `Row ${rowNumber} has no \`${name}\`, which is part of the primary key of table \`${tableName}\`.`,
        {
          hint: "Give every row all columns of its primary key: with this merge strategy the row id is made from them.",
          context: { schema: schema.name, table: tableName, column: name, row: rowNumber },
        },
      );
    }
    key.set(name, value);
  }
  return digestText(encodeJson(key, { sorted: true }), idBytes);
}

/** Hash of a whole row as it was given, nested values and nulls included, without keys of the library. */
export function rowId(item: ReadonlyMap<string, JsonValue>): string {
  const row = new Map<string, JsonValue>();
  for (const [key, value] of item) if (!key.startsWith("_dlt")) row.set(key, value);
  return digestText(encodeJson(row, { sorted: true }), idBytes);
}
