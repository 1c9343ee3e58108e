import type { Column, ColumnSchema } from "@dlt/core";
import { table } from "./support.js";

/** A column of each type, with the type that DuckDB has for it. */
export const columns: readonly (readonly [ColumnSchema, type: string])[] = [
  [{ name: "text", dataType: "text" }, "VARCHAR"],
  [{ name: "text_64", dataType: "text", precision: 64 }, "VARCHAR"],
  [{ name: "double", dataType: "double" }, "DOUBLE"],
  [{ name: "bool", dataType: "bool" }, "BOOLEAN"],
  [{ name: "date", dataType: "date" }, "DATE"],
  [{ name: "time", dataType: "time" }, "TIME"],
  [{ name: "time_3", dataType: "time", precision: 3 }, "TIME"],
  [{ name: "binary", dataType: "binary" }, "BLOB"],
  [{ name: "binary_8", dataType: "binary", precision: 8 }, "BLOB"],
  [{ name: "json", dataType: "json" }, "JSON"],
  [{ name: "timestamp", dataType: "timestamp" }, "TIMESTAMP WITH TIME ZONE"],
  [{ name: "timestamp_3", dataType: "timestamp", precision: 3 }, "TIMESTAMP WITH TIME ZONE"],
  [{ name: "naive", dataType: "timestamp", timezone: false }, "TIMESTAMP"],
  [{ name: "naive_0", dataType: "timestamp", timezone: false, precision: 0 }, "TIMESTAMP_S"],
  [{ name: "naive_3", dataType: "timestamp", timezone: false, precision: 3 }, "TIMESTAMP_MS"],
  [{ name: "naive_6", dataType: "timestamp", timezone: false, precision: 6 }, "TIMESTAMP"],
  [{ name: "naive_9", dataType: "timestamp", timezone: false, precision: 9 }, "TIMESTAMP_NS"],
  [{ name: "bigint", dataType: "bigint" }, "BIGINT"],
  [{ name: "bigint_8", dataType: "bigint", precision: 8 }, "TINYINT"],
  [{ name: "bigint_16", dataType: "bigint", precision: 16 }, "SMALLINT"],
  [{ name: "bigint_32", dataType: "bigint", precision: 32 }, "INTEGER"],
  [{ name: "bigint_33", dataType: "bigint", precision: 33 }, "BIGINT"],
  [{ name: "bigint_128", dataType: "bigint", precision: 128 }, "HUGEINT"],
  [{ name: "decimal", dataType: "decimal" }, "DECIMAL(38,9)"],
  [{ name: "decimal_10_2", dataType: "decimal", precision: 10, scale: 2 }, "DECIMAL(10,2)"],
  [{ name: "wei", dataType: "wei" }, "DECIMAL(38,0)"],
];
export const all = table(
  "all_types",
  columns.map(([column]) => column),
);

/** The same row in each format, as the writers of the library put it. */
export const row = {
  text: 'it\'s "q"\n, é😀',
  text_64: "",
  double: 2.5,
  bool: true,
  date: "2024-01-02",
  time: "03:04:05.000600",
  time_3: "03:04:05",
  binary: "AP8=",
  binary_8: "YWI=",
  json: { p: "2.5", l: [1, null] },
  timestamp: "2024-01-02T01:04:05.123456+00:00",
  timestamp_3: "2024-01-02T01:04:05+00:00",
  naive: "2024-01-02T01:04:05.123456",
  naive_0: "2024-01-02T01:04:05",
  naive_3: "2024-01-02T01:04:05.123000",
  naive_6: "2024-01-02T01:04:05.123456",
  naive_9: "2024-01-02T01:04:05.123456",
  bigint: 9007199254740993n,
  bigint_8: -128,
  bigint_16: 32767,
  bigint_32: -2147483648,
  bigint_33: 1,
  bigint_128: 170141183460469231731687303715884105727n,
  decimal: "1.10",
  decimal_10_2: "1E+3",
  wei: "99999999999999999999999999999999999999",
};
/** What the database shows for it. */
export const shown = {
  ...row,
  binary: "\\x00\\xFF",
  binary_8: "ab",
  json: '{"p":"2.5","l":[1,null]}',
  timestamp: "2024-01-02 01:04:05.123456+00",
  timestamp_3: "2024-01-02 01:04:05+00",
  naive: "2024-01-02 01:04:05.123456",
  naive_0: "2024-01-02 01:04:05",
  naive_3: "2024-01-02 01:04:05.123",
  naive_6: "2024-01-02 01:04:05.123456",
  naive_9: "2024-01-02 01:04:05.123456",
  time: "03:04:05.0006",
  decimal: "1.100000000",
  decimal_10_2: "1000.00",
};
export const shownRow = Object.values(shown).map(String);
export const nulls = columns.map(() => null);

/** The row above and one of nulls, as the normalizer hands them on. */
export function batchColumns(): readonly Column[] {
  const encode = (text: string) => new TextEncoder().encode(text);
  const micros = 1_704_157_445_123_456n;
  const time = 11_045_000_600n;
  const bytes: Readonly<Record<string, Uint8Array>> = {
    text: encode(row.text),
    text_64: encode(row.text_64),
    binary: Uint8Array.of(0, 255),
    binary_8: encode("ab"),
    json: encode(JSON.stringify(row.json)),
  };
  const integers: Readonly<Record<string, bigint>> = {
    time,
    timestamp: micros,
    timestamp_3: micros - 123_456n,
    naive: micros,
    naive_0: micros - 123_456n,
    naive_3: micros - 456n,
    naive_6: micros,
    bigint: row.bigint,
    bigint_8: -128n,
    bigint_16: 32767n,
    bigint_32: -2147483648n,
    bigint_33: 1n,
  };
  const decimals: Readonly<Record<string, readonly [unscaled: bigint, scale: number]>> = {
    decimal: [1_100_000_000n, 9],
    decimal_10_2: [100_000n, 2],
    wei: [BigInt(row.wei), 0],
  };
  return columns.flatMap(([{ name, dataType, precision, scale, timezone }]): Column[] => {
    const type = {
      dataType: dataType ?? "text",
      ...(typeof precision === "number" && { precision }),
      ...(typeof scale === "number" && { scale }),
      ...(typeof timezone === "boolean" && { timezone }),
    };
    const column = { name, type, validity: Uint8Array.of(0b01) };
    const data = bytes[name];
    if (data !== undefined)
      return [{ ...column, layout: "bytes", offsets: Int32Array.of(0, data.length, data.length), data }];
    const integer = integers[name];
    if (integer !== undefined) return [{ ...column, layout: "fixed", values: BigInt64Array.of(integer, 0n) }];
    const [unscaled, decimalScale] = decimals[name] ?? [];
    if (unscaled !== undefined && decimalScale !== undefined) {
      const words = BigInt64Array.of(BigInt.asIntN(64, unscaled), unscaled >> 64n, 0n, 0n);
      return [{ ...column, layout: "decimal128", scale: decimalScale, words }];
    }
    if (name === "double") return [{ ...column, layout: "fixed", values: Float64Array.of(2.5, 0) }];
    if (name === "date") return [{ ...column, layout: "fixed", values: Int32Array.of(19_724, 0) }];
    return name === "bool" ? [{ ...column, layout: "bits", values: Uint8Array.of(1) }] : [];
  });
}

/** What the database shows for the first of those rows: no batch holds integers of 128 bits or nanoseconds. */
export function shownBatch(): readonly (string | null)[] {
  const written = new Set(batchColumns().map(({ name }) => name));
  return Object.entries(shown).map(([name, value]) => (written.has(name) ? String(value) : null));
}
