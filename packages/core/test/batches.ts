import fc from "fast-check";
import type { Column, ColumnBatch, ColumnType } from "../src/contract/batch.js";
import type { FileTable } from "../src/contract/file-format.js";
import type { DataType } from "../src/contract/schema.js";

const utf8 = new TextEncoder();

/** The table that has the columns of a batch, all nullable. */
export function tableOf({ columns }: ColumnBatch, name = "items"): FileTable {
  return { name, columns: columns.map((column) => ({ ...column.type, name: column.name, nullable: true })) };
}

/** A column of text from its values, `null` for a missing one. */
export function textColumn(
  name: string,
  values: readonly (string | Uint8Array | null)[],
  dataType: DataType = "text",
): Column {
  const bytes = values.map((value) => (typeof value === "string" ? utf8.encode(value) : (value ?? new Uint8Array(0))));
  return { name, type: { dataType }, validity: validityOf(values), ...joined(bytes, 0) };
}

/** A column of 64-bit integers. */
export function int64Column(name: string, values: readonly (bigint | null)[], type: ColumnType): Column {
  const integers = BigInt64Array.from(values, (value) => value ?? 0n);
  return { name, type, validity: validityOf(values), layout: "fixed", values: integers };
}

export function dateColumn(name: string, values: readonly (number | null)[]): Column {
  const days = Int32Array.from(values, (value) => value ?? 0);
  return { name, type: { dataType: "date" }, validity: validityOf(values), layout: "fixed", values: days };
}

export function doubleColumn(name: string, values: readonly (number | null)[]): Column {
  const doubles = Float64Array.from(values, (value) => value ?? 0);
  return { name, type: { dataType: "double" }, validity: validityOf(values), layout: "fixed", values: doubles };
}

export function boolColumn(name: string, values: readonly (boolean | null)[]): Column {
  const bits = bitsOf(values.map((value) => value === true));
  return { name, type: { dataType: "bool" }, validity: validityOf(values), layout: "bits", values: bits };
}

/** A column of exact decimals from their unscaled integers. */
export function decimalColumn(
  name: string,
  unscaled: readonly (bigint | null)[],
  { dataType = "decimal", scale }: { readonly dataType?: "decimal" | "wei"; readonly scale: number },
): Column {
  const words = new BigInt64Array(unscaled.length * 2);
  unscaled.forEach((value, index) => {
    words[index * 2] = BigInt.asIntN(64, value ?? 0n);
    words[index * 2 + 1] = BigInt.asIntN(64, (value ?? 0n) >> 64n);
  });
  const type = { dataType, precision: 38, scale };
  return { name, type, validity: validityOf(unscaled), layout: "decimal128", words, scale };
}

export function dictionaryColumn(values: Column, indices: readonly (number | null)[]): Column {
  return {
    name: values.name,
    type: values.type,
    validity: validityOf(indices),
    layout: "dictionary",
    indices: Int32Array.from(indices, (index) => index ?? 0),
    values,
  };
}

/** Batches of every data type and layout, with missing values, room to spare in the buffers, and dictionaries of dictionaries. */
export function anyBatch({
  types = dataTypes,
}: {
  readonly types?: readonly DataType[];
} = {}): fc.Arbitrary<ColumnBatch> {
  return fc.integer({ min: 0, max: 20 }).chain((rowCount) =>
    fc
      .uniqueArray(fc.string({ minLength: 1, unit: "grapheme" }), { maxLength: 5 })
      .chain((names) => fc.tuple(...names.map((name) => anyColumn(name, { rowCount, types }))))
      .map((columns) => ({ rowCount, columns })),
  );
}

export const dataTypes: readonly DataType[] = [
  "text",
  "double",
  "bool",
  "timestamp",
  "bigint",
  "binary",
  "json",
  "decimal",
  "wei",
  "date",
  "time",
];

interface Wanted {
  readonly rowCount: number;
  readonly types: readonly DataType[];
}

function anyColumn(name: string, { rowCount, types }: Wanted): fc.Arbitrary<Column> {
  return fc
    .tuple(fc.constantFrom(...types), fc.integer({ min: 0, max: 2 }))
    .chain(([dataType, depth]) => ofType(name, dataType).chain((plain) => layered(plain, { depth, rowCount })));
}

