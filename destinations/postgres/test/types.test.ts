import type { ColumnSchema } from "@dlt/core";
import { copyType } from "@dlt/postgres-copy";
import { columnType, storedColumnType } from "@dlt/sql";
import { sameNames } from "@dlt/test-loads";
import { describe, expect, it } from "vitest";
import { postgresCapabilities } from "../src/capabilities.js";
import { selectStoredColumns, storedColumn } from "../src/catalog.js";
import { postgresDialect } from "../src/dialect.js";
import type { Cell, Row } from "./columns.js";
import { fileColumn } from "./columns.js";
import { errorOf, formatNames, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

const dialect = postgresDialect(postgresCapabilities, { naming: sameNames, createIndexes: true });

const micros = 1_704_157_445_123_456n;

/** Columns, what they are stored as, a value as batches have it, and what the server says that it is. */
const columns: readonly (readonly [column: ColumnSchema, type: string, cell: Cell, shown: string])[] = [
  [{ name: "text", dataType: "text" }, "character varying", 'it\'s \\ \t\n"é" 😀', 'it\'s \\ \t\n"é" 😀'],
  [{ name: "empty", dataType: "text", nullable: false }, "character varying", "", ""],
  [{ name: "text_64", dataType: "text", precision: 64 }, "character varying(64)", "x".repeat(64), "x".repeat(64)],
  [{ name: "double", dataType: "double" }, "double precision", -1.5e-300, "-1.5e-300"],
  [{ name: "nan", dataType: "double" }, "double precision", Number.NaN, "NaN"],
  [{ name: "infinite", dataType: "double" }, "double precision", Number.NEGATIVE_INFINITY, "-Infinity"],
  [{ name: "bool", dataType: "bool" }, "boolean", true, "true"],
  [{ name: "date", dataType: "date" }, "date", 19_724, "2024-01-02"],
  [{ name: "time", dataType: "time" }, "time without time zone", 11_045_000_600n, "03:04:05.0006"],
  [{ name: "time_3", dataType: "time", precision: 3 }, "time(3) without time zone", 11_045_001_000n, "03:04:05.001"],
  [{ name: "timestamp", dataType: "timestamp" }, "timestamp with time zone", micros, "2024-01-02 01:04:05.123456+00"],
  [
    { name: "timestamp_3", dataType: "timestamp", precision: 3 },
    "timestamp(3) with time zone",
    micros - 456n,
    "2024-01-02 01:04:05.123+00",
  ],
  [
    { name: "naive", dataType: "timestamp", timezone: false },
    "timestamp without time zone",
    -1n,
    "1969-12-31 23:59:59.999999",
  ],
  [
    { name: "naive_0", dataType: "timestamp", timezone: false, precision: 0 },
    "timestamp(0) without time zone",
    micros - 123_456n,
    "2024-01-02 01:04:05",
  ],
  [{ name: "bigint", dataType: "bigint" }, "bigint", -(2n ** 63n), "-9223372036854775808"],
  [{ name: "bigint_8", dataType: "bigint", precision: 8 }, "smallint", -128, "-128"],
  [{ name: "bigint_16", dataType: "bigint", precision: 16 }, "smallint", 32_767, "32767"],
  [{ name: "bigint_32", dataType: "bigint", precision: 32 }, "integer", -2_147_483_648, "-2147483648"],
  [{ name: "bigint_33", dataType: "bigint", precision: 33 }, "bigint", 2 ** 40, "1099511627776"],
  [{ name: "decimal", dataType: "decimal" }, "numeric(38,9)", "-0.000000001", "-0.000000001"],
  [
    { name: "decimal_10_2", dataType: "decimal", precision: 10, scale: 2 },
    "numeric(10,2)",
    "12345678.90",
    "12345678.90",
  ],
  [{ name: "decimal_nan", dataType: "decimal" }, "numeric(38,9)", "NaN", "NaN"],
  [{ name: "wei", dataType: "wei" }, "numeric(156,78)", `1${"0".repeat(77)}`, `1${"0".repeat(77)}.${"0".repeat(78)}`],
  [{ name: "json", dataType: "json" }, "jsonb", '{"a": [1, "\\n\'"]}', '{"a": [1, "\\n\'"]}'],
  [{ name: "binary", dataType: "binary" }, "bytea", new TextEncoder().encode("a\\b'c"), "\\x615c622763"],
];
const all = table(
  "all_types",
  columns.map(([column]) => column),
);

describe("column types", () => {
  it.each(columns)("%o is stored as %s, and read back as what it is", (column, stored) => {
    const { dataType, precision, scale } = column;
    const read = storedColumnType(dialect, { type: stored });
    expect(read.dataType).toBe(dataType);
    if (dataType !== "bigint" && typeof precision === "number") expect(read.precision).toBe(precision);
    if (typeof scale === "number") expect(read.scale).toBe(scale);
  });

  it("are those in which values are written", async () => {
    const client = await openClient();
    await client.prepare(plan([all]));
    const dataset = { dialect, name: { schema: "ds" }, system: {} as never };
    const statement = selectStoredColumns(dataset, all.name);
    const rows = await query(client, statement.text, ...statement.values);
    const stored = rows.map(storedColumn);
    expect(stored.map(({ name, type }) => [name, type])).toEqual(columns.map(([{ name }, type]) => [name, type]));
    const written = columns.map(([column]) => copyType(fileColumn(column)));
    expect(stored.map(({ typeName }) => (typeName === "varchar" ? "text" : typeName))).toEqual(written);
  });

  it.each<ColumnSchema>([
    { name: "a", dataType: "bigint", precision: 65 },
    { name: "a", dataType: "timestamp", precision: 7 },
    { name: "a", dataType: "decimal", precision: 1001, scale: 0 },
    { name: "a", dataType: "decimal", precision: 2, scale: 3 },
  ])("do not hold %o", (column) => {
    expect(() => columnType(dialect, "t", column)).toThrow(
      expect.objectContaining({ code: "DESTINATION_TYPE_UNSUPPORTED" }),
    );
  });
});

describe.each(formatNames)("values in %s", (format) => {
  it("arrive as they are, also those that are missing", async () => {
    const client = await openClient();
    await client.prepare(plan([all]));
    const row: Row = Object.fromEntries(columns.map(([{ name }, , cell]) => [name, cell]));
    await run(client, await loadFile(newFolder(), all, [row, { empty: "" }], { format }));
    const shown = columns.map(([{ name }]) => `"${name}"::text`).join(", ");
    await query(client, "SET TIME ZONE 'UTC'");
    const rows = await query(client, `SELECT ${shown} FROM ds.all_types ORDER BY bool`);
    expect(rows).toEqual([
      columns.map(([, , , text]) => text),
      columns.map(([{ name }]) => (name === "empty" ? "" : null)),
    ]);
  });
});

it("times without an end arrive as such", async () => {
  const client = await openClient();
  const target = table("t", [
    { name: "at", dataType: "timestamp" },
    { name: "day", dataType: "date" },
  ]);
  await client.prepare(plan([target]));
  const rows = [
    { at: 2n ** 63n - 1n, day: 0x7fffffff },
    { at: -(2n ** 63n), day: -0x80000000 },
  ];
  await run(client, await loadFile(newFolder(), target, rows));
  expect(await query(client, "SELECT at::text, day::text FROM ds.t ORDER BY at DESC")).toEqual([
    ["infinity", "infinity"],
    ["-infinity", "-infinity"],
  ]);
});

describe("a stored column of another type", () => {
  const target = table("items", [
    { name: "id", dataType: "bigint", precision: 32 },
    { name: "v", dataType: "text" },
  ]);

  it.each<[column: ColumnSchema, altered: string, cell: Cell, shown: string]>([
    [{ name: "v", dataType: "bigint", precision: 16 }, "bigint", 5, "5"],
    [{ name: "v", dataType: "bigint" }, "integer", 5, "5"],
    [{ name: "v", dataType: "bigint" }, "numeric(30,2)", 5, "5.00"],
    [{ name: "v", dataType: "bigint" }, "text", 5, "5"],
    [{ name: "v", dataType: "text" }, "text", "a", "a"],
    [{ name: "v", dataType: "text" }, "varchar(2)", "ab", "ab"],
    [
      { name: "v", dataType: "text" },
      "uuid",
      "6b6e8202-aaaa-4083-9680-4b7408ba2863",
      "6b6e8202-aaaa-4083-9680-4b7408ba2863",
    ],
    [{ name: "v", dataType: "text" }, "jsonb", "[1]", "[1]"],
    [{ name: "v", dataType: "text" }, "ds.mood", "happy", "happy"],
    [{ name: "v", dataType: "text" }, "ds.short", "abc", "abc"],
    [{ name: "v", dataType: "json" }, "json", "[1]", "[1]"],
    [{ name: "v", dataType: "json" }, "varchar", "[1]", "[1]"],
    [{ name: "v", dataType: "decimal" }, "numeric", "1.5", "1.5"],
    [{ name: "v", dataType: "decimal" }, "numeric(4,1)", "1.5", "1.5"],
    [{ name: "v", dataType: "date" }, "timestamp", 0, "1970-01-01 00:00:00"],
    [{ name: "v", dataType: "timestamp" }, "timestamp(0) with time zone", 0, "1970-01-01 00:00:00+00"],
    [{ name: "v", dataType: "bool" }, "text", true, "true"],
  ])("takes %o as %s", async (column, altered, cell, shown) => {
    const client = await openClient();
    const given = table("items", [{ name: "id", dataType: "bigint", precision: 32 }, column]);
    await client.prepare(plan([given]));
    await query(client, "CREATE TYPE ds.mood AS ENUM ('happy')");
    await query(client, "CREATE DOMAIN ds.short AS varchar(5)");
    await query(client, "ALTER TABLE ds.items DROP COLUMN v");
    await query(client, `ALTER TABLE ds.items ADD COLUMN v ${altered}`);
    const rows = [{ id: 1, v: cell }, { id: 2 }];
    expect(await run(client, await loadFile(newFolder(), given, rows))).toMatchObject({ rowCount: 2 });
    await query(client, "SET TIME ZONE 'UTC'");
    expect(await query(client, "SELECT id, v::text FROM ds.items ORDER BY id")).toEqual([
      [1, shown],
      [2, null],
    ]);
    expect(await query(client, "SELECT to_regclass('pg_temp._dlt_loaded')::text")).toEqual([[null]]);
  });

  it.each<[column: ColumnSchema, altered: string, cell: Cell]>([
    [{ name: "v", dataType: "double" }, "integer", 1.5],
    [{ name: "v", dataType: "double" }, "numeric", 0.1],
    [{ name: "v", dataType: "decimal" }, "double precision", "0.1"],
    [{ name: "v", dataType: "bigint" }, "double precision", 2n ** 60n],
    [{ name: "v", dataType: "timestamp" }, "timestamp without time zone", 0],
    [{ name: "v", dataType: "timestamp", timezone: false }, "timestamp with time zone", 0],
    [{ name: "v", dataType: "timestamp" }, "date", 0],
    [{ name: "v", dataType: "binary" }, "text", "a"],
    [{ name: "v", dataType: "text" }, "bytea", "a"],
    [{ name: "v", dataType: "bool" }, "integer", true],
  ])("does not take %o as %s", async (column, altered, cell) => {
    const client = await openClient();
    const given = table("items", [{ name: "id", dataType: "bigint", precision: 32 }, column]);
    await client.prepare(plan([given]));
    await query(client, "ALTER TABLE ds.items DROP COLUMN v");
    await query(client, `ALTER TABLE ds.items ADD COLUMN v ${altered}`);
    const error = await errorOf(run(client, await loadFile(newFolder(), given, [{ id: 1, v: cell }])));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_COLUMN_TYPE_DIFFERS", false]);
    expect(error.message).toContain(`Column \`v\` of table \`items\` is stored as \`${altered}\``);
    expect(await query(client, "SELECT count(*) FROM ds.items")).toEqual([[0]]);
  });

  it("refuses a value that it cannot hold, and keeps nothing", async () => {
    const client = await openClient();
    await client.prepare(plan([target]));
    await query(client, "ALTER TABLE ds.items ALTER COLUMN id TYPE smallint");
    const error = await errorOf(run(client, await loadFile(newFolder(), target, [{ id: 1 }, { id: 77_777 }])));
    expect(error.code).toBe("DESTINATION_VALUE_REFUSED");
    expect(await query(client, "SELECT count(*) FROM ds.items")).toEqual([[0]]);
  });

  it("may have others beside it that the file does not know", async () => {
    const client = await openClient();
    await client.prepare(plan([target]));
    await query(
      client,
      "ALTER TABLE ds.items ADD COLUMN more text DEFAULT 'x', ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED",
    );
    await run(client, await loadFile(newFolder(), target, [{ v: "a", id: 1 }]));
    expect(await query(client, "SELECT id, v, more, twice FROM ds.items")).toEqual([[1, "a", "x", 2]]);
  });
});
