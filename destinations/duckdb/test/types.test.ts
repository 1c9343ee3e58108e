import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Column, ColumnSchema, LoadFile } from "@dlt/core";
import { parquet } from "@dlt/parquet";
import { columnType, storedColumnType } from "@dlt/sql";
import { describe, expect, it } from "vitest";
import { duckdbCapabilities } from "../src/capabilities.js";
import { duckdbDialect } from "../src/dialect.js";
import { errorOf, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

const dialect = duckdbDialect(duckdbCapabilities, { createIndexes: false });

const columns: readonly (readonly [ColumnSchema, type: string])[] = [
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
const all = table(
  "all_types",
  columns.map(([column]) => column),
);

/** The same row in each format, as the writers of the library put it. */
const row = {
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
const shown = {
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
const shownRow = Object.values(shown).map(String);
const nulls = columns.map(() => null);

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
    const path = join(newFolder(), "all_types.p1.parquet");
    const rowCount = await writeParquet(path);
    const file = await loadFile(newFolder(), all, "SELECT 1 AS bigint", { id: "unused" });
    expect(await run(client, { ...file, jobId: "all_types.p1.parquet", at: { path }, rowCount })).toMatchObject({
      rowCount: 2,
    });
    const written = new Set(batchColumns().map(({ name }) => name));
    const expected = Object.entries(shown).map(([name, value]) => (written.has(name) ? String(value) : null));
    expect(await rowsAsText(client)).toEqual([expected, nulls]);
  });
});

/** The row above and one of nulls, as the normalizer hands them on. */
function batchColumns(): readonly Column[] {
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

async function writeParquet(path: string): Promise<number> {
  const batch = { rowCount: 2, columns: batchColumns() };
  const target = {
    name: all.name,
    columns: batch.columns.map(({ name, type }) => ({ ...type, name, nullable: true })),
  };
  const chunks: Uint8Array[] = [];
  const format = parquet();
  const writer = format.open(target, {
    write: async (bytes) => {
      chunks.push(bytes.slice());
    },
    close: async () => writeFileSync(path, Buffer.concat(chunks)),
  });
  await writer.write(format.encode(batch, target));
  return (await writer.close()).rowCount;
}
