import { setImmediate } from "node:timers/promises";
import {
  type ColumnBatch,
  type Hints,
  incremental,
  materializeTableSchema,
  type Resource,
  resource,
  type Schema,
  transformer,
  withHints,
  withTableName,
} from "@dlt/core";
import { decodeBatch, formatSchema, newSchema, parseTable, setSchemaContract, updateTable } from "@dlt/core/engine";
import { describe, expect, test } from "vitest";
import { extractInput, plainRowsByTable, runExtract, sourceOf } from "../../test/extract-run.js";
import type { JsonValueDocument } from "../package/manifest.js";
import { extract } from "./extract.js";

const rows = [{ id: 1 }, { id: 2 }];

/** The schema that the updates of chunks and the tables of a result lead to, as text. */
function schemaBy(start: Schema, documents: readonly JsonValueDocument[]): string {
  const merged = documents.reduce(
    (schema, document) =>
      updateTable(schema, parseTable(JSON.stringify(document)), { normalizeIdentifiers: false, mergeCompound: false }),
    start,
  );
  return formatSchema(merged);
}

describe("chunks", () => {
  test("hold the rows of a resource as lines, and say what they are", async () => {
    const { chunks, result } = await runExtract({
      source: sourceOf(resource({ name: "My Items", primaryKey: "Id" }, () => rows)),
    });
    expect(chunks.map(({ entry }) => entry)).toEqual([
      {
        index: 0,
        resource: "My Items",
        table: "my_items",
        file: "000000.jsonl",
        framing: "lines",
        numbers: "objects",
        firstRow: 0,
        rowCount: 2,
        bytes: 18,
        update: [
          {
            name: "my_items",
            columns: { id: { name: "id", nullable: false, primary_key: true } },
            resource: "My Items",
            write_disposition: "append",
          },
        ],
      },
    ]);
    expect(new TextDecoder().decode(chunks[0]?.data)).toBe('{"id":1}\n{"id":2}\n');
    expect(result.resources).toEqual({ "My Items": { rowCount: 2, bytes: 18 } });
    expect(result.chunks).toEqual(chunks.map(({ entry }) => entry));
  });

  test("grow from a small one, and what was declared leads to the same schema", async () => {
    const many = resource({ name: "many", columns: { pad: { dataType: "text" } } }, function* () {
      for (let page = 0; page < 40; page++)
        yield Array.from({ length: 100 }, (_, row) => ({ id: page * 100 + row, pad: "x".repeat(100) }));
    });
    const settings = { firstChunkBytes: 20_000, chunkBytes: 100_000 };
    const start = newSchema("src");
    const { chunks, result } = await runExtract({ source: sourceOf(many), schema: start, settings });
    const sizes = chunks.map(({ data }) => data.length);
    const least = [20_000, 80_000, ...sizes.slice(2, -1).map(() => 100_000)];
    expect(least.every((bytes, index) => sizes[index] !== undefined && sizes[index] >= bytes)).toBe(true);
    expect(least.every((bytes, index) => Number(sizes[index]) < bytes + 30_000)).toBe(true);
    expect(chunks.map(({ entry }) => entry.firstRow)).toEqual(
      runningSums(chunks.map(({ entry }) => entry.rowCount ?? 0)),
    );
    expect(plainRowsByTable(chunks)["many"]).toHaveLength(4000);
    expect(schemaBy(start, [...chunks.flatMap(({ entry }) => entry.update), ...result.tables])).toBe(
      formatSchema(result.schema),
    );
  });

  test("are written before they are given, one at a time, numbered on from those before", async () => {
    const log: string[] = [];
    const large = [{ text: "x".repeat(100_000) }];
    const input = extractInput({
      source: sourceOf(
        resource({ name: "a" }, () => large),
        resource({ name: "b" }, () => large),
      ),
    });
    const extraction = extract({
      ...input,
      firstIndex: 7,
      writeFile: async (name) => {
        log.push(`write ${name}`);
        await setImmediate();
        log.push(`written ${name}`);
      },
      resourceFinished: async (name) => {
        log.push(`finished ${name}`);
      },
    });
    for await (const { entry } of extraction) log.push(`given ${entry.index}`);
    expect(log).toEqual([
      "write 000007.jsonl",
      "written 000007.jsonl",
      "given 7",
      "finished a",
      "write 000008.jsonl",
      "written 000008.jsonl",
      "given 8",
      "finished b",
    ]);
  });

  test("share a file when they are small, and stay in order", async () => {
    const files = new Map<string, string>();
    const small = Array.from({ length: 30 }, (_, id) => resource({ name: `small_${id}` }, () => [{ id }]));
    const large = resource({ name: "large" }, () => [{ text: "x".repeat(100_000) }]);
    const columns = resource({ name: "columns" }, () => ({
      rowCount: 1,
      columns: [
        { name: "id", type: { dataType: "bigint" }, validity: null, layout: "fixed", values: BigInt64Array.of(1n) },
      ],
    }));
    const extraction = extract({
      ...extractInput({ source: sourceOf(...small, large, columns), settings: { nextItemMode: "fifo" } }),
      firstIndex: 2,
      writeFile: async (name, content) => {
        if (content instanceof Uint8Array) files.set(name, new TextDecoder("latin1").decode(content));
      },
    });
    const given: [number, string, string][] = [];
    for await (const { entry, data } of extraction) {
      const { index, file, start, bytes } = entry;
      const content = files.get(file);
      expect(start === undefined ? content : content?.slice(start, start + bytes)).toBe(
        new TextDecoder("latin1").decode(data),
      );
      given.push([index, file, entry.resource]);
    }
    expect([...files.keys()]).toEqual(["000002.jsonl", "000032.jsonl", "000033.columns"]);
    expect(given.map(([, , name]) => name)).toEqual([...small.map((_, id) => `small_${id}`), "large", "columns"]);
    expect(given.map(([index]) => index)).toEqual(given.map((_, at) => at + 2));
  });

  test("text passes uncounted and is told apart from rows of objects", async () => {
    const text = { jsonText: new TextEncoder().encode('{"id":1.0}\n{"id":2}'), framing: "lines" } as const;
    const array = { jsonText: new TextEncoder().encode('[{"id":3},{"id":4.0}]'), framing: "array" } as const;
    const mixed = resource({ name: "mixed" }, () => [text, array, rows, text]);
    const { chunks, result } = await runExtract({ source: sourceOf(mixed) });
    expect(chunks.map(({ entry }) => [entry.numbers, entry.rowCount, entry.firstRow])).toEqual([
      ["text", null, 0],
      ["objects", 2, 3],
      ["text", null, 5],
    ]);
    expect(
      chunks.map(({ data }) =>
        new TextDecoder()
          .decode(data)
          .trim()
          .split(/\s*\n\s*/),
      ),
    ).toEqual([
      ['{"id":1.0}', '{"id":2}', '{"id":3}', '{"id":4.0}'],
      ['{"id":1}', '{"id":2}'],
      ['{"id":1.0}', '{"id":2}'],
    ]);
    expect(result.resources["mixed"]?.rowCount).toBeNull();
    expect(new TextDecoder().decode(array.jsonText)).toBe('[{"id":3},{"id":4.0}]');
  });

  test("a large text is cut between its values", async () => {
    const list = Array.from({ length: 1000 }, (_, id) => ({ id, text: "}],[{" }));
    const page = { jsonText: new TextEncoder().encode(JSON.stringify(list)), framing: "array" } as const;
    const settings = { firstChunkBytes: 1000, chunkBytes: 5000 };
    const { chunks } = await runExtract({ source: sourceOf(resource({ name: "big" }, () => page)), settings });
    expect(chunks.length).toBeGreaterThan(4);
    expect(plainRowsByTable(chunks)["big"]).toEqual(list);
    expect(chunks.reduce((sum, { entry }) => sum + (entry.rowCount ?? 0), 0)).toBe(1000);
  });

  test("columns are a chunk each", async () => {
    const batch: ColumnBatch = {
      rowCount: 2,
      columns: [
        { name: "id", type: { dataType: "bigint" }, validity: null, layout: "fixed", values: BigInt64Array.of(1n, 2n) },
      ],
    };
    const { chunks } = await runExtract({ source: sourceOf(resource({ name: "table" }, () => [rows, batch, rows])) });
    expect(
      chunks.map(({ entry }) => [entry.file, entry.framing, entry.rowCount, entry.firstRow, entry.update.length]),
    ).toEqual([
      ["000000.jsonl", "lines", 2, 0, 1],
      ["000001.columns", "columns", 2, 2, 0],
      ["000002.jsonl", "lines", 2, 4, 0],
    ]);
    expect(decodeBatch(chunks[1]?.data ?? new Uint8Array())).toEqual(batch);
  });

  test("encoded rows are refused", async () => {
    const page = { codec: "pgcopy", columns: [], bytes: new Uint8Array(1) };
    await expect(runExtract({ source: sourceOf(resource({ name: "copy" }, () => [page])) })).rejects.toMatchObject({
      code: "PAGE_ENCODING_UNSUPPORTED",
      context: { resource: "copy", page: 1 },
    });
  });

  test("together they stay within the buffer", async () => {
    const wide = resource({ name: "wide", tableName: (row: { table: string }) => row.table }, function* () {
      for (let page = 0; page < 20; page++)
        yield Array.from({ length: 50 }, (_, id) => ({ table: `t${id}`, pad: "x".repeat(1000) }));
    });
    const { chunks } = await runExtract({
      source: sourceOf(wide),
      settings: { firstChunkBytes: 1e6, chunkBytes: 1e6, bufferBytes: 200_000 },
    });
    expect(chunks.every(({ data }) => data.length < 20_000)).toBe(true);
    expect(Object.values(plainRowsByTable(chunks)).flat()).toHaveLength(1000);
  });
});

