import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ColumnSchema, LoadFile } from "@dlt/core";
import { parquet } from "@dlt/parquet";
import { columnType, storedColumnType } from "@dlt/sql";
import { describe, expect, it } from "vitest";
import { duckdbCapabilities } from "../src/capabilities.js";
import { duckdbDialect } from "../src/dialect.js";
import { duckdb } from "../src/index.js";
import { all, batchColumns, columns, nulls, row, shown, shownBatch, shownRow } from "./all-types.js";
import { errorOf, loadFile, newFolder, openClient, plan, query, run, table, writtenFile } from "./support.js";

const dialect = duckdbDialect(duckdbCapabilities, { createIndexes: false });

function jsonLine(values: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(values).map(
    ([name, value]) => `${JSON.stringify(name)}:${typeof value === "bigint" ? value : JSON.stringify(value)}`,
  );
  return `{${fields.join()}}\n`;
}

function csvField(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  const text =
    value === null
      ? ""
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value).replace(/(?<=^\d{4}-\d\d-\d\d)T/, " ");
  return `"${text.replaceAll('"', '""')}"`;
}

async function rowsAsText(client: Awaited<ReturnType<typeof openClient>>) {
  const shownColumns = columns.map(([{ name }]) => `"${name}"::VARCHAR`);
  return await query(client, `SELECT ${shownColumns.join()} FROM all_types ORDER BY "bigint" NULLS LAST`);
}

async function textFile(format: "jsonl" | "csv", content: string, rowCount: number): Promise<LoadFile> {
  const folder = newFolder();
  const path = join(folder, `all_types.a1.${format}`);
  writeFileSync(path, content);
  return {
    ...(await loadFile(folder, all, "SELECT 1", { id: "unused", format })),
    jobId: `all_types.a1.${format}`,
    at: { path },
    rowCount,
  };
}

describe("column types", () => {
  it.each(columns)("$name", (column, type) => {
    expect(columnType(dialect, "t", column)).toBe(type);
  });

  it("are made as planned and read back as the data types they stand for", async () => {
    const client = await openClient({ localDir: newFolder() });
    const [, create = ""] = await client.explain(plan([all]));
    await expect(`${create}\n`).toMatchFileSnapshot("golden/all-types.sql");
    await client.prepare(plan([all]));
    const stored = await query(
      client,
      "SELECT data_type, numeric_precision, numeric_scale FROM information_schema.columns WHERE table_name = 'all_types' ORDER BY ordinal_position",
    );
    const dataTypes = stored.map(([type, precision, scale]) =>
      storedColumnType(dialect, {
        type: String(type),
        precision: precision as number | null,
        scale: scale as number | null,
      }),
    );
    expect(dataTypes.map(({ dataType }) => dataType)).toEqual(columns.map(([{ dataType }]) => dataType));
    const exact = dataTypes.filter(({ dataType }) => dataType === "decimal" || dataType === "wei");
    expect(exact).toEqual([
      { dataType: "decimal", precision: 38, scale: 9 },
      { dataType: "decimal", precision: 10, scale: 2 },
      { dataType: "wei", precision: 38, scale: 0 },
    ]);
  });

  it.each<[ColumnSchema, string]>([
    [{ name: "c", dataType: "bigint", precision: 129 }, "precision 129, but 128 is the most"],
    [{ name: "c", dataType: "timestamp", timezone: false, precision: 10 }, "precision 10, but 9 is the most"],
    [{ name: "c", dataType: "decimal", precision: 39, scale: 2 }, "precision 39, but 38 is the most"],
    [{ name: "c", dataType: "wei", precision: 78, scale: 0 }, "precision 78, but 38 is the most"],
  ])("%o is refused before anything is done", async (column, reason) => {
    const client = await openClient({ localDir: newFolder() });
    const error = await errorOf(client.prepare(plan([table("t", [column])])));
    expect([error.code, error.context["column"]]).toEqual(["DESTINATION_TYPE_UNSUPPORTED", "c"]);
    expect(error.message).toContain(reason);
  });
});

describe("values of all types", () => {
  it("arrive from JSON lines, also where a row leaves columns out", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([all]));
    const empty = jsonLine(Object.fromEntries(Object.keys(row).map((name) => [name, null])));
    await run(client, await textFile("jsonl", `${jsonLine(row)}${empty}{}\n`, 3));
    expect(await rowsAsText(client)).toEqual([shownRow, nulls, nulls]);
  });

  it("arrive from CSV, whose empty fields are null", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([all]));
    // Binary columns hold text there.
    const values = { ...row, binary: "a\\x00b", binary_8: "ab" };
    const header = Object.keys(row).map((name) => `"${name}"`);
    const lines = [header, Object.values(values).map(csvField), nulls.map(csvField)].map(
      (fields) => `${fields.join()}\n`,
    );
    await run(client, await textFile("csv", lines.join(""), 2));
    expect(await rowsAsText(client)).toEqual([
      Object.values({ ...shown, text_64: null, binary: "a\\x5Cx00b" }).map((value) =>
        value === null ? null : String(value),
      ),
      nulls,
    ]);
  });

  it("arrive from Parquet", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([all]));
    await run(client, await textFile("jsonl", jsonLine(row), 1));
    // JSON is text in the files of the library, and DuckDB would write a HUGEINT as a double.
    const written = columns.map(([{ name, dataType }]) => {
      if (dataType === "json") return `"${name}"::VARCHAR AS "${name}"`;
      return name === "bigint_128" ? `1 AS "${name}"` : `"${name}"`;
    });
    const path = join(folder, "all_types.b2.parquet");
    await query(client, `COPY (SELECT ${written.join()} FROM all_types) TO '${path}' (FORMAT parquet)`);
    const file = await loadFile(folder, all, "SELECT 1 AS bigint", { id: "c3" });
    await run(client, { ...file, jobId: "all_types.b2.parquet", at: { path } });
    const [first, second] = await rowsAsText(client);
    expect(second).toEqual(Object.values({ ...shown, bigint_128: 1 }).map(String));
    expect(first).toEqual(shownRow);
  });

  it("arrive from the files that @dlt/parquet writes", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([all]));
    const file = await writtenFile(parquet(), { target: all, batch: { rowCount: 2, columns: batchColumns() } });
    expect(await run(client, file)).toMatchObject({ rowCount: 2 });
    expect(await rowsAsText(client)).toEqual([shownBatch(), nulls]);
  });

  it("arrive from insert_values", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([all]));
    const [format] = duckdb().fileFormats ?? [];
    if (format === undefined) throw new Error("The destination brings a format.");
    const file = await writtenFile(format, { target: all, batch: { rowCount: 2, columns: batchColumns() } });
    expect(await run(client, file)).toMatchObject({ rowCount: 2 });
    expect(await rowsAsText(client)).toEqual([shownBatch(), nulls]);
  });
});
