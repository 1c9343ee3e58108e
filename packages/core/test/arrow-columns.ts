import * as arrow from "apache-arrow";
import fc from "fast-check";
import type { ColumnType } from "../src/contract/batch.js";
import { CalendarDate } from "../src/values/calendar-date.js";
import { TimeOfDay } from "../src/values/time-of-day.js";
import { Timestamp } from "../src/values/timestamp.js";

/** A value as `readValue` gives it. */
type Cell = null | boolean | number | bigint | string | Uint8Array;

/** A column of an Arrow table and what it holds. */
export interface ArrowSample {
  readonly vector: arrow.Vector;
  readonly type: ColumnType;
  readonly cells: readonly Cell[];
}

const utf8 = new TextEncoder();

interface Kind<Value> {
  readonly type: ColumnType;
  readonly value: fc.Arbitrary<Value>;
  vector(values: readonly (Value | null)[]): arrow.Vector;
  cell(value: Value): Cell;
}

/** A type whose values are elements of an array of numbers. What stands in place of a missing value is anything. */
function numeric<Value extends number | bigint>(
  type: ColumnType,
  options: {
    readonly arrow: arrow.DataType;
    readonly array: { from(values: Iterable<Value>): ArrayBufferView };
    readonly value: fc.Arbitrary<Value>;
    readonly filler: Value;
    cell(value: Value): Cell;
  },
): Kind<Value> {
  return {
    type,
    value: options.value,
    cell: (value) => options.cell(value),
    vector: (values) => {
      const data = options.array.from(values.map((value) => value ?? options.filler));
      const made = arrow.makeData({
        type: options.arrow as arrow.Int,
        data: data as unknown as Int32Array,
        nullBitmap: bitsOf(values),
        length: values.length,
      });
      return new arrow.Vector([made]);
    },
  };
}

function bitsOf(values: readonly unknown[]): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (const [index, value] of values.entries())
    if (value !== null) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  return bits;
}

const integerCell = (value: number | bigint): Cell =>
  Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
const int = (precision: number, min: number, max: number, type: arrow.DataType, array: unknown): Kind<number> =>
  numeric<number>(
    { dataType: "bigint", precision },
    {
      arrow: type,
      array: array as { from(values: Iterable<number>): ArrayBufferView },
      value: fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max)),
      filler: max,
      cell: integerCell,
    },
  );

const secondsMin = -62_135_596_800n;
const secondsMax = 253_402_300_799n;
const timestampText = (micros: bigint, isNaive: boolean): string =>
  Timestamp.fromMicros(micros, isNaive ? null : 0).toString();

function timestamp(precision: number, perSecond: bigint, zone: string | null): Kind<bigint> {
  const [unit] = [{ 0: 0, 3: 1, 6: 2, 9: 3 }[precision] ?? 2];
  // Nanoseconds of all years do not fit into 64 bits.
  const limits = precision === 9 ? { min: -9_223_372_036n, max: 9_223_372_035n } : { min: secondsMin, max: secondsMax };
  const part = precision === 9 ? 1_000n : 1n;
  return numeric<bigint>(
    { dataType: "timestamp", precision, ...(zone === null && { timezone: false }) },
    {
      arrow: new arrow.Timestamp(unit, zone),
      array: BigInt64Array,
      value: fc
        .tuple(fc.bigInt(limits), fc.bigInt({ min: 0n, max: perSecond - 1n }))
        .map(([seconds, parts]) => seconds * perSecond + (parts / part) * part),
      filler: 2n ** 63n - 1n,
      cell: (value) =>
        timestampText(
          perSecond > 1_000_000n ? value / 1000n - (value % 1000n < 0n ? 1n : 0n) : (value * 1_000_000n) / perSecond,
          zone === null,
        ),
    },
  );
}

function time(precision: number, type: arrow.DataType, array: unknown, perSecond: number): Kind<number | bigint> {
  const isBig = array === BigInt64Array;
  const part = precision === 9 ? 1000 : 1;
  return numeric<number | bigint>(
    { dataType: "time", precision },
    {
      arrow: type,
      array: array as { from(values: Iterable<number | bigint>): ArrayBufferView },
      value: fc
        .bigInt({ min: 0n, max: 86_400n * BigInt(perSecond) - 1n })
        .map(Number)
        .map((value) => Math.floor(value / part) * part)
        .map((value) => (isBig ? BigInt(value) : value)),
      filler: isBig ? 7n : 7,
      cell: (value) => new TimeOfDay(Number((BigInt(value) * 1_000_000n) / BigInt(perSecond))).toString(),
    },
  );
}

/** A type that the package builds from values. */
function built<Value>(
  type: ColumnType,
  arrowType: arrow.DataType,
  value: fc.Arbitrary<Value>,
  cell: (value: Value) => Cell,
): Kind<Value> {
  return { type, value, cell, vector: (values) => arrow.vectorFromArray([...values], arrowType) };
}

