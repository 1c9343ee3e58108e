import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ColumnSchema, LoadFile, PreparedTable } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { errorOf, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

const columns: readonly ColumnSchema[] = [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "name", dataType: "text" },
  { name: "price", dataType: "decimal", precision: 10, scale: 2 },
  { name: "seen", dataType: "timestamp" },
  { name: "doc", dataType: "json" },
  { name: "raw", dataType: "binary" },
];
const items = table("items", columns);
const imported = { isImported: true, rowCount: null } as const;

/** A file of somebody else with this content. */
function written(folder: string, format: string, content: string | Uint8Array, suffix = ""): LoadFile {
  const jobId = `items.b1.${format}${suffix}`;
  const path = join(folder, jobId);
  writeFileSync(path, content);
  const loadId = "1700000001.000000";
  return { jobId, loadId, table: items, target: "final", format, at: { path }, bytes: 1, ...imported };
}

async function open(tables: readonly PreparedTable[] = [items]) {
  const client = await openClient({ localDir: newFolder() });
  await client.prepare(plan(tables));
  return client;
}

describe("a file of somebody else", () => {
  it("in Parquet has its columns in any order, other types, and lacks some that may be null", async () => {
    const client = await open();
    const file = await loadFile(
      newFolder(),
      items,
      "SELECT {'a': [1, 2]} AS doc, TIMESTAMP '2026-01-02 03:04:05' AS SEEN, 1.5::FLOAT AS price, 7::UTINYINT AS ID",
      imported,
    );
    expect(await run(client, file)).toEqual({ rowCount: 1, bytes: 1 });
    expect(await query(client, "SELECT id, name, price::TEXT, seen::TEXT, doc::TEXT, raw FROM items")).toEqual([
      [7, null, "1.50", "2026-01-02 03:04:05+00", '{"a":[1,2]}', null],
    ]);
  });

  it("run twice adds nothing, and tells how many rows there are", async () => {
    const client = await open();
    const file = await loadFile(newFolder(), items, "SELECT range AS id FROM range(5)", imported);
    expect(await run(client, file)).toEqual({ rowCount: 5, bytes: 1 });
    expect(await run(client, file)).toEqual({ rowCount: 5, bytes: 1 });
    expect(await query(client, "SELECT count(*) FROM items")).toEqual([[5]]);
  });

  it("may have another number of rows than somebody told", async () => {
    const client = await open();
    const file = await loadFile(newFolder(), items, "SELECT range AS id FROM range(5)", { ...imported, rowCount: 4 });
    expect(await run(client, file)).toEqual({ rowCount: 5, bytes: 1 });
  });

  const lines = '{"name":"é","id":1,"doc":{"a":[1]},"seen":"2026-01-02T03:04:05Z"}\n{"id":2,"name":null}\n\n{"id":3}';
  it.each([
    ["plain", lines, ""],
    ["with other line ends", lines.replaceAll("\n", "\r\n"), ""],
    ["compressed", gzipSync(lines), ".gz"],
  ])("in JSON lines, %s, has fields in any order and lacks some", async (_, content, suffix) => {
    const client = await open();
    await run(client, written(newFolder(), "jsonl", content, suffix));
    expect(await query(client, "SELECT id, name, doc::TEXT, seen::TEXT FROM items ORDER BY id")).toEqual([
      [1, "é", '{"a":[1]}', "2026-01-02 03:04:05+00"],
      [2, null, null, null],
      [3, null, null, null],
    ]);
  });

  const csv = 'name,id,seen\n"two\nlines, and a comma",1,2026-01-02 03:04:05\n,2,\n';
  it.each([
    ["plain", csv, ""],
    ["with other line ends", csv.replaceAll("\n", "\r\n"), ""],
    ["with a byte order mark", `\ufeff${csv}`, ""],
    ["without the last line end", csv.slice(0, -1), ""],
    ["compressed", gzipSync(csv), ".gz"],
  ])("in CSV, %s, has columns in any order and lacks some", async (_, content, suffix) => {
    const client = await open();
    await run(client, written(newFolder(), "csv", content, suffix));
    const rows = await query(client, "SELECT id, replace(name, chr(13), ''), seen::TEXT FROM items ORDER BY id");
    expect(rows).toEqual([
      [1, "two\nlines, and a comma", "2026-01-02 03:04:05+00"],
      [2, null, null],
    ]);
  });

  it("in CSV may have quotation marks and line breaks far into it", async () => {
    const client = await open();
    const text = Array.from({ length: 50_000 }, (_, id) => `${id},"a ""quoted""\n${"x".repeat(40)}"\n`);
    expect(await run(client, written(newFolder(), "csv", `id,name\n${text.join("")}`))).toMatchObject({
      rowCount: 50_000,
    });
    expect(await query(client, "SELECT DISTINCT length(name) FROM items")).toEqual([[51]]);
  });
});

