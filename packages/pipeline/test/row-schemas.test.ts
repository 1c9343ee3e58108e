import type { SchemaContractHint } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { resource, transformer } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const user = z.object({
  id: z.int(),
  email: z.email(),
  born: z.iso.date().optional(),
  seen: z.coerce.date(),
  score: z.union([z.int(), z.string()]),
  address: z.object({ city: z.string() }),
  tags: z.array(z.string()),
});
const ada = {
  id: 1,
  email: "ada@example.org",
  born: "1815-12-10",
  seen: "2026-01-05T06:00:00Z",
  score: 5,
  address: { city: "London" },
  tags: ["new"],
};
const columns =
  "SELECT column_name AS name, data_type AS type, is_nullable AS nullable FROM information_schema.columns WHERE table_name = 'users' AND column_name NOT LIKE '_dlt%' ORDER BY ordinal_position";

const users = (rows: readonly unknown[], schemaContract?: SchemaContractHint) =>
  resource({ name: "users", columns: user, ...(schemaContract !== undefined && { schemaContract }) }, () => rows);

test("a schema gives columns their types and rows their values", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(
    users([ada, { ...ada, id: 2, born: undefined, score: "high", address: { city: "London", zip: "W1" }, more: true }]),
  );
  expect(await machine.query(columns)).toEqual([
    { name: "id", type: "BIGINT", nullable: "NO" },
    { name: "email", type: "VARCHAR", nullable: "NO" },
    { name: "born", type: "DATE", nullable: "YES" },
    { name: "seen", type: "TIMESTAMP WITH TIME ZONE", nullable: "NO" },
    { name: "score", type: "VARCHAR", nullable: "NO" },
    { name: "address", type: "JSON", nullable: "NO" },
    { name: "tags", type: "JSON", nullable: "NO" },
  ]);
  expect(
    await machine.query(
      "SELECT id, CAST(born AS TEXT) AS born, epoch(seen) AS seen, score || '.' AS score, CAST(address AS TEXT) AS address, CAST(tags AS TEXT) AS tags FROM users ORDER BY id",
    ),
  ).toEqual([
    { id: 1, born: "1815-12-10", seen: 1767592800, score: "5.", address: '{"city":"London"}', tags: '["new"]' },
    { id: 2, born: null, seen: 1767592800, score: "high.", address: '{"city":"London"}', tags: '["new"]' },
  ]);
  expect(p.defaultSchema?.tables["users"]?.schemaContract).toEqual({
    tables: "evolve",
    columns: "discard_value",
    dataType: "freeze",
  });
});

test("`run` takes a schema for rows, and hints on top of one", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const price = z.object({ sku: z.string(), price: z.number() });
  const rows = [{ sku: "A1", price: 9.9, note: "cheap" }];
  await p.run(rows, { tableName: "prices", columns: price });
  expect(await machine.query("SELECT * EXCLUDE (_dlt_id, _dlt_load_id) FROM prices")).toEqual([
    { sku: "A1", price: 9.9 },
  ]);
  await expect(p.run([{ sku: "B7", price: "9.90" }], { tableName: "prices", columns: price })).rejects.toMatchObject({
    cause: { code: "SCHEMA_CONTRACT_DATA_TYPE", context: { table: "prices", column: "price" } },
  });

  const declared = resource({ name: "decimals", columns: price }, () => rows);
  await p.run(declared, { columns: { price: { dataType: "decimal", precision: 10, scale: 2 } } });
  expect(p.defaultSchema?.tables["decimals"]?.columns["price"]).toMatchObject({
    dataType: "decimal",
    precision: 10,
    scale: 2,
    nullable: false,
  });
  expect(await machine.query("SELECT CAST(price AS TEXT) AS price FROM decimals")).toEqual([{ price: "9.90" }]);
  await expect(p.run(declared, { schemaContract: { columns: "freeze" } })).rejects.toMatchObject({
    cause: { code: "SCHEMA_CONTRACT_COLUMN", context: { table: "decimals", column: "note" } },
  });
});

