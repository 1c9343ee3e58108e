import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anyBatch,
  boolColumn,
  dateColumn,
  decimalColumn,
  dictionaryColumn,
  doubleColumn,
  int64Column,
  tableOf,
  textColumn,
} from "../../test/batches.js";
import { memorySink, writtenFile } from "../../test/written-file.js";
import { type ColumnValue, readValue } from "../columns/column-reader.js";
import type { Column, ColumnBatch } from "../contract/batch.js";
import type { FileTable } from "../contract/file-format.js";
import type { DataType } from "../contract/schema.js";
import { encodeBase64 } from "../hash/base64.js";
import { decodeJson } from "../json/decode.js";
import { encodeJson } from "../json/encode.js";
import { floatToJson } from "../values/float.js";
import { jsonl } from "./jsonl.js";

const format = jsonl();

describe("a row", () => {
  const values: readonly (readonly [string, Column])[] = [
    ["4611686018427387904", int64Column("v", [4611686018427387904n], { dataType: "bigint" })],
    ["-9223372036854775808", int64Column("v", [-(2n ** 63n)], { dataType: "bigint" })],
    ["-9007199254740992", int64Column("v", [-9007199254740992n], { dataType: "bigint" })],
    ["0", int64Column("v", [0n], { dataType: "bigint" })],
    ["18446744073709551615", textColumn("v", ["18446744073709551615"], "bigint")],
    ["2.0", doubleColumn("v", [2])],
    ["-0.0", doubleColumn("v", [-0])],
    ["1e-7", doubleColumn("v", [1e-7])],
    ["1e+16", doubleColumn("v", [1e16])],
    ["9007199254740991.0", doubleColumn("v", [9007199254740991])],
    ["null", doubleColumn("v", [Number.NaN])],
    ["null", doubleColumn("v", [Number.NEGATIVE_INFINITY])],
    ["false", boolColumn("v", [false])],
    ['"1.10"', decimalColumn("v", [110n], { scale: 2 })],
    ['"-0.000000001"', decimalColumn("v", [-1n], { scale: 9 })],
    [`"-0.${"0".repeat(29)}1"`, decimalColumn("v", [-1n], { scale: 30 })],
    ['"100000000000000000000"', decimalColumn("v", [10n ** 20n], { dataType: "wei", scale: 0 })],
    [`"${-(2n ** 127n)}"`, decimalColumn("v", [-(2n ** 127n)], { scale: 0 })],
    ['"1844674407370955161.5"', decimalColumn("v", [2n ** 64n - 1n], { scale: 1 })],
    ['"1E+3"', textColumn("v", ["1E+3"], "decimal")],
    ['"2024-01-02T03:04:05.678000+00:00"', int64Column("v", [1704164645678000n], { dataType: "timestamp" })],
    ['"2024-01-02T03:04:05"', int64Column("v", [1704164645000000n], { dataType: "timestamp", timezone: false })],
    ['"0001-01-01T00:00:00+00:00"', int64Column("v", [-62135596800000000n], { dataType: "timestamp" })],
    ['"9999-12-31T23:59:59.999999+00:00"', int64Column("v", [253402300799999999n], { dataType: "timestamp" })],
    ['"2024-01-02"', dateColumn("v", [19724])],
    ['"03:04:05.000600"', int64Column("v", [11045000600n], { dataType: "time" })],
    ['"AP8n"', textColumn("v", [Uint8Array.of(0, 255, 39)], "binary")],
    ['"AA=="', textColumn("v", [Uint8Array.of(0)], "binary")],
    ['""', textColumn("v", [Uint8Array.of()], "binary")],
    ['"it\'s \\"q\\"\\n\\\\"', textColumn("v", ['it\'s "q"\n\\'])],
    ['"\\b\\t\\f\\r\\u0000\\u001f\x7f\u2028ä😀"', textColumn("v", ["\b\t\f\r\0\x1f\x7f\u2028ä😀"])],
    ['{"p":"2.5","l":[1,null]}', textColumn("v", ['{"p":"2.5","l":[1,null]}'], "json")],
    ["null", textColumn("v", ["null"], "json")],
    ['{"a b":"x \\" \\n y","c":[1,2]}', textColumn("v", ['{\n  "a b": "x \\" \\n y",\r\n\t"c": [1, 2]\n}'], "json")],
  ];

  test.each(values)("has the value %s", async (expected, column) => {
    const batch = { rowCount: 1, columns: [column] };
    expect(await writtenFile(format, tableOf(batch), [batch])).toBe(`{"v":${expected}}\n`);
  });

  test("has keys in the order of the table, and none for what is missing", async () => {
    const batch = {
      rowCount: 3,
      columns: [
        textColumn("late", [null, "x", null]),
        int64Column("id", [1n, 2n, null], { dataType: "bigint" }),
        textColumn("unknown", ["a", "b", "c"]),
      ],
    };
    const table: FileTable = {
      name: "items",
      columns: [
        { name: "id", dataType: "bigint", nullable: true },
        { name: "not given", dataType: "text", nullable: true },
        { name: "late", dataType: "text", nullable: true },
      ],
    };
    expect(await writtenFile(format, table, [batch])).toBe('{"id":1}\n{"id":2,"late":"x"}\n{}\n');
  });

  test("has keys with escapes", async () => {
    const batch = { rowCount: 1, columns: [boolColumn('a"b\n', [true])] };
    expect(await writtenFile(format, tableOf(batch), [batch])).toBe('{"a\\"b\\n":true}\n');
  });

  test("has the values of dictionaries", async () => {
    const inner = dictionaryColumn(textColumn("v", ["a", null, "b"]), [2, 1, null, 0]);
    const batch = { rowCount: 5, columns: [dictionaryColumn(inner, [3, 0, 1, 2, null])] };
    expect(await writtenFile(format, tableOf(batch), [batch])).toBe('{"v":"a"}\n{"v":"b"}\n{}\n{}\n{}\n');
  });

  test("says what the column reader says", () => {
    fc.assert(
      fc.property(anyBatch(), (batch) => {
        const text = new TextDecoder().decode(format.encode(batch, tableOf(batch)).bytes);
        expect(text).toBe(Array.from({ length: batch.rowCount }, (_, row) => `${expectedRow(batch, row)}\n`).join(""));
      }),
    );
  });

  test("is JSON", () => {
    fc.assert(
      fc.property(anyBatch(), (batch) => {
        const { bytes } = format.encode(batch, tableOf(batch));
        const lines = new TextDecoder().decode(bytes).split("\n");
        expect(lines.length).toBe(batch.rowCount + 1);
        for (const line of lines.slice(0, -1)) expect(decodeJson(line)).toBeInstanceOf(Map);
      }),
    );
  });
});

