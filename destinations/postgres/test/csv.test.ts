import { gzipSync } from "node:zlib";
import type { ColumnSchema, PreparedTable } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { errorOf, newFolder, openClient, plan, query, run, table, writtenFile } from "./support.js";

const columns: readonly ColumnSchema[] = [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "name", dataType: "text" },
  { name: "price", dataType: "decimal", precision: 10, scale: 2 },
  { name: "seen", dataType: "timestamp" },
  { name: "doc", dataType: "json" },
  { name: "raw", dataType: "binary" },
];
const items = table("items", columns);
const imported = { isImported: true } as const;

async function open(tables: readonly PreparedTable[] = [items], options: Parameters<typeof openClient>[0] = {}) {
  const client = await openClient(options);
  await client.prepare(plan(tables));
  return client;
}

describe("a CSV file of somebody else", () => {
  const csv = 'name,id,seen,raw\n"two\nlines, and a ""comma""",1,2026-01-02 03:04:05Z,a\\b\n,2,,\n"",3,"",""\n';
  it.each([
    ["plain", csv, ""],
    ["with other line ends", csv.replaceAll("\n", "\r\n"), ""],
    ["with a byte order mark", `\ufeff${csv}`, ""],
    ["without the last line end", csv.slice(0, -1), ""],
    ["compressed", gzipSync(csv), ".gz"],
  ])("%s, has columns in any order and lacks some", async (_, content, suffix) => {
    const client = await open();
    const file = writtenFile(newFolder(), items, content, { ...imported, suffix });
    expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
    expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
    const rows =
      "SELECT id, replace(name, chr(13), ''), to_char(seen AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), convert_from(raw, 'UTF8'), doc " +
      "FROM ds.items ORDER BY id";
    expect(await query(client, rows)).toEqual([
      [1, 'two\nlines, and a "comma"', "2026-01-02 03:04", "a\\b", null],
      [2, null, null, null, null],
      [3, null, null, null, null],
    ]);
  });

  it("may be empty", async () => {
    const client = await open();
    for (const content of ["", "id,name\n", "id,name"]) {
      const file = writtenFile(newFolder(), items, content, { ...imported, id: String(content.length) });
      expect(await run(client, file)).toEqual({ rowCount: 0, bytes: 1 });
    }
  });

  it("may have a header that is longer than what is read at a time", async () => {
    const names = Array.from({ length: 1500 }, (_, index) => `${"x".repeat(50)}_${index}`);
    const wide = table(
      "wide",
      names.map((name) => ({ name, dataType: "bool" })),
    );
    const header = names.map((name) => `"${name}"`).join(",");
    const client = await open([wide]);
    const padded = `${header}\n${names.map(() => "true").join(",")}\n`;
    expect(await run(client, writtenFile(newFolder(), wide, padded, imported))).toMatchObject({ rowCount: 1 });
  });

  it("that has columns which the table lacks is not loaded, and none of its values is shown", async () => {
    const client = await open();
    for (const content of ["1,secret\n2,other\n", "id,secret\n1,2\n"]) {
      const error = await errorOf(run(client, writtenFile(newFolder(), items, content, imported)));
      expect([error.code, error.retryable]).toEqual(["DESTINATION_FILE_COLUMNS_DIFFER", false]);
      expect(JSON.stringify([error.message, error.hint, error.context])).not.toContain("secret");
    }
  });

  it("that has a value which does not fit is not loaded", async () => {
    const client = await open();
    const content = "id,name\n1,a\nsecret,b\n";
    const error = await errorOf(run(client, writtenFile(newFolder(), items, content, imported)));
    expect(error.code).toBe("DESTINATION_VALUE_REFUSED");
    expect(error.message).toContain("(column `id`, row 3)");
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain("secret");
    expect(await query(client, "SELECT count(*) FROM ds.items")).toEqual([[0]]);
  });

  it("that has too few fields in a row is not loaded", async () => {
    const client = await open();
    const error = await errorOf(run(client, writtenFile(newFolder(), items, "id,name\n1\n", imported)));
    expect(error.code).toBe("DESTINATION_LOAD_FILE_UNREADABLE");
  });
});

describe("csvFormat", () => {
  it("names another delimiter", async () => {
    const client = await open([items], { csvFormat: { delimiter: ";", includeHeader: true } });
    await run(client, writtenFile(newFolder(), items, 'id;name\n1;"a;b,c"\n'));
    expect(await query(client, "SELECT id, name FROM ds.items")).toEqual([[1, "a;b,c"]]);
  });

  it("tells of files without a header, whose columns are those of the table", async () => {
    const client = await open([items], { csvFormat: { delimiter: ",", includeHeader: false } });
    await run(client, writtenFile(newFolder(), items, '1,"a\nb"\n2,c\n'));
    expect(await query(client, "SELECT id, name FROM ds.items ORDER BY id")).toEqual([
      [1, "a\nb"],
      [2, "c"],
    ]);
    const error = await errorOf(run(client, writtenFile(newFolder(), items, "1,2,3,4,5,6,7\n", { id: "b2" })));
    expect(error.code).toBe("DESTINATION_FILE_COLUMNS_DIFFER");
    expect(error.message).toContain("it has 7 columns, and the table has 6");
  });
});
