import type { Column, ColumnBatch, ColumnSchema, FileColumn, TableSchema } from "@dlt/core";

/** A value in a test: text for documents, decimals and bytes in UTF-8 alike, microseconds and days for times and dates. */
export type Cell = null | boolean | number | bigint | string | Uint8Array;
export type Row = Readonly<Record<string, Cell>>;

/** Rows as the normalizer hands them on: columns that no row has are left out. */
export function batchOf(table: TableSchema, rows: readonly Row[]): ColumnBatch {
  const columns = [...table.columns.values()].filter(({ name }) => rows.some((row) => Object.hasOwn(row, name)));
  return {
    rowCount: rows.length,
    columns: columns.map((column) =>
      columnOf(
        fileColumn(column),
        rows.map((row) => row[column.name] ?? null),
      ),
    ),
  };
}

export function fileColumn({ name, dataType, precision, scale, timezone, nullable }: ColumnSchema): FileColumn {
  if (dataType === undefined || dataType === null) throw new Error(`Column ${name} has no type.`);
  return {
    name,
    dataType,
    nullable: nullable !== false,
    ...(typeof precision === "number" && { precision }),
    ...(typeof scale === "number" && { scale }),
    ...(typeof timezone === "boolean" && { timezone }),
  };
}

function columnOf({ name, nullable, ...type }: FileColumn, cells: readonly Cell[]): Column {
  const validity = cells.includes(null) ? bitsOf(cells.map((cell) => cell !== null)) : null;
  const column = { name, type, validity };
  switch (type.dataType) {
    case "bool":
      return { ...column, layout: "bits", values: bitsOf(cells.map((cell) => cell === true)) };
    case "date":
      return { ...column, layout: "fixed", values: Int32Array.from(cells, (cell) => Number(cell ?? 0)) };
    case "double":
      return { ...column, layout: "fixed", values: Float64Array.from(cells, (cell) => Number(cell ?? 0)) };
    case "bigint":
    case "time":
    case "timestamp": {
      const integers = cells.map((cell) => BigInt((cell ?? 0) as number | bigint));
      return { ...column, layout: "fixed", values: BigInt64Array.from(integers) };
    }
    default: {
      const parts = cells.map((cell) => (cell instanceof Uint8Array ? cell : Buffer.from(String(cell ?? ""))));
      const offsets = new Int32Array(cells.length + 1);
      for (const [index, part] of parts.entries()) offsets[index + 1] = (offsets[index] as number) + part.length;
      return { ...column, layout: "bytes", offsets, data: Uint8Array.from(Buffer.concat(parts)) };
    }
  }
}

function bitsOf(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (const [index, flag] of flags.entries())
    if (flag) bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7));
  return bits;
}