describe("a column of another type", () => {
  const given = {
    bigint: int64Column("v", [3n], { dataType: "bigint" }),
    decimal: decimalColumn("v", [30n], { scale: 1 }),
    wei: decimalColumn("v", [3n], { dataType: "wei", scale: 0 }),
    json: textColumn("v", ['{"a":"b"}'], "json"),
    text: textColumn("v", ["x"]),
    date: dateColumn("v", [1]),
    timestamp: int64Column("v", [3n], { dataType: "timestamp" }),
  };

  test.each<[keyof typeof given, DataType, string]>([
    ["bigint", "double", "3.0"],
    ["bigint", "decimal", '"3"'],
    ["bigint", "wei", '"3"'],
    ["decimal", "wei", '"3.0"'],
    ["wei", "decimal", '"3"'],
    ["json", "text", '"{\\"a\\":\\"b\\"}"'],
  ])("may be %s for %s", async (from, to, expected) => {
    expect(await writtenFile(format, tableWith(to), [{ rowCount: 1, columns: [given[from]] }])).toBe(
      `{"v":${expected}}\n`,
    );
  });

  test.each<[keyof typeof given, DataType]>([
    ["bigint", "text"],
    ["bigint", "timestamp"],
    ["decimal", "double"],
    ["text", "json"],
    ["text", "binary"],
    ["text", "decimal"],
    ["json", "binary"],
    ["date", "timestamp"],
    ["timestamp", "bigint"],
    ["timestamp", "time"],
  ])("may not be %s for %s", (from, to) => {
    expect(() => format.encode({ rowCount: 1, columns: [given[from]] }, tableWith(to))).toThrow(
      expect.objectContaining({
        code: "FILE_COLUMN_TYPE_MISMATCH",
        message: `Column \`v\` of table \`items\` is \`${to}\`, but the batch brings it as \`${from}\`.`,
      }),
    );
  });

  test("keeps the time zone of the table", async () => {
    const naive: FileTable = {
      name: "items",
      columns: [{ name: "v", dataType: "timestamp", timezone: false, nullable: true }],
    };
    expect(await writtenFile(format, naive, [{ rowCount: 1, columns: [given.timestamp] }])).toBe(
      '{"v":"1970-01-01T00:00:00.000003"}\n',
    );
  });
});