test("a frozen column is named with table and rule, and nothing is loaded", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const error: unknown = await p
    .run(users([{ ...ada, phone: "0123 456" }], { columns: "freeze" }))
    .catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(
    "Table `users`: column `phone` not found in the schema of its rows. The contract is `columns: freeze`.",
  );
  expect(String(error)).not.toContain("0123 456");
  expect(p.defaultSchema?.tables["users"]).toBeUndefined();
});

describe("a table that is refused", () => {
  test.each(["freeze", "discard_row", "discard_value"] as const)("by `tables: %s`", async (tables) => {
    const machine = await newMachine();
    const p = machine.pipeline({ rejects: "discarded" });
    const run = p.run(users([{ ...ada, id: "wrong" }, ada], { tables, dataType: "discard_row" }));
    if (tables === "freeze") {
      await expect(run).rejects.toMatchObject({ cause: { code: "SCHEMA_CONTRACT_TABLE" } });
      return;
    }
    expect((await run).rowCounts["users"]).toBeUndefined();
    expect(await machine.query("SELECT code, row_number FROM _dlt_rejects ORDER BY row_number")).toEqual([
      { code: "SCHEMA_CONTRACT_DATA_TYPE", row_number: 0 },
      { code: "SCHEMA_CONTRACT_TABLE", row_number: 1 },
    ]);
  });
});

describe("a schema that grows", () => {
  const before = z.object({ id: z.int(), extra: z.any().optional() });
  const after = z.object({ id: z.int(), name: z.string().optional(), extra: z.any().optional() });
  const bob = { id: 2, name: "Bob" };
  const more = { ...bob, extra: { a: 1 }, odd: true };

  test.each<[SchemaContractHint | undefined, object, readonly string[]]>([
    [undefined, more, ["id", "name", "extra__a"]],
    [{ columns: "freeze" }, bob, ["id", "name"]],
    [{ columns: "discard_value" }, more, ["id", "name"]],
  ])("under %j brings its columns", async (contract, row, expected) => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const made = (columns: typeof before | typeof after, rows: readonly unknown[]) =>
      resource({ name: "users", columns, ...(contract !== undefined && { schemaContract: contract }) }, () => rows);
    await p.run(made(before, [{ id: 1 }]));
    await p.run(made(after, [row]));
    const found = (await machine.query(columns)).map(({ name }) => name);
    expect(found).toEqual(expected);
    expect(await machine.query("SELECT name FROM users ORDER BY id")).toEqual([{ name: null }, { name: "Bob" }]);
  });

  test("and nothing else gets in", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const made = (rows: readonly unknown[]) =>
      resource(
        { name: "users", columns: { id: { dataType: "bigint" } }, schemaContract: { columns: "freeze" } },
        () => rows,
      );
    await p.run(made([{ id: 1 }]));
    const hinted = made([{ id: 2 }]).applyHints({ columns: { name: { dataType: "text" } } });
    await expect(p.run(hinted)).rejects.toMatchObject({ cause: { code: "SCHEMA_CONTRACT_COLUMN" } });
  });
});