describe("tables", () => {
  test("a name by row divides pages, and the resource gets no table of its own", async () => {
    const numbers = resource(
      { name: "numbers", tableName: (n: number) => (n % 2 === 1 ? "odd_table" : "even_table") },
      () => [Array.from({ length: 10 }, (_, n) => n)],
    );
    const { chunks, result } = await runExtract({ source: sourceOf(numbers) });
    expect(plainRowsByTable(chunks)).toEqual({ odd_table: [1, 3, 5, 7, 9], even_table: [0, 2, 4, 6, 8] });
    expect([...result.schema.tables.keys()].filter((name) => !name.startsWith("_dlt"))).toEqual([
      "even_table",
      "odd_table",
    ]);
  });

  test("hints by row make their tables, also from JSON text", async () => {
    const hints: Hints = {
      tableName: (row: { kind: string }) => row.kind,
      primaryKey: (row: { kind: string; key: string }) => row.key,
    };
    const text = {
      jsonText: new TextEncoder().encode('{"kind":"a","key":"id","id":1.0}\n{"kind":"b","key":"no","no":2}'),
      framing: "lines",
    } as const;
    const { chunks } = await runExtract({ source: sourceOf(resource({ name: "kinds", ...hints }, () => [text])) });
    expect(chunks.map(({ entry, data }) => [entry.table, entry.numbers, new TextDecoder().decode(data)])).toEqual([
      ["a", "text", '{"kind":"a","key":"id","id":1.0}\n'],
      ["b", "text", '{"kind":"b","key":"no","no":2}\n'],
    ]);
    expect(chunks.map(({ entry }) => Object.keys(entry.update[0]?.["columns"] as object))).toEqual([["id"], ["no"]]);
  });

  test("marks send rows elsewhere and change hints on the way", async () => {
    const marked = resource({ name: "marked", primaryKey: "id" }, function* () {
      yield rows;
      yield withTableName([{ id: 3 }], "other");
      yield withHints([{ id: 4 }], { primaryKey: "key", columns: { key: { dataType: "text" } } });
      yield withHints([{ id: 5 }], { tableName: "variant", writeDisposition: "replace" }, { createTableVariant: true });
      yield [{ id: 6 }];
    });
    const { chunks, result } = await runExtract({ source: sourceOf(marked) });
    expect(plainRowsByTable(chunks)).toEqual({
      marked: [{ id: 1 }, { id: 2 }, { id: 4 }, { id: 6 }],
      other: [{ id: 3 }],
      variant: [{ id: 5 }],
    });
    const { marked: own, other, variant } = Object.fromEntries(result.schema.tables);
    const keys = (table: typeof own): readonly string[] =>
      [...(table?.columns.values() ?? [])].filter((column) => column.primaryKey === true).map((column) => column.name);
    expect([keys(own), keys(other), keys(variant)]).toEqual([["key"], ["id"], ["key"]]);
    expect([own?.writeDisposition, variant?.writeDisposition]).toEqual(["append", "replace"]);
    expect(
      schemaBy(
        newSchema("src"),
        chunks.flatMap(({ entry }) => entry.update),
      ),
    ).toBe(formatSchema(result.schema));
  });

  test("a simple cursor is a column; nested hints make nested tables; keys that are declared again replace those of before", async () => {
    const before = updateTable(
      newSchema("src"),
      parseTable(
        '{"name":"orders","resource":"orders","write_disposition":"append","columns":{"old":{"name":"old","nullable":false,"primary_key":true}},"x-normalizer":{"seen-data":true}}',
      ),
    );
    const orders = resource(
      {
        name: "orders",
        primaryKey: "id",
        maxTableNesting: 3,
        nestedHints: { lines: { columns: { price: { dataType: "decimal" } } } },
        incremental: incremental("at", { onCursorValueMissing: "include" }),
      },
      () => rows,
    );
    const { result } = await runExtract({ source: sourceOf(orders), schema: before });
    const table = result.schema.tables.get("orders");
    expect(table).toMatchObject({ "x-normalizer": { max_nesting: 3 } });
    expect([...(table?.columns.values() ?? [])]).toEqual([
      { name: "old", nullable: false },
      { name: "id", nullable: false, primaryKey: true },
      { name: "at", incremental: true },
    ]);
    expect(result.schema.tables.get("orders__lines")).toMatchObject({ parent: "orders" });
  });

  test("a contract refuses a table silently, or with an error", async () => {
    const schema = setSchemaContract(newSchema("src"), { tables: "discard_row" });
    const refused = await runExtract({ source: sourceOf(resource({ name: "a" }, () => rows)), schema });
    expect(refused.chunks).toEqual([]);
    expect(refused.result.schema.tables.has("a")).toBe(false);
    const frozen = setSchemaContract(newSchema("src"), "freeze");
    await expect(
      runExtract({ source: sourceOf(resource({ name: "a" }, () => rows)), schema: frozen }),
    ).rejects.toMatchObject({ name: "SchemaContractError" });
  });

  test("a new table whose columns are frozen may still grow in its first run", async () => {
    const { result } = await runExtract({
      source: sourceOf(resource({ name: "a", schemaContract: { columns: "freeze" } }, () => rows)),
    });
    expect(result.schema.tables.get("a")).toMatchObject({
      "x-normalizer": { "evolve-columns-once": true },
      schemaContract: { columns: "freeze" },
    });
  });
});

