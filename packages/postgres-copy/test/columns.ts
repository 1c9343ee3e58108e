import type { Column, ColumnBatch, ColumnType, FileColumn, FileTable } from "@dlt/core";
import fc from "fast-check";
import { CopyDecoder, columnTypeOf, copyType, pgcopy } from "../src/index.js";

/** A value of a column in a test: 64-bit numbers and unscaled decimals are bigints, text and documents strings. */
export type Cell = null | boolean | number | bigint | string | Uint8Array;

export function columnOf(name: string, type: ColumnType, cells: readonly Cell[]): Column {
  const validity = cells.includes(null) ? bitsOf(cells.map((cell) => cell !== null)) : null;
  const column = { name, type, validity };
  if (cells.some((cell) => typeof cell === "bigint") && (type.dataType === "decimal" || type.dataType === "wei")) {
    const words = new BigInt64Array(cells.length * 2);
    for (const [index, cell] of cells.entries()) {
      words[index * 2] = BigInt.asIntN(64, (cell ?? -1n) as bigint);
      words[index * 2 + 1] = ((cell ?? -1n) as bigint) >> 64n;
    }
    return { ...column, layout: "decimal128", words, scale: type.scale ?? 0 };
  }
  switch (type.dataType) {
    case "bool":
      return { ...column, layout: "bits", values: bitsOf(cells.map((cell) => cell === true)) };
    case "date":
      return { ...column, layout: "fixed", values: Int32Array.from(cells, (cell) => (cell ?? 7) as number) };
    case "double":
      return { ...column, layout: "fixed", values: Float64Array.from(cells, (cell) => (cell ?? 7) as number) };
    case "bigint":
    case "timestamp":
    case "time":
      if (cells.every((cell) => cell === null || typeof cell === "bigint"))
        return { ...column, layout: "fixed", values: BigInt64Array.from(cells, (cell) => (cell ?? 7n) as bigint) };
      break;
    default:
      break;
  }
  const parts = cells.map((cell) =>
    cell instanceof Uint8Array ? cell : new TextEncoder().encode(cell === null ? "not\0a value" : String(cell)),
  );
  const offsets = new Int32Array(cells.length + 1);
  // Before the first value is something else, as in a slice of a larger column.
  offsets[0] = 2;
  for (const [index, part] of parts.entries()) offsets[index + 1] = (offsets[index] as number) + part.length;
  return { ...column, layout: "bytes", offsets, data: Uint8Array.from(Buffer.concat([Buffer.from("ab"), ...parts])) };
}

/** The same column, with its values in a dictionary that also has one that no row uses. */
export function inDictionary(name: string, type: ColumnType, cells: readonly Cell[]): Column {
  const given = cells.find((cell) => cell !== null) ?? null;
  const values = [given, null, ...cells];
  const indices = Int32Array.from(cells, (cell, row) => (cell === null ? 1 : row + 2));
  return { name, type, validity: null, layout: "dictionary", indices, values: columnOf(name, type, values) };
}

export interface Sample {
  readonly table: FileTable;
  readonly batch: ColumnBatch;
  readonly cells: readonly (readonly Cell[])[];
}

const columnType: fc.Arbitrary<ColumnType> = fc.oneof(
  fc.constantFrom<ColumnType>(
    { dataType: "text" },
    { dataType: "json" },
    { dataType: "binary" },
    { dataType: "double" },
    { dataType: "bool" },
    { dataType: "date" },
    { dataType: "time" },
    { dataType: "timestamp" },
    { dataType: "timestamp", timezone: false, precision: 3 },
    { dataType: "bigint" },
    { dataType: "bigint", precision: 32 },
    { dataType: "bigint", precision: 8 },
  ),
  fc
    .tuple(fc.constantFrom("decimal", "wei"), fc.integer({ min: 1, max: 38 }), fc.nat({ max: 38 }))
    .map(([dataType, precision, scale]): ColumnType => ({ dataType, precision, scale: Math.min(precision, scale) })),
);

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