test("rows that a schema rejects are kept, and loaded once the contract lets them in", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  const strict = { columns: "discard_row", dataType: "discard_row" } as const;
  const info = await p.run(
    users(
      [ada, { ...ada, id: 2, email: "none" }, { ...ada, id: 3, phone: "0123 456" }, { ...ada, id: 4, tags: ["a", 5] }],
      strict,
    ),
  );
  expect(info.rowCounts).toEqual({ users: 1 });
  expect(info.rejectedRows).toBe(3);
  expect(
    await machine.query(
      "SELECT table_name, row_number, path, column_name, code, reason FROM _dlt_rejects ORDER BY row_number",
    ),
  ).toEqual([
    {
      table_name: "users",
      row_number: 0,
      path: "$",
      column_name: "email",
      code: "SCHEMA_CONTRACT_DATA_TYPE",
      reason:
        "Table `users`: column `email` does not fit the schema of its rows. The contract is `dataType: discard_row`.",
    },
    {
      table_name: "users",
      row_number: 1,
      path: "$",
      column_name: "phone",
      code: "SCHEMA_CONTRACT_COLUMN",
      reason:
        "Table `users`: column `phone` not found in the schema of its rows. The contract is `columns: discard_row`.",
    },
    expect.objectContaining({ row_number: 2, column_name: "tags.*", code: "SCHEMA_CONTRACT_DATA_TYPE" }),
  ]);
  const replayed = await p.replayRejects({ schemaContract: "evolve" });
  expect(replayed.rowCounts).toEqual({ users: 3 });
  expect(await machine.query("SELECT id, email, phone FROM users ORDER BY id")).toEqual([
    { id: 1, email: ada.email, phone: null },
    { id: 2, email: "none", phone: null },
    { id: 3, email: ada.email, phone: "0123 456" },
    { id: 4, email: ada.email, phone: null },
  ]);
});

test("wrong values come in under `dataType: evolve`, converted or in columns of their own", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const schema = z.object({ id: z.int(), name: z.string(), points: z.int() });
  const made = resource({ name: "users", columns: schema, schemaContract: { dataType: "evolve" } }, () => [
    { id: 1, name: "Ada", points: 3 },
    { id: 2, points: "7" },
    { id: 3, name: "Cleo", points: "many" },
  ]);
  await p.run(made);
  expect(await machine.query("SELECT id, name, points, points__v_text FROM users ORDER BY id")).toEqual([
    { id: 1, name: "Ada", points: 3, points__v_text: null },
    { id: 2, name: null, points: 7, points__v_text: null },
    { id: 3, name: "Cleo", points: null, points__v_text: "many" },
  ]);
});

test("nested types become columns and tables where they are not to be JSON", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const made = resource({ name: "users", columns: user, skipNestedTypes: true }, () => [ada]);
  await p.run(made);
  expect((await machine.query(columns)).map(({ name }) => name)).toEqual([
    "id",
    "email",
    "born",
    "seen",
    "score",
    "address__city",
  ]);
  expect(await machine.query("SELECT value FROM users__tags")).toEqual([{ value: "new" }]);
});

test("each table of a resource gets the columns of the alternative that its rows are", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const event = z.discriminatedUnion("type", [
    z.object({ type: z.literal("created"), id: z.int(), at: z.iso.datetime() }),
    z.object({ type: z.literal("renamed"), id: z.int(), name: z.string() }),
  ]);
  const events = resource(
    { name: "events", columns: event, tableName: ({ type }: z.infer<typeof event>) => type },
    () => [
      { type: "created", id: 1, at: "2026-01-05T06:00:00Z" },
      { type: "renamed", id: 1, name: "Ada", extra: 1 },
    ],
  );
  await p.run(events);
  const of = (table: string) =>
    Object.keys(p.defaultSchema?.tables[table]?.columns ?? {}).filter((name) => !name.startsWith("_dlt"));
  expect(of("created")).toEqual(["type", "id", "at"]);
  expect(of("renamed")).toEqual(["type", "id", "name"]);
});

test("a transformer has a schema, too, and a schema may ask elsewhere", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const known = z.object({ login: z.string().refine(async (login) => login !== "nobody"), id: z.int() });
  const ids = resource({ name: "ids" }, () => [[{ id: 1 }, { id: 2 }]]);
  const details = transformer(
    { name: "details", columns: known, schemaContract: { dataType: "discard_row" }, parallelized: true },
    async ({ id }: { id: number }) => ({ id, login: id === 1 ? "ada" : "nobody" }),
  );
  await p.run(ids.pipe(details));
  expect(await machine.query("SELECT id, login FROM details")).toEqual([{ id: 1, login: "ada" }]);
});