test("a hint that cannot be told names its row", async () => {
  const made = resource(
    {
      name: "a",
      tableName: (row: { id: number }) => {
        if (row.id === 2) throw new Error("no table");
        return "t";
      },
    },
    () => [[{ id: 1 }], [{ id: 1 }, { id: 2 }]],
  );
  await expect(runExtract({ source: sourceOf(made) })).rejects.toMatchObject({
    code: "RESOURCE_FAILED",
    context: { resource: "a", step: "write", page: 2, row: 2 },
  });
});

describe("no rows", () => {
  const seen = updateTable(
    newSchema("src"),
    parseTable(
      '{"name":"a","resource":"a","write_disposition":"replace","columns":{},"x-normalizer":{"seen-data":true}}',
    ),
  );
  const emptied = async (made: Resource, schema: Schema = newSchema("src")) => {
    const { chunks, result } = await runExtract({ source: sourceOf(made), schema });
    expect(chunks).toEqual([]);
    return {
      emptyTables: result.emptyTables,
      tables: result.tables.map(({ name }) => name),
      known: result.schema.tables.has("a"),
    };
  };

  test("nothing was yielded: nothing happens", async () => {
    expect(await emptied(resource({ name: "a" }, () => []))).toEqual({ emptyTables: [], tables: [], known: false });
  });

  test("an empty page declares the table", async () => {
    expect(await emptied(resource({ name: "a" }, () => [[]]))).toEqual({ emptyTables: [], tables: ["a"], known: true });
  });

  test("a page that steps leave empty does not", async () => {
    expect(await emptied(resource({ name: "a" }, () => [rows]).addFilter(() => false))).toMatchObject({
      tables: [],
      known: false,
    });
  });

  test("what is replaced gets an empty file if it holds data", async () => {
    const replaced = (): ReturnType<typeof resource> => resource({ name: "a", writeDisposition: "replace" }, () => []);
    expect((await emptied(replaced(), seen)).emptyTables).toEqual(["a"]);
    const nested = resource({ name: "a", writeDisposition: "replace", maxTableNesting: 1 }, () => [[]]);
    expect((await emptied(nested, seen)).emptyTables).toEqual(["a"]);
    expect((await emptied(replaced())).emptyTables).toEqual([]);
    expect(
      (
        await emptied(
          resource({ name: "a" }, () => []),
          seen,
        )
      ).emptyTables,
    ).toEqual([]);
  });

  test("a table that is to exist gets one", async () => {
    expect(await emptied(resource({ name: "a" }, () => [materializeTableSchema()]))).toEqual({
      emptyTables: ["a"],
      tables: ["a"],
      known: true,
    });
    const typed = resource({ name: "a" }, () => [
      withHints(materializeTableSchema(), { columns: { id: { dataType: "bigint" } } }),
    ]);
    const { result } = await runExtract({ source: sourceOf(typed) });
    expect(result.schema.tables.get("a")?.columns.get("id")).toMatchObject({ dataType: "bigint" });
  });
});

