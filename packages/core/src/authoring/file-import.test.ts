import * as flechette from "@uwdata/flechette";
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import type { Resource } from "../contract/resource.js";
import { isDltError } from "../errors/index.js";
import { plainEnvironment } from "../reading/environment.js";
import type { Item } from "../reading/item.js";
import { itemsOf } from "../reading/items-of.js";
import { readItems } from "../reading/read-items.js";
import { withFileImport } from "./file-import.js";
import { incremental } from "./incremental.js";
import { unmarked, withHints, withTableName } from "./marks.js";
import { resource } from "./resource.js";
import { sqlModel } from "./sql-model.js";
import { transformer } from "./transformer.js";

const model = sqlModel("SELECT 1 AS id", { dialect: "duckdb" });

async function itemsFrom(given: unknown): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of itemsOf(given, { gather: () => 100, single: false })) items.push(item);
  return items;
}

async function read(made: Parameters<typeof readItems>[0]): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { kind } of readItems(made, plainEnvironment(new AbortController().signal))) kinds.push(kind);
  return kinds;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isDltError(error)) throw error ?? new Error("There was no error.");
  return error.code;
}

describe("items", () => {
  test("a file and a query are items of their own, between rows", async () => {
    const items = await itemsFrom([{ a: 1 }, withFileImport("a.csv", "csv"), { a: 2 }, model]);
    expect(items.map(({ kind }) => kind)).toEqual(["rows", "file", "rows", "model"]);
    expect(items[1]).toMatchObject({ file: { path: "a.csv", format: "csv", rowCount: null } });
    expect(items[3]).toMatchObject({ model: { query: "SELECT 1 AS id", dialect: "duckdb" } });
  });

  test("they may be handed over without a list", async () => {
    expect(await itemsFrom(withFileImport("a.csv", "csv", { rowCount: 3 }))).toMatchObject([
      { kind: "file", file: { rowCount: 3 } },
    ]);
    expect(await itemsFrom(model)).toMatchObject([{ kind: "model", mark: null }]);
  });

  test("marks of others are kept beside those of the file", async () => {
    const file = withFileImport("a.csv", "csv", { hints: { primaryKey: "id" } });
    const [named] = await itemsFrom(withTableName(file, "t"));
    expect(named?.mark).toMatchObject({ tableName: "t", hints: { primaryKey: "id" } });
    const [hinted] = await itemsFrom(withHints(model, { primaryKey: "id" }));
    expect(hinted).toMatchObject({ kind: "model", mark: { hints: { primaryKey: "id" } } });
  });

  test("rows may have a field of the brand's name", async () => {
    const rows = [{ "~dlt": "row" }];
    expect(await itemsFrom(rows)).toMatchObject([{ kind: "rows", rows }]);
  });
});

describe("nothing looks into them", () => {
  const files = () => resource({ name: "files" }, () => [withFileImport("a.csv", "csv"), model]);
  const first = () => resource({ name: "files" }, () => [withFileImport("a.csv", "csv")]);
  const queries = () => resource({ name: "queries" }, () => [model]);

  test("they pass where there is no step, and count as one item for limits", async () => {
    expect(await read(files())).toEqual(["file", "model"]);
    expect(await read(files().addLimit(1))).toEqual(["file"]);
    expect(await read(files().addLimit({ maxItems: 2, countRows: true }))).toEqual(["file", "model"]);
  });

  test.each([
    ["map", (made: Resource) => made.addMap((row) => row)],
    ["filter", (made: Resource) => made.addFilter(() => true)],
    ["yieldMap", (made: Resource) => made.addYieldMap((row) => [row])],
    ["a cursor", (made: Resource) => made.applyHints({ incremental: incremental("id") })],
    ["a transformer", (made: Resource) => made.pipe(transformer({ name: "t" }, (row: unknown) => [row]))],
  ])("%s refuses them", async (_, behind) => {
    expect(await codeOf(read(behind(first())))).toBe("PAGE_WITHOUT_ROWS");
    expect(await codeOf(read(behind(queries())))).toBe("PAGE_WITHOUT_ROWS");
  });

  test("nor does iterating without a pipeline", async () => {
    await expect(first()[Symbol.asyncIterator]().next()).rejects.toThrow("The file `a.csv` is loaded as it is");
  });
});

describe("hints of columns", () => {
  const columnsOf = (hints: Parameters<typeof withFileImport>[2]) =>
    unmarked(withFileImport("a", "csv", hints))?.mark.hints?.columns;
  const fields = [
    new arrow.Field("id", new arrow.Int64(), false),
    new arrow.Field("small", new arrow.Int16(), true),
    new arrow.Field("price", new arrow.Decimal(2, 10), true),
    new arrow.Field("at", new arrow.TimestampMicrosecond(), true),
    new arrow.Field("tags", new arrow.List(new arrow.Field("item", new arrow.Utf8())), true),
    new arrow.Field("nothing", new arrow.Null(), true),
  ];
  const expected = [
    { name: "id", dataType: "bigint", nullable: false },
    { name: "small", dataType: "bigint", precision: 16 },
    { name: "price", dataType: "decimal", precision: 10, scale: 2 },
    { name: "at", dataType: "timestamp", precision: 6 },
    { name: "tags", dataType: "json" },
  ];

  test("are those of an Arrow schema or table, without its rows", () => {
    const schema = new arrow.Schema(fields);
    expect(columnsOf({ hints: schema })).toEqual(expected);
    expect(columnsOf({ hints: new arrow.Table(schema) })).toEqual(expected);
  });

  test("of the other Arrow package too", () => {
    const table = flechette.tableFromArrays({ id: [1] }, { types: { id: flechette.int64() } });
    const columns = [{ name: "id", dataType: "bigint" }];
    expect(columnsOf({ hints: table })).toEqual(columns);
    expect(columnsOf({ hints: table.schema })).toEqual(columns);
  });

  test("are those of a column batch", () => {
    const at = {
      name: "at",
      type: { dataType: "timestamp", precision: 3, timezone: false },
      validity: null,
      layout: "fixed",
      values: new BigInt64Array(0),
    } as const;
    expect(columnsOf({ hints: { rowCount: 0, columns: [at] } })).toEqual([
      { name: "at", dataType: "timestamp", precision: 3 },
    ]);
  });

  test("are taken as they are where they are hints", () => {
    expect(columnsOf({ hints: { columns: { id: { dataType: "text" } } } })).toEqual({ id: { dataType: "text" } });
    expect(columnsOf({})).toBeUndefined();
  });
});

test.each([
  ["an empty path", () => withFileImport("", "csv")],
  ["a path with a null character", () => withFileImport("a\0b", "csv")],
  ["a format that is no name", () => withFileImport("a.csv", "../csv")],
  ["a format with a dot", () => withFileImport("a.csv.gz", "csv.gz")],
  ["a negative number of rows", () => withFileImport("a.csv", "csv", { rowCount: -1 })],
  ["an empty query", () => sqlModel(" ", { dialect: "duckdb" })],
  ["a dialect over two lines", () => sqlModel("SELECT 1", { dialect: "duck\ndb" })],
])("%s is refused", (_, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "RESOURCE_OPTION_INVALID" }));
});