describe("nothing of a file is loaded", () => {
  it.each([
    ["parquet", "SELECT 1 AS id, 2 AS surplus, 3 AS extra"],
    ["jsonl", "SELECT 1 AS id, 2 AS surplus, 3 AS extra"],
  ])("that has columns in %s which the table lacks", async (format, sql) => {
    const client = await open();
    const error = await errorOf(run(client, await loadFile(newFolder(), items, sql, { ...imported, format })));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_FILE_COLUMNS_DIFFER", false]);
    expect(error.message).toContain("`extra`, `surplus`");
    expect(await query(client, "SELECT count(*) FROM items")).toEqual([[0]]);
  });

  it("in CSV that has no header, and none of its values is shown", async () => {
    const client = await open();
    const error = await errorOf(run(client, written(newFolder(), "csv", "1,secret\n2,other\n")));
    expect(error.code).toBe("DESTINATION_FILE_COLUMNS_DIFFER");
    expect(JSON.stringify([error.message, error.hint, error.context])).not.toContain("secret");
  });

  it.each([
    ["a list", '[{"id":1}]\n'],
    ["a number", '{"id":1}\n2\n'],
  ])("in JSON lines that has %s in a line", async (_, content) => {
    const client = await open();
    const error = await errorOf(run(client, written(newFolder(), "jsonl", content)));
    expect(error.code).toBe("DESTINATION_VALUE_REFUSED");
    expect(await query(client, "SELECT count(*) FROM items")).toEqual([[0]]);
  });

  it.each([
    ["lacks a column that must not be null", "parquet", "SELECT 'a' AS name"],
    ["has a value that does not fit", "csv", "SELECT 'x' AS id"],
    ["has a value that does not fit", "jsonl", "SELECT 'x' AS id"],
  ])("that %s, in %s", async (_, format, sql) => {
    const client = await open();
    const error = await errorOf(run(client, await loadFile(newFolder(), items, sql, { ...imported, format })));
    expect(error.code).toBe("DESTINATION_VALUE_REFUSED");
  });

  it("that is not what its format says", async () => {
    const client = await open();
    const error = await errorOf(run(client, written(newFolder(), "parquet", "no Parquet at all")));
    expect(error.code).toBe("DESTINATION_LOAD_FILE_UNREADABLE");
  });
});

it.each([
  ["no header", "1,secret\n2,other\n"],
  ["another delimiter", "id;name\n1;secret\n"],
])("tells of a CSV file of its own with %s what writes such files, and shows nothing of it", async (_, content) => {
  const client = await open();
  const file = { ...written(newFolder(), "csv", content), isImported: false };
  const error = await errorOf(run(client, file));
  expect([error.code, error.retryable]).toEqual(["DESTINATION_FILE_COLUMNS_DIFFER", false]);
  expect(error.hint).toContain("normalize.data_writer");
  expect(JSON.stringify([error.message, error.hint, error.context, String(error.cause)])).not.toMatch(/secret|`1`/);
});

it("loads a CSV file of its own whose first rows have line breaks", async () => {
  const client = await open();
  const file = await loadFile(newFolder(), items, "SELECT range AS id, 'a' || chr(10) || 'b' AS name FROM range(3)", {
    format: "csv",
  });
  expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
});