describe("state", () => {
  test("is kept by source and resource, and left as it was when nothing changes", async () => {
    const counting = resource({ name: "counting" }, ({ state, sourceState }) => {
      state["runs"] = ((state["runs"] as number | undefined) ?? 0) + 1;
      sourceState["seen"] = { deep: [1, 2.5, "x"] };
      return [{ run: state["runs"] }];
    });
    const first = await runExtract({ source: sourceOf(counting) });
    expect(first.result.sourcesState).toEqual(
      new Map([
        [
          "src",
          new Map<string, unknown>([
            ["resources", new Map([["counting", new Map([["runs", 1]])]])],
            ["seen", new Map([["deep", [1, 2.5, "x"]]])],
          ]),
        ],
      ]),
    );
    const second = await runExtract({ source: sourceOf(counting), sourcesState: first.result.sourcesState });
    expect(plainRowsByTable(second.chunks)).toEqual({ counting: [{ run: 2 }] });
    const idle = await runExtract({
      source: sourceOf(resource({ name: "idle" }, ({ state }) => [state])),
      sourcesState: second.result.sourcesState,
    });
    expect(idle.result.sourcesState.get("src")).not.toBeUndefined();
    const silent = await runExtract({
      source: sourceOf(resource({ name: "counting" }, ({ state }) => [{ ...state }])),
      sourcesState: second.result.sourcesState,
    });
    expect(silent.result.sourcesState).toBe(second.result.sourcesState);
  });

  test("of what is replaced is forgotten first", async () => {
    const made = (writeDisposition: "append" | "replace"): ReturnType<typeof resource> =>
      resource({ name: "a", writeDisposition, incremental: incremental("id", { initialValue: 0 }) }, () => [rows]);
    const { result } = await runExtract({ source: sourceOf(made("append")) });
    expect((await runExtract({ source: sourceOf(made("append")), sourcesState: result.sourcesState })).chunks).toEqual(
      [],
    );
    const again = await runExtract({ source: sourceOf(made("replace")), sourcesState: result.sourcesState });
    expect(plainRowsByTable(again.chunks)).toEqual({ a: rows });
  });

  test("that is no JSON is refused", async () => {
    const bad = resource({ name: "bad" }, ({ state }) => {
      state["f"] = () => 1;
      return [];
    });
    await expect(runExtract({ source: sourceOf(bad) })).rejects.toMatchObject({
      code: "SOURCE_STATE_INVALID",
      context: { source: "src" },
    });
  });
});

