import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anyBatch,
  boolColumn,
  dataTypes,
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
import type { DataType } from "../contract/schema.js";
import { floatToText } from "../values/float.js";
import { type CsvOptions, csv } from "./csv.js";

const types: ColumnBatch = {
  rowCount: 2,
  columns: [
    textColumn("doc", ['{"p":"2.5","l":[1,null]}', null], "json"),
    int64Column("at", [1704164645000000n, null], { dataType: "timestamp" }),
    int64Column("us", [1704164645678000n, null], { dataType: "timestamp", timezone: false }),
    int64Column("i", [4611686018427387904n, null], { dataType: "bigint" }),
    doubleColumn("f", [1e-7, null]),
    doubleColumn("g", [2, null]),
    boolColumn("b", [false, null]),
    decimalColumn("dec", [110n, null], { scale: 2 }),
    decimalColumn("w", [10n ** 20n, null], { dataType: "wei", scale: 0 }),
    dateColumn("d", [19724, null]),
    int64Column("t", [11045000600n, null], { dataType: "time" }),
    textColumn("hx", [Uint8Array.of(1, 2), null], "binary"),
    textColumn("s", ['it\'s "q"\n\\', null]),
  ],
};
const names = ["doc", "at", "us", "i", "f", "g", "b", "dec", "w", "d", "t", "hx", "s"];

describe("quoting", () => {
  test("by need: everything but numbers and booleans", async () => {
    expect(await file({}, types)).toBe(
      `${names.map((name) => `"${name}"`).join(",")}\n` +
        '"{""p"":""2.5"",""l"":[1,null]}","2024-01-02 03:04:05+00:00","2024-01-02 03:04:05.678000",4611686018427387904,1e-07,2.0,' +
        'False,1.10,100000000000000000000,"2024-01-02","03:04:05.000600","\x01\x02","it\'s ""q""\n\\"\n' +
        `${Array(13).fill('""').join(",")}\n`,
    );
  });

  test("of everything", async () => {
    expect(await file({ quoting: "quote_all" }, types)).toBe(
      `${names.map((name) => `"${name}"`).join(",")}\n` +
        '"{""p"":""2.5"",""l"":[1,null]}","2024-01-02 03:04:05+00:00","2024-01-02 03:04:05.678000","4611686018427387904","1e-07","2.0",' +
        '"False","1.10","100000000000000000000","2024-01-02","03:04:05.000600","\x01\x02","it\'s ""q""\n\\"\n' +
        `${Array(13).fill('""').join(",")}\n`,
    );
  });

  test("of what would be misread", async () => {
    expect(await file({ quoting: "quote_minimal", delimiter: ";" }, types)).toBe(
      `${names.join(";")}\n` +
        '"{""p"":""2.5"",""l"":[1,null]}";2024-01-02 03:04:05+00:00;2024-01-02 03:04:05.678000;4611686018427387904;1e-07;2.0;' +
        'False;1.10;100000000000000000000;2024-01-02;03:04:05.000600;\x01\x02;"it\'s ""q""\n\\"\n' +
        `${";".repeat(12)}\n`,
    );
  });

  test("of dates and times that have the delimiter in them", async () => {
    const batch = { rowCount: 1, columns: [int64Column("t", [0n], { dataType: "time" }), textColumn("s", ["a b"])] };
    expect(await file({ quoting: "quote_minimal", delimiter: ":" }, batch)).toBe('t:s\n"00:00:00":a b\n');
    expect(await file({ quoting: "quote_minimal", delimiter: " " }, batch)).toBe('t s\n00:00:00 "a b"\n');
  });

  test("of a line that would be empty", async () => {
    const batch = { rowCount: 2, columns: [textColumn("s", ["", null])] };
    expect(await file({ quoting: "quote_minimal" }, batch)).toBe('s\n""\n""\n');
  });

  test("of nothing", async () => {
    const batch = { rowCount: 2, columns: [textColumn("s", ["a;b", null]), boolColumn("b", [true, null])] };
    expect(await file({ quoting: "quote_none" }, batch)).toBe("s,b\na;b,True\n,\n");
  });

  test.each(["a,b", 'a"b', "a\nb", "a\rb"])("of nothing, where %j needs it, is refused", (text) => {
    const columns = [dictionaryColumn(textColumn("s", ["x", text]), [0, 0, 1])];
    expect(() => encoded({ quoting: "quote_none" }, { rowCount: 3, columns })).toThrow(
      expect.objectContaining({
        code: "CSV_FIELD_NEEDS_QUOTES",
        message:
          "Column `s` of table `items`, row 2 of the batch (counted from 0), needs quotes in a CSV file, and `quoting` is `quote_none`.",
      }),
    );
  });

  test("of nothing is refused for an empty line and for such a name", () => {
    const empty = { rowCount: 1, columns: [textColumn("s", [null])] };
    expect(() => encoded({ quoting: "quote_none" }, empty)).toThrow(
      "Row 0 of the batch (counted from 0) for table `items`, which is empty,",
    );
    const named = { rowCount: 0, columns: [textColumn("a,b", [])] };
    expect(() => csv({ quoting: "quote_none" }).open(tableOf(named), memorySink())).toThrow("The name of column `a,b`");
  });
});

