import type { Column, ColumnBatch, FileTable } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { standardText } from "../quote.js";
import { insertValues } from "./file-format.js";
import { insertStatements } from "./insert-statements.js";
import type { LiteralStyle } from "./literal.js";

const literals: LiteralStyle = {
  text: { open: "E'", close: "'", escapes: { "'": "''", "\\": "\\\\", "\n": "\\n", "\r": "\\r" } },
  binary: { open: "'\\x", close: "'", encoding: "hex" },
  trueText: "True",
  falseText: "False",
  hasZero: false,
};
const format = insertValues({ literals });

const utf8 = new TextEncoder();

function bytesColumn(
  name: string,
  dataType: "text" | "json" | "binary" | "wei",
  texts: readonly (string | null)[],
): Column {
  const parts = texts.map((text) => utf8.encode(text ?? ""));
  const offsets = new Int32Array(texts.length + 1);
  parts.forEach((part, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + part.length;
  });
  let validity = 0;
  texts.forEach((text, index) => {
    validity |= text === null ? 0 : 1 << index;
  });
  const data = Uint8Array.from(Buffer.concat(parts));
  return { name, type: { dataType }, validity: Uint8Array.of(validity), layout: "bytes", offsets, data };
}

const fixed = { layout: "fixed", validity: null } as const;
const batch: ColumnBatch = {
  rowCount: 2,
  columns: [
    { ...fixed, name: "id", type: { dataType: "bigint" }, values: BigInt64Array.of(1n, -(2n ** 63n)) },
    bytesColumn("text", "text", ["it's \\ a\nline", null]),
    { ...fixed, name: "ok", layout: "bits", type: { dataType: "bool" }, values: Uint8Array.of(0b01) },
    { ...fixed, name: "double", type: { dataType: "double" }, values: Float64Array.of(2, Number.NaN) },
    { ...fixed, name: "at", type: { dataType: "timestamp" }, values: BigInt64Array.of(0n, 1n) },
    { ...fixed, name: "day", type: { dataType: "date" }, values: Int32Array.of(0, 1) },
    bytesColumn("raw", "binary", ["\x00\x01", null]),
    bytesColumn("doc", "json", ['{"a":"\'"}', null]),
    bytesColumn("wei", "wei", ["1.50", "Infinity"]),
  ],
};

function tableOf({ columns }: ColumnBatch): FileTable {
  return {
    name: "items",
    columns: [
      ...columns.map(({ name, type }) => ({ ...type, name, nullable: true })),
      { name: 'not "there"', dataType: "text", nullable: true },
    ],
  };
}