describe("resources that feed others", () => {
  const parent = (): ReturnType<typeof resource<"parent", { readonly id: number }[]>> =>
    resource({ name: "parent", selected: false }, () => [rows]);
  const doubled = transformer({ name: "doubled" }, (row: { id: number }) => ({ id: row.id * 2 }));
  const tripled = transformer({ name: "tripled" }, (row: { id: number }) => [{ id: row.id * 3 }]);

  test("are read once for all, and not written unless selected", async () => {
    let reads = 0;
    const head = resource({ name: "head" }, () => {
      reads++;
      return [rows];
    });
    const { chunks, result } = await runExtract({ source: sourceOf(head, head.pipe(doubled), head.pipe(tripled)) });
    expect(reads).toBe(1);
    expect(plainRowsByTable(chunks)).toEqual({
      head: rows,
      doubled: [{ id: 2 }, { id: 4 }],
      tripled: [{ id: 3 }, { id: 6 }],
    });
    expect(result.metrics.dag).toEqual([
      ["head", "head"],
      ["head", "doubled"],
      ["head", "tripled"],
    ]);
    const hidden = parent();
    const second = await runExtract({ source: sourceOf(hidden, hidden.pipe(doubled)) });
    expect(plainRowsByTable(second.chunks)).toEqual({ doubled: [{ id: 2 }, { id: 4 }] });
    expect(second.result.metrics.dag).toEqual([["parent", "doubled"]]);
  });

  test("hand on what leaves their last step", async () => {
    const head = parent()
      .addFilter(({ id }) => id > 1)
      .applyHints({ incremental: incremental("id") });
    const grandchild = head.pipe(doubled).pipe(tripled);
    const { chunks, result } = await runExtract({ source: sourceOf(grandchild) });
    expect(plainRowsByTable(chunks)).toEqual({ tripled: [{ id: 12 }] });
    expect(result.metrics.dag).toEqual([
      ["doubled", "tripled"],
      ["parent", "doubled"],
    ]);
  });
});

