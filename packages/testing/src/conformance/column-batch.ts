import type { Column, ColumnBatch, ColumnSchema, FileColumn, TableSchema } from "@dlt/core";
import { storedValue } from "./stored-value.js";

/** A value of a row: points in time in ISO 8601, decimals and documents as text. */
export type Cell = null | boolean | number | bigint | string | Uint8Array;
export type Row = Readonly<Record<string, Cell>>;

/** Rows as the normalizer hands them on; a column that no row has is left out. */
export function columnBatch(table: TableSchema, rows: readonly Row[]): ColumnBatch {
  return {
    rowCount: rows.length,
    columns: columnsOf(table, rows).map((column) =>
      columnOf(
        fileColumn(column),
        rows.map((row) => row[column.name] ?? null),
      ),
    ),
  };
}

/** The columns of a table that some of the rows have; all when there are no rows. */
export function columnsOf({ columns }: TableSchema, rows: readonly Row[]): readonly ColumnSchema[] {
  return [...columns.values()].filter(({ name }) => rows.length === 0 || rows.some((row) => Object.hasOwn(row, name)));
}

export function fileColumn({ name, dataType, precision, scale, timezone, nullable }: ColumnSchema): FileColumn {
  if (dataType === undefined || dataType === null) throw new TypeError(`Column ${name} has no type.`);
  return {
    name,
    dataType,
    nullable: nullable !== false,
    ...(typeof precision === "number" && { precision }),
    ...(typeof scale === "number" && { scale }),
    ...(typeof timezone === "boolean" && { timezone }),
  };
}

function columnOf({ name, nullable: _, ...type }: FileColumn, cells: readonly Cell[]): Column {
  const validity = cells.includes(null) ? bitsOf(cells.map((cell) => cell !== null)) : null;
  const column = { name, type, validity };
  const spelled = cells.map((cell) => storedValue(type, cell));
  switch (type.dataType) {
    case "bool":
      return { ...column, layout: "bits", values: bitsOf(spelled.map((value) => value === "true")) };
    case "date":
      return { ...column, layout: "fixed", values: Int32Array.from(spelled, (value) => Number(value ?? 0)) };
    case "double":
      return { ...column, layout: "fixed", values: Float64Array.from(cells, (value) => Number(value ?? 0)) };
    case "bigint":
    case "time":
    case "timestamp":
      return { ...column, layout: "fixed", values: BigInt64Array.from(spelled, (value) => BigInt(value ?? 0)) };
    case "decimal":
    case "wei": {
      const scale = type.scale ?? (type.dataType === "wei" ? 0 : 9);
      return { ...column, layout: "decimal128", scale, words: decimalWords(spelled, scale) };
    }
    default:
      return { ...column, layout: "bytes", ...bytesOf(cells) };
  }
}

function bytesOf(cells: readonly Cell[]): { readonly offsets: Int32Array; readonly data: Uint8Array } {
  const parts = cells.map((cell) => (cell instanceof Uint8Array ? cell : Buffer.from(String(cell ?? ""))));
  const offsets = new Int32Array(cells.length + 1);
  for (const [index, part] of parts.entries()) offsets[index + 1] = (offsets[index] ?? 0) + part.length;
  return { offsets, data: Uint8Array.from(Buffer.concat(parts)) };
}

/** Two words for each value, low then high. */
function decimalWords(values: readonly (string | null)[], scale: number): BigInt64Array {
  return BigInt64Array.from(
    values.flatMap((value) => {
      const [integer = "", fraction = ""] = (value ?? "0").split(".");
      const unscaled = BigInt(integer + fraction.padEnd(scale, "0"));
      return [BigInt.asIntN(64, unscaled), BigInt.asIntN(64, unscaled >> 64n)];
    }),
  );
}

function bitsOf(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (const [index, flag] of flags.entries())
    if (flag) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  return bits;
}