test("lines end as they are told to", async () => {
  const batch = { rowCount: 1, columns: [textColumn("a", ["x"]), textColumn("b", ["null"], "json")] };
  expect(await file({ lineterminator: "\r\n", quoting: "quote_minimal" }, batch)).toBe("a,b\r\nx,\r\n");
  expect(() => csv({ lineterminator: "\r" as "\n" })).toThrow("Expected `lineterminator`");
});

describe("a value", () => {
  const cases: readonly (readonly [string, Column])[] = [
    ["nan", doubleColumn("v", [Number.NaN])],
    ["-inf", doubleColumn("v", [Number.NEGATIVE_INFINITY])],
    ["1e+16", doubleColumn("v", [1e16])],
    ["-0.0", doubleColumn("v", [-0])],
    ["True", boolColumn("v", [true])],
    ["1E+3", textColumn("v", ["1E+3"], "decimal")],
    ["18446744073709551615", textColumn("v", ["18446744073709551615"], "bigint")],
    ['""', textColumn("v", [""])],
    ['"ä😀"', textColumn("v", ["ä😀"])],
    ['""""""', textColumn("v", ['""'])],
    ['"null"', textColumn("v", ["null"])],
    ['""', textColumn("v", ["null"], "json")],
    ['"true"', textColumn("v", ["true"], "json")],
  ];

  test.each(cases)("is written as %s", async (expected, column) => {
    expect(await file({ includeHeader: false }, { rowCount: 1, columns: [column] })).toBe(`${expected}\n`);
  });

  test.each(["quote_needed", "quote_minimal"] as const)("of binary has to be UTF-8 (%s)", (quoting) => {
    const columns = [textColumn("by", [Uint8Array.of(0x61), null, Uint8Array.of(0, 255, 39)], "binary")];
    expect(() => encoded({ quoting }, { rowCount: 3, columns })).toThrow(
      expect.objectContaining({ code: "CSV_BINARY_NOT_TEXT", context: { table: "items", column: "by", row: 2 } }),
    );
  });

  test("of another type than the column is refused", () => {
    const batch = { rowCount: 1, columns: [textColumn("v", ["x"])] };
    const table = { name: "items", columns: [{ name: "v", dataType: "json" as DataType, nullable: true }] };
    expect(() => csv().encode(batch, table)).toThrow(expect.objectContaining({ code: "FILE_COLUMN_TYPE_MISMATCH" }));
  });

  test("that the batch lacks is empty", async () => {
    const table = tableOf({ rowCount: 0, columns: [textColumn("a", []), doubleColumn("b", []), textColumn("c", [])] });
    const batch = { rowCount: 2, columns: [textColumn("c", ["x", null]), textColumn("unknown", ["y", "z"])] };
    expect(await writtenFile(csv(), table, [batch])).toBe('"a","b","c"\n"","","x"\n"","",""\n');
  });

  test("may be long", async () => {
    const long = '"\n'.repeat(100_000);
    const batch = { rowCount: 1, columns: [textColumn("v", [long])] };
    expect(await file({ includeHeader: false }, batch)).toBe(`"${'""\n'.repeat(100_000)}"\n`);
  });
});