describe("metrics", () => {
  test("are summed by file, table and resource, and print the hints", async () => {
    const keyOf = (row: { id: number }): string => (row.id > 0 ? "id" : "");
    const { result } = await runExtract({
      source: sourceOf(
        resource({ name: "a", tableName: (row: { id: number }) => `t${row.id}`, primaryKey: keyOf }, () => rows),
        resource({ name: "b", writeDisposition: "replace", incremental: incremental("id") }, () => [rows]),
      ),
    });
    expect(result.metrics).toMatchObject({
      schemaName: "src",
      startedAt: new Date(1_714_000_000_000),
      tableMetrics: {
        t1: { itemsCount: 1, fileSize: 9 },
        t2: { itemsCount: 1, fileSize: 9 },
        b: { itemsCount: 2, fileSize: 18 },
      },
      resourceMetrics: { a: { itemsCount: 2, fileSize: 18 }, b: { itemsCount: 2, fileSize: 18 } },
      hints: {
        a: { writeDisposition: "append", primaryKey: "keyOf" },
        b: { writeDisposition: "replace", incremental: { cursorPath: "id", lastValueFunc: "max" } },
      },
    });
    expect(Object.keys(result.metrics.jobMetrics)).toEqual(["t1.000000.jsonl", "t2.000001.jsonl", "b.000002.jsonl"]);
  });
});

function runningSums(counts: readonly number[]): readonly number[] {
  let sum = 0;
  return counts.map((count) => {
    const before = sum;
    sum += count;
    return before;
  });
}