/** A value of a type in the range of the server. */
function cellOf({ dataType, precision = 64 }: ColumnType): fc.Arbitrary<Cell> {
  switch (dataType) {
    case "text":
      return fc.oneof(
        fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")),
        fc.constantFrom("", "\u{10ffff}".repeat(60)),
      );
    case "json":
      return fc.json().filter((text) => !text.includes("\\u0000"));
    case "binary":
      return fc.uint8Array({ maxLength: 100 });
    case "double":
      return fc.double();
    case "bool":
      return fc.boolean();
    case "date":
      return fc.oneof(fc.integer({ min: -2_440_588, max: 2_145_042_905 }), fc.constantFrom(0x7fffffff, -0x80000000));
    case "time":
      return fc.bigInt({ min: 0n, max: 86_400_000_000n });
    case "timestamp":
      return fc.oneof(
        fc.bigInt({ min: -210_866_803_200_000_000n, max: 9_224_318_015_000_000_000n > int64Max ? int64Max - 1n : 0n }),
        fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
        fc.constantFrom(int64Min, int64Max),
      );
    case "bigint": {
      const size = 1n << BigInt((precision > 32 ? 64 : precision > 16 ? 32 : 16) - 1);
      return fc.bigInt({ min: -size, max: size - 1n });
    }
    case "decimal":
    case "wei": {
      const largest = 10n ** BigInt(precision) - 1n;
      return fc.oneof(fc.bigInt({ min: -largest, max: largest }), fc.bigInt({ min: -1n, max: 1n }));
    }
  }
}

/** A batch for a table with any columns: some of layout `dictionary`, some missing in the batch, in another order. */
export function sample(maxRows: number): fc.Arbitrary<Sample> {
  return fc
    .tuple(fc.array(columnType, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: maxRows }))
    .chain(([types, rowCount]) =>
      fc
        .tuple(
          ...types.map((type) =>
            fc.record({
              cells: fc.array(fc.option(cellOf(type), { freq: 4 }), { minLength: rowCount, maxLength: rowCount }),
              isDictionary: fc.boolean(),
            }),
          ),
        )
        .map((drawn): Sample => {
          const columns = types.map((type, index): FileColumn => ({ ...type, name: `c${index} ü`, nullable: true }));
          const given = drawn.flatMap(({ cells, isDictionary }, index) => {
            const { name } = columns[index] as FileColumn;
            if (cells.every((cell) => cell === null) && rowCount > 0) return [];
            return [(isDictionary ? inDictionary : columnOf)(name, types[index] as ColumnType, cells)];
          });
          return {
            table: { name: "t", columns },
            batch: { rowCount, columns: given.toReversed() },
            cells: drawn.map(({ cells }) => cells),
          };
        }),
    );
}

/** The bytes of a file of these batches. */
export async function fileOf(table: FileTable, batches: readonly ColumnBatch[]): Promise<Uint8Array> {
  const format = pgcopy();
  const parts: Uint8Array[] = [];
  const writer = format.open(table, {
    write: async (bytes) => {
      parts.push(bytes.slice());
    },
    close: async () => undefined,
  });
  for (const batch of batches) await writer.write(format.encode(batch, table));
  const { bytes, rowCount } = await writer.close();
  const file = Uint8Array.from(Buffer.concat(parts));
  if (bytes !== file.length || rowCount !== batches.reduce((sum, batch) => sum + batch.rowCount, 0))
    throw new Error("The writer counts wrongly.");
  return file;
}

/** The batches of a file that arrives in pieces of some length. */
export function decoded(file: Uint8Array, { columns }: FileTable, pieceBytes = file.length): readonly ColumnBatch[] {
  const decoder = new CopyDecoder(
    columns.map(({ name, nullable, ...columnType }) => {
      const type = copyType(columnType);
      return { name, type, columnType: { ...columnTypeOf({ name, type }), ...columnType } };
    }),
  );
  const batches: ColumnBatch[] = [];
  for (let at = 0; at < file.length; at += pieceBytes) {
    const batch = decoder.push(file.subarray(at, at + pieceBytes));
    if (batch !== null) batches.push(batch);
  }
  decoder.finish();
  return batches;
}

/** The values of a column, as they were given. */
export function cellsOf(column: Column, rowCount: number): readonly Cell[] {
  const { validity } = column;
  return Array.from({ length: rowCount }, (_, row) =>
    validity !== null && !isSet(validity, row) ? null : cellAt(column, row),
  );
}

function cellAt(column: Column, row: number): Cell {
  switch (column.layout) {
    case "bits":
      return isSet(column.values, row);
    case "fixed":
      return column.values[row] ?? null;
    case "decimal128":
      return ((column.words[row * 2 + 1] ?? 0n) << 64n) | BigInt.asUintN(64, column.words[row * 2] ?? 0n);
    case "bytes": {
      const bytes = column.data.slice(column.offsets[row], column.offsets[row + 1]);
      return column.type.dataType === "binary" ? bytes : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    }
    case "dictionary":
      throw new Error("Decoded columns are plain.");
  }
}

function isSet(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

function bitsOf(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (const [index, flag] of flags.entries())
    if (flag) bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7));
  return bits;
}