describe("a file", () => {
  const batch = { rowCount: 1, columns: [int64Column("i", [1n], { dataType: "bigint" })] };
  const table = tableOf(batch);

  test("without rows has a header", async () => {
    expect(await writtenFile(csv(), table, [])).toBe('"i"\n');
    expect(await writtenFile(csv({ includeHeader: false }), table, [])).toBe("");
  });

  test("has its header once", async () => {
    const sink = memorySink();
    const format = csv();
    const open = format.open(table, sink);
    for (let i = 0; i < 2; i++) await open.write(format.encode(batch, table));
    expect(await open.close()).toEqual({ rowCount: 2, bytes: 8 });
    expect(sink.text()).toBe('"i"\n1\n1\n');
  });

  test.each<CsvOptions>([
    {},
    { quoting: "quote_all", delimiter: "\t" },
    { quoting: "quote_minimal", delimiter: " " },
    { quoting: "quote_minimal", delimiter: ":" },
  ])("reads back as its rows: %o", (options) => {
    // Any bytes may be binary, but not in CSV.
    const textual = dataTypes.filter((type) => type !== "binary");
    fc.assert(
      fc.property(anyBatch({ types: textual }), (rows) => {
        fc.pre(rows.columns.length > 0);
        const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(encoded(options, rows));
        const expected = Array.from({ length: rows.rowCount }, (_, row) =>
          rows.columns.map((column) => fieldText(readValue(column, row), column.type.dataType)),
        );
        expect(parseCsv(text, options.delimiter ?? ",")).toEqual(expected);
      }),
    );
  });
});

describe("options", () => {
  test.each(["", ",,", '"', "\n", "1", ".", "-", "e", "ä"])("refuse the delimiter %j", (delimiter) => {
    expect(() => csv({ delimiter })).toThrow(
      expect.objectContaining({ code: "CONFIG_VALUE_INVALID", context: { option: "delimiter" } }),
    );
  });

  test("refuse another quoting", () => {
    expect(() => csv({ quoting: "all" as "quote_all" })).toThrow(
      "Expected `quoting` of `csv` to be one of `quote_all`, `quote_needed`, `quote_minimal`, `quote_none`, got `all`.",
    );
  });
});

function encoded(options: CsvOptions, batch: ColumnBatch): Uint8Array {
  return csv(options).encode(batch, tableOf(batch)).bytes;
}

function file(options: CsvOptions, batch: ColumnBatch): Promise<string> {
  return writtenFile(csv(options), tableOf(batch), [batch]);
}

function fieldText(value: ColumnValue, dataType: DataType): string {
  if (value === null || (dataType === "json" && value === "null")) return "";
  if (dataType === "double") return floatToText(Number(value));
  if (dataType === "bool") return value === true ? "True" : "False";
  return dataType === "timestamp" ? String(value).replace("T", " ") : String(value);
}

/** A reader of RFC 4180 with line feeds. */
function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = "";
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++;
        field += text[at];
      }
      at++;
    } else {
      for (; text[at] !== delimiter && text[at] !== "\n"; at++) field += text[at];
    }
    row.push(field);
    const end = text[at++];
    if (end === "\n") {
      rows.push(row);
      row = [];
    } else if (end !== delimiter) {
      throw new Error(`Neither a delimiter nor a line feed follows the field before position ${at - 1}.`);
    } else if (at === text.length) {
      throw new Error("The last line does not end.");
    }
  }
  return rows;
}