/** A column below `depth` dictionaries. */
function layered(
  plain: (rowCount: number) => fc.Arbitrary<Column>,
  { depth, rowCount }: { readonly depth: number; readonly rowCount: number },
): fc.Arbitrary<Column> {
  if (depth === 0) return plain(rowCount);
  return fc
    .integer({ min: 1, max: 5 })
    .chain((size) =>
      fc.tuple(
        layered(plain, { depth: depth - 1, rowCount: size }),
        list(fc.option(fc.integer({ min: 0, max: size - 1 }), { freq: 4 }), rowCount),
      ),
    )
    .map(([values, indices]) => dictionaryColumn(values, indices));
}

type AnyOfLength = (rowCount: number) => fc.Arbitrary<Column>;

function ofType(name: string, dataType: DataType): fc.Arbitrary<AnyOfLength> {
  switch (dataType) {
    case "text":
      return fc.constant((rows) =>
        list(fc.option(fc.string({ unit: "binary" })), rows).chain((v) => spacious(textColumn(name, v))),
      );
    case "json":
      return fc.constant((rows) =>
        list(fc.option(fc.json()), rows).chain((v) => spacious(textColumn(name, v, "json"))),
      );
    case "binary":
      return fc.constant((rows) =>
        list(fc.option(fc.uint8Array({ maxLength: 9 })), rows).chain((v) => spacious(textColumn(name, v, "binary"))),
      );
    case "double":
      return fc.constant((rows) => list(fc.option(anyDouble), rows).map((v) => doubleColumn(name, v)));
    case "bool":
      return fc.constant((rows) => list(fc.option(fc.boolean()), rows).map((v) => boolColumn(name, v)));
    case "date":
      return fc.constant((rows) =>
        list(fc.option(fc.integer({ min: -719162, max: 2932896 })), rows).map((v) => dateColumn(name, v)),
      );
    case "bigint":
      return fc.constant((rows) =>
        fc.oneof(
          list(fc.option(anyInt64), rows).map((v) => int64Column(name, v, { dataType })),
          list(fc.option(fc.bigInt().map(String)), rows).chain((v) => spacious(textColumn(name, v, dataType))),
        ),
      );
    case "time":
      return fc.constant((rows) =>
        list(fc.option(fc.bigInt({ min: 0n, max: 86_399_999_999n })), rows).map((v) =>
          int64Column(name, v, { dataType }),
        ),
      );
    case "timestamp":
      return fc
        .constantFrom<ColumnType>(
          { dataType },
          { dataType, timezone: false },
          { dataType, precision: 3, timezone: true },
        )
        .map((type) => (rows) => list(fc.option(anyMicros), rows).map((v) => int64Column(name, v, type)));
    case "decimal":
    case "wei":
      return fc
        .integer({ min: 0, max: 30 })
        .map(
          (scale) => (rows) =>
            list(fc.option(fc.oneof(anyInt64, fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }))), rows).map(
              (v) => decimalColumn(name, v, { dataType, scale }),
            ),
        );
  }
}

const anyDouble = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.constantFrom(1e16, 1e-5, 123456.789));
const anyInt64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger().map(BigInt));
const anyMicros = fc.oneof(
  fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n }),
  fc.bigInt({ min: -62135596800n, max: 253402300799n }).map((seconds) => seconds * 1_000_000n),
);

function list<T>(value: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(value, { minLength: length, maxLength: length });
}

/** The same column with data before the first and behind the last value. */
function spacious(column: Column): fc.Arbitrary<Column> {
  if (column.layout !== "bytes") return fc.constant(column);
  const { offsets, data } = column;
  return fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })).map(([before, behind]) => {
    const moved = new Uint8Array(before + data.length + behind).fill(0x78);
    moved.set(data, before);
    return { ...column, offsets: offsets.map((offset) => offset + before), data: moved };
  });
}

function joined(values: readonly Uint8Array[], from: number) {
  const offsets = new Int32Array(values.length + 1);
  offsets[0] = from;
  values.forEach((value, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + value.length;
  });
  const data = new Uint8Array(offsets[values.length] ?? 0);
  for (const [index, value] of values.entries()) data.set(value, offsets[index]);
  return { layout: "bytes", offsets, data } as const;
}

function validityOf(values: readonly unknown[]): Uint8Array | null {
  return values.every((value) => value !== null) ? null : bitsOf(values.map((value) => value !== null));
}

function bitsOf(values: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, index) => {
    if (value) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return bits;
}