describe("a value without a text", () => {
  const cases: readonly (readonly [DataType, Column])[] = [
    ["double", int64Column("v", [null, 0n, 2n ** 53n + 1n], { dataType: "bigint" })],
    ["timestamp", int64Column("v", [null, 0n, 253402300800000000n], { dataType: "timestamp" })],
    ["timestamp", int64Column("v", [null, 0n, -62135596800000001n], { dataType: "timestamp" })],
    ["time", int64Column("v", [null, 0n, 86_400_000_000n], { dataType: "time" })],
    ["time", int64Column("v", [null, 0n, -1n], { dataType: "time" })],
    ["date", dateColumn("v", [null, 0, 2932897])],
    ["date", dictionaryColumn(dateColumn("v", [-719163, 1]), [null, 1, 0])],
  ];

  test.each(cases)("is refused for %s", (dataType, column) => {
    expect(() => format.encode({ rowCount: 3, columns: [column] }, tableWith(dataType))).toThrow(
      expect.objectContaining({
        code: "FILE_VALUE_OUT_OF_RANGE",
        context: { table: "items", column: "v", row: 2, dataType },
      }),
    );
  });
});

describe("a file", () => {
  const batch = { rowCount: 2, columns: [boolColumn("v", [true, null])] };
  const table = tableOf(batch);

  test("without rows is empty", async () => {
    const sink = memorySink();
    expect(await format.open(table, sink).close()).toEqual({ rowCount: 0, bytes: 0 });
    expect(sink.isClosed()).toBe(true);
  });

  test("has its parts in the order they are given", async () => {
    const sink = memorySink();
    const file = format.open(table, sink);
    const parts = [batch, { rowCount: 1, columns: [] }].map((rows) => format.encode(rows, table));
    for (const part of parts) await file.write(structuredClone(part));
    expect(await file.close()).toEqual({ rowCount: 3, bytes: 17 });
    expect(sink.text()).toBe('{"v":true}\n{}\n{}\n');
  });

  test("takes only what was encoded for it, while it is open", async () => {
    const file = format.open(table, memorySink());
    const other = tableOf({ rowCount: 1, columns: [boolColumn("w", [true])] });
    await expect(file.write(format.encode(batch, other))).rejects.toThrow("not encoded as jsonl for the columns");
    await expect(file.write({ rowCount: 1, bytes: new Uint8Array(1) })).rejects.toThrow("not encoded as jsonl");
    await file.close();
    await expect(file.write(format.encode(batch, table))).rejects.toThrow("closed file of table `items`");
  });

  test("may have long values", async () => {
    const long = '"\n'.repeat(100_000);
    const rows = { rowCount: 2, columns: [textColumn("v", [long, "x".repeat(200_000)])] };
    const text = await writtenFile(format, tableOf(rows), [rows]);
    expect(text).toBe(`{"v":${JSON.stringify(long)}}\n{"v":"${"x".repeat(200_000)}"}\n`);
  });
});

function tableWith(dataType: DataType): FileTable {
  return { name: "items", columns: [{ name: "v", dataType, nullable: true }] };
}

function expectedRow({ columns }: ColumnBatch, row: number): string {
  const members: string[] = [];
  for (const column of columns) {
    const value = readValue(column, row);
    if (value !== null) members.push(`${encodeJson(column.name)}:${expectedText(value, column.type.dataType)}`);
  }
  return `{${members.join(",")}}`;
}

function expectedText(value: Exclude<ColumnValue, null>, dataType: DataType): string {
  if (dataType === "double") return floatToJson(Number(value));
  if (value instanceof Uint8Array) return `"${encodeBase64(value, { padding: true })}"`;
  if (dataType === "json") return String(value);
  return typeof value === "string" ? JSON.stringify(value) : `${value}`;
}