const text = fc.string({ unit: "binary" }).map((value) => new TextDecoder().decode(utf8.encode(value)));
const bytes = fc.uint8Array({ maxLength: 20 });
const json = (value: unknown): string => JSON.stringify(value);
const float32 = fc.float().filter((value) => !Object.is(value, -0));

function decimal(precision: number, scale: number, bits: number): Kind<bigint> {
  const largest = 10n ** BigInt(precision) - 1n;
  return {
    type: { dataType: "decimal", precision, scale },
    value: fc.bigInt({ min: -largest, max: largest }),
    cell: (value) => {
      const digits = `${value < 0n ? -value : value}`.padStart(scale + 1, "0");
      return `${value < 0n ? "-" : ""}${scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`}`;
    },
    vector: (values) => {
      const words = new BigInt64Array((values.length * bits) / 64);
      for (const [row, value] of values.entries()) {
        for (let word = 0; word < bits / 64; word++)
          words[(row * bits) / 64 + word] = BigInt.asIntN(64, (value ?? 5n) >> BigInt(word * 64));
      }
      const made = arrow.makeData({
        type: new arrow.Decimal(scale, precision, bits),
        data: new Uint32Array(words.buffer),
        nullBitmap: bitsOf(values),
        length: values.length,
      });
      return new arrow.Vector([made]);
    },
  };
}

/** Text or bytes behind views, of which long ones lie in one of two buffers. */
function views(isText: boolean): Kind<Uint8Array> {
  return {
    type: { dataType: isText ? "text" : "binary" },
    value: fc.oneof(
      isText ? text.map((value) => utf8.encode(value)) : bytes,
      isText ? fc.constant(utf8.encode("é".repeat(20))) : bytes,
    ),
    cell: (value) => (isText ? new TextDecoder().decode(value) : value),
    vector: (values) => {
      const buffers: number[][] = [[], []];
      const made = new Uint8Array(values.length * 16);
      const view = new DataView(made.buffer);
      for (const [row, value] of values.entries()) {
        if (value === null) continue;
        view.setInt32(row * 16, value.length, true);
        if (value.length <= 12) {
          made.set(value, row * 16 + 4);
          continue;
        }
        made.set(value.subarray(0, 4), row * 16 + 4);
        const buffer = buffers[row % 2] as number[];
        view.setInt32(row * 16 + 8, row % 2, true);
        view.setInt32(row * 16 + 12, buffer.length, true);
        buffer.push(...value);
      }
      const type = isText ? new arrow.Utf8View() : new arrow.BinaryView();
      const data = arrow.makeData({
        type: type as arrow.BinaryView,
        views: made,
        variadicBuffers: buffers.map((buffer) => Uint8Array.from(buffer)),
        nullBitmap: bitsOf(values),
        length: values.length,
      });
      return new arrow.Vector([data]);
    },
  };
}

const field = (name: string, type: arrow.DataType): arrow.Field => new arrow.Field(name, type, true);

/** All types that the package can hold. */
export const kinds: Readonly<Record<string, Kind<never>>> = {
  int8: int(8, -128, 127, new arrow.Int8(), Int8Array),
  int16: int(16, -32768, 32767, new arrow.Int16(), Int16Array),
  int32: int(32, -(2 ** 31), 2 ** 31 - 1, new arrow.Int32(), Int32Array),
  uint8: int(16, 0, 255, new arrow.Uint8(), Uint8Array),
  uint16: int(32, 0, 65535, new arrow.Uint16(), Uint16Array),
  uint32: { ...int(0, 0, 2 ** 32 - 1, new arrow.Uint32(), Uint32Array), type: { dataType: "bigint" } },
  int64: numeric<bigint>(
    { dataType: "bigint" },
    {
      arrow: new arrow.Int64(),
      array: BigInt64Array,
      value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      filler: 1n,
      cell: integerCell,
    },
  ),
  uint64: numeric<bigint>(
    { dataType: "bigint" },
    {
      arrow: new arrow.Uint64(),
      array: BigUint64Array,
      value: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })),
      filler: 2n ** 64n - 1n,
      cell: integerCell,
    },
  ),
  float16: numeric<number>(
    { dataType: "double" },
    {
      arrow: new arrow.Float16(),
      array: Uint16Array,
      value: fc.constantFrom(0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555, 0x7c00, 0xfc00),
      filler: 0x7e00,
      cell: (value) =>
        new Map([
          [0x3c00, 1],
          [0xc000, -2],
          [0x0001, 2 ** -24],
          [0x7bff, 65504],
          [0x3555, 0.333251953125],
          [0x7c00, Number.POSITIVE_INFINITY],
          [0xfc00, Number.NEGATIVE_INFINITY],
        ]).get(value) ?? null,
    },
  ),
  float32: numeric<number>(
    { dataType: "double" },
    { arrow: new arrow.Float32(), array: Float32Array, value: float32, filler: 1, cell: (value) => value },
  ),
  float64: numeric<number>(
    { dataType: "double" },
    { arrow: new arrow.Float64(), array: Float64Array, value: fc.double(), filler: 1, cell: (value) => value },
  ),
  bool: built({ dataType: "bool" }, new arrow.Bool(), fc.boolean(), (value) => value),
  utf8: built({ dataType: "text" }, new arrow.Utf8(), text, (value) => value),
  largeUtf8: built({ dataType: "text" }, new arrow.LargeUtf8(), text, (value) => value),
  utf8View: views(true),
  binary: built({ dataType: "binary" }, new arrow.Binary(), bytes, (value) => value),
  largeBinary: built({ dataType: "binary" }, new arrow.LargeBinary(), bytes, (value) => value),
  binaryView: views(false),
  fixedSizeBinary: built(
    { dataType: "binary", precision: 3 },
    new arrow.FixedSizeBinary(3),
    fc.uint8Array({ minLength: 3, maxLength: 3 }),
    (value) => value,
  ),
  decimal128: decimal(38, 9, 128),
  decimal128Whole: decimal(5, 0, 128),
  decimal256: decimal(76, 4, 256),
  decimal256Small: decimal(20, 4, 256),
  date32: numeric<number>(
    { dataType: "date" },
    {
      arrow: new arrow.DateDay(),
      array: Int32Array,
      value: fc.integer({ min: -719162, max: 2932896 }),
      filler: 1,
      cell: (value) => new CalendarDate(value).toString(),
    },
  ),
  date64: numeric<bigint>(
    { dataType: "date" },
    {
      arrow: new arrow.DateMillisecond(),
      array: BigInt64Array,
      value: fc.integer({ min: -719162, max: 2932896 }).map((day) => BigInt(day) * 86_400_000n),
      filler: 1n,
      cell: (value) => new CalendarDate(Number(value / 86_400_000n)).toString(),
    },
  ),
  timeSecond: time(0, new arrow.TimeSecond(), Int32Array, 1),
  timeMillisecond: time(3, new arrow.TimeMillisecond(), Int32Array, 1_000),
  timeMicrosecond: time(6, new arrow.TimeMicrosecond(), BigInt64Array, 1_000_000),
  timeNanosecond: time(9, new arrow.TimeNanosecond(), BigInt64Array, 1_000_000_000),
  timestampSecond: timestamp(0, 1n, "UTC"),
  timestampMillisecond: timestamp(3, 1_000n, "Europe/Berlin"),
  timestampMicrosecond: timestamp(6, 1_000_000n, null),
  timestampNanosecond: timestamp(9, 1_000_000_000n, "+02:00"),
  dictionary: built(
    { dataType: "text" },
    new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()),
    fc.constantFrom("a", "b", "ü"),
    (value) => value,
  ),
  dictionaryOfNumbers: built(
    { dataType: "double" },
    new arrow.Dictionary(new arrow.Float64(), new arrow.Uint32()),
    fc.constantFrom(1.5, 2, -3),
    (value) => value,
  ),
  list: built(
    { dataType: "json" },
    new arrow.List(field("item", new arrow.Int32())),
    fc.array(fc.option(fc.integer()), { maxLength: 3 }),
    json,
  ),
  listOfLists: built(
    { dataType: "json" },
    new arrow.List(field("item", new arrow.List(field("item", new arrow.Utf8())))),
    fc.array(fc.option(fc.array(text, { maxLength: 2 })), { maxLength: 3 }),
    json,
  ),
  fixedSizeList: built(
    { dataType: "json" },
    new arrow.FixedSizeList(2, field("item", new arrow.Float64())),
    fc.tuple(fc.integer(), fc.integer()).map(([one, other]) => [one + 0.5, other + 0.25]),
    json,
  ),
  struct: built(
    { dataType: "json" },
    new arrow.Struct([field("a", new arrow.Bool()), field("B b", new arrow.Utf8())]),
    fc.record({ a: fc.option(fc.boolean()), "B b": fc.option(text) }),
    json,
  ),
  map: built(
    { dataType: "json" },
    new arrow.Map_(
      field("entries", new arrow.Struct([field("key", new arrow.Utf8()), field("value", new arrow.Int32())])),
    ) as arrow.DataType,
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.integer(), { maxKeys: 3, noNullPrototype: true }),
    json,
  ),
} as unknown as Readonly<Record<string, Kind<never>>>;

/** A column of a kind with so many rows, some of them missing. */
export function arrowSample(kind: Kind<never>, rowCount: number): fc.Arbitrary<ArrowSample> {
  const values = fc.array(fc.option(kind.value, { freq: 4 }), { minLength: rowCount, maxLength: rowCount });
  return values.map((drawn) => ({
    vector: kind.vector(drawn),
    type: kind.type,
    cells: drawn.map((value) => (value === null ? null : kind.cell(value))),
  }));
}