async function written(table: FileTable, batches: readonly ColumnBatch[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const sink = { write: async (bytes: Uint8Array) => void parts.push(bytes), close: async () => undefined };
  const file = format.open(table, sink);
  for (const each of batches) await file.write(format.encode(each, table));
  const { bytes, rowCount } = await file.close();
  const all = Uint8Array.from(Buffer.concat(parts));
  expect([bytes, rowCount]).toEqual([all.length, batches.reduce((sum, each) => sum + each.rowCount, 0)]);
  return all;
}

async function statements(
  file: Uint8Array,
  {
    pieceBytes = file.length,
    maxLength = 1000,
    maxRows,
  }: { pieceBytes?: number; maxLength?: number; maxRows?: number } = {},
): Promise<readonly string[]> {
  async function* pieces() {
    for (let at = 0; at < file.length; at += pieceBytes) yield file.subarray(at, at + pieceBytes);
  }
  const target = {
    into: (columns: readonly string[]) => `t (${columns.join("|")})`,
    maxLength,
    ...(maxRows !== undefined && { maxRows }),
  };
  const given: string[] = [];
  for await (const statement of insertStatements(pieces(), target)) given.push(statement);
  return given;
}

const rows = [
  "(1,E'it''s \\\\ a\\nline',True,2.0,'1970-01-01T00:00:00+00:00','1970-01-01','\\x0001',E'{\"a\":\"''\"}',1.50,NULL)",
  "(-9223372036854775808,NULL,False,'NaN','1970-01-01T00:00:00.000001+00:00','1970-01-02',NULL,NULL,'Infinity',NULL)",
];
const columns = 'id|text|ok|double|at|day|raw|doc|wei|not "there"';

describe("a file of insert_values", () => {
  test("has a row on a line, and a place for the table", async () => {
    const text = new TextDecoder().decode(await written(tableOf(batch), [batch]));
    const names = columns.split("|").map((name) => `"${name.replaceAll('"', '""')}"`);
    expect(text).toBe(`INSERT INTO {}(${names.join(",")})\nVALUES\n${rows.join(",\n")};\n`);
  });

  test("tells zero from the one with a sign", async () => {
    const zeros = { ...fixed, name: "zero", type: { dataType: "double" }, values: Float64Array.of(0, -0) } as const;
    const only: ColumnBatch = { rowCount: 2, columns: [zeros] };
    const table = { name: "items", columns: [{ name: "zero", dataType: "double", nullable: true }] } as const;
    expect(new TextDecoder().decode(await written(table, [only]))).toContain("(0.0),\n('-0.0');");
  });

  test("without rows is empty, and gives no statement", async () => {
    const file = await written(tableOf(batch), []);
    expect(file.length).toBe(0);
    expect(await statements(file)).toEqual([]);
  });

  test("is inserted in one statement, however its bytes are cut", async () => {
    const file = await written(tableOf(batch), [batch, batch]);
    const expected = [`INSERT INTO t (${columns}) VALUES\n${[...rows, ...rows].join(",\n")};`];
    for (let pieceBytes = 1; pieceBytes < file.length; pieceBytes += 7)
      expect(await statements(file, { pieceBytes })).toEqual(expected);
  });

  test.each([{ maxLength: 10 }, { maxRows: 1 }])("is inserted in several statements by %o", async (limit) => {
    const file = await written(tableOf(batch), [batch, batch]);
    expect(await statements(file, limit)).toEqual(
      [...rows, ...rows].map((row) => `INSERT INTO t (${columns}) VALUES\n${row};`),
    );
  });

  test("that was cut off or changed is refused", async () => {
    const file = await written(tableOf(batch), [batch]);
    for (let length = 1; length < file.length; length++)
      await expect(statements(file.subarray(0, length))).rejects.toMatchObject({
        code: "DESTINATION_LOAD_FILE_UNREADABLE",
      });
    const changed = utf8.encode("DROP TABLE t;\n");
    await expect(statements(changed)).rejects.toMatchObject({ code: "DESTINATION_LOAD_FILE_UNREADABLE" });
    const noText = Uint8Array.of(...file.subarray(0, 20), 0xff);
    await expect(statements(noText)).rejects.toMatchObject({ code: "DESTINATION_LOAD_FILE_UNREADABLE" });
  });

  test("has numbers with an exponent as text, which is no double", async () => {
    const one = { rowCount: 2, columns: [bytesColumn("c", "wei", ["1.5E+3", "-2.50"])] };
    const [statement] = await statements(await written(tableOf(one), [one]));
    expect(statement).toContain("('1.5E+3',NULL),\n(-2.50,NULL)");
  });

  test.each([
    ["text", "a\0"],
    ["json", '"\\u0000"'],
  ] as const)("does not take U+0000 in %s", (dataType, text) => {
    const one = { rowCount: 2, columns: [bytesColumn("c", dataType, ["x", text])] };
    expect(() => format.encode(one, tableOf(one))).toThrow(
      expect.objectContaining({ code: "FILE_TEXT_HAS_ZERO", context: { table: "items", column: "c", row: 1 } }),
    );
    const taken = insertValues({ literals: { ...literals, text: standardText, hasZero: true } });
    expect(taken.encode(one, tableOf(one)).rowCount).toBe(2);
  });
});
