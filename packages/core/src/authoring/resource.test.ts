import { describe, expect, test } from "vitest";
import { SourceError } from "../errors/index.js";
import { isResource, isTransformer, resourceDefinition } from "./brand.js";
import { cloneResources } from "./clone-resource.js";
import { incremental } from "./incremental.js";
import { resource } from "./resource.js";
import { source } from "./source.js";
import { transformer } from "./transformer.js";

const numbers = (): ReturnType<typeof resource<"numbers", { readonly n: number }[]>> =>
  resource({ name: "numbers" }, () => [{ n: 1 }, { n: 2 }, { n: 3 }]);

async function rowsOf<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

describe("resource", () => {
  test("appends unless it says otherwise", () => {
    expect(resourceDefinition(numbers()).hints).toEqual({ writeDisposition: "append" });
    const replaced = resource({ name: "r", writeDisposition: "replace" }, () => []);
    expect(resourceDefinition(replaced).hints?.writeDisposition).toBe("replace");
  });

  test("is known across copies of the package by its brand", () => {
    expect(isResource(numbers())).toBe(true);
    expect(isResource({ name: "numbers" })).toBe(false);
    expect(isTransformer(transformer({ name: "t" }, () => []))).toBe(true);
    expect(isTransformer(numbers())).toBe(false);
  });

  test.each([[""], [undefined], [3]])("refuses the name %j", (name) => {
    expect(() => resource({ name: name as string }, () => [])).toThrow(
      expect.objectContaining({ code: "RESOURCE_NAME_MISSING" }),
    );
  });

  test("refuses rows in the place of a function", () => {
    expect(() => resource({ name: "r" }, [{ a: 1 }] as never)).toThrow(
      expect.objectContaining({ code: "RESOURCE_DATA_UNSUPPORTED" }),
    );
  });

  test("changes itself and gives itself back", async () => {
    const source = numbers();
    const changed = source.addFilter(({ n }) => n > 1).addMap(({ n }) => ({ m: n * 10 }));
    expect(changed).toBe(source);
    expect(await rowsOf(changed)).toEqual([{ m: 20 }, { m: 30 }]);
  });

  test("has its steps before the cursor, and the limit behind it, whatever order they are added in", () => {
    const made = numbers()
      .addLimit(5)
      .applyHints({ incremental: incremental("n") })
      .addMap((row) => row)
      .addFilter(() => true)
      .addLimit(2)
      .applyHints({ incremental: incremental("n", { initialValue: 1 }) });
    const { steps } = resourceDefinition(made);
    expect(steps.map(({ kind }) => kind)).toEqual(["map", "filter", "incremental", "limit"]);
    expect(steps[3]).toEqual({ kind: "limit", limit: { maxItems: 2 } });
    expect(steps[2]).toMatchObject({ cursor: { initialValue: 1 } });
    made.applyHints({ incremental: null });
    expect(resourceDefinition(made).steps.map(({ kind }) => kind)).toEqual(["map", "filter", "limit"]);
  });

  test.each<[limit: unknown, message: string]>([
    [-2, "`maxItems`"],
    [{ maxItems: 1.5 }, "`maxItems`"],
    [{ maxItems: Number.NaN }, "got `NaN`"],
    ["3", 'got `"3"`'],
    [undefined, "got `undefined`"],
    [[3], "got `3`"],
    [{ maxItems: "3" }, 'got `"3"`'],
    [{ maxItems: null }, "or -1 for no limit"],
    [{ max_items: 3 }, 'to be `maxItems`, `maxTimeMs`, `countRows`, got `"max_items"`'],
    [{ maxTimeMs: "1s" }, "`maxTimeMs`"],
    [{ maxTimeMs: Number.NaN }, "`maxTimeMs`"],
    [{ maxItems: 3, countRows: "yes" }, "`countRows`"],
  ])("refuses the limit %j", (limit, message) => {
    expect(() => numbers().addLimit(limit as number)).toThrow(
      expect.objectContaining({ code: "RESOURCE_OPTION_INVALID", message: expect.stringContaining(message) }),
    );
  });

  test("has no limit any more after `addLimit(null)`", async () => {
    expect(await rowsOf(numbers().addLimit(1).addLimit(null))).toHaveLength(3);
  });

  test.each<[call: string, use: (made: ReturnType<typeof numbers>) => unknown, code: string]>([
    ["addMap", (made) => made.addMap("x" as never), "RESOURCE_OPTION_INVALID"],
    ["addFilter", (made) => made.addFilter(undefined as never), "RESOURCE_OPTION_INVALID"],
    ["addYieldMap", (made) => made.addYieldMap({} as never), "RESOURCE_OPTION_INVALID"],
    ["addMetrics", (made) => made.addMetrics(1 as never), "RESOURCE_OPTION_INVALID"],
    ["selectTables", (made) => made.selectTables(["a", "b"] as never), "RESOURCE_OPTION_INVALID"],
    ["applyHints", (made) => made.applyHints(null as never), "RESOURCE_OPTION_INVALID"],
    ["pipe", (made) => made.pipe(undefined as never), "RESOURCE_NOT_A_TRANSFORMER"],
    ["pipe", (made) => made.pipe(resource({ name: "q" }, () => []) as never), "RESOURCE_NOT_A_TRANSFORMER"],
    ["pipe", (made) => made.pipe(source({ name: "s" }, () => []) as never), "RESOURCE_NOT_A_TRANSFORMER"],
  ])("refuses in `%s` what is not for it, and stays as it was", (call, use, code) => {
    const made = numbers();
    const before = resourceDefinition(made);
    expect(() => use(made)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(`\`${call}\``),
        context: { resource: "numbers" },
      }),
    );
    expect(resourceDefinition(made)).toBe(before);
  });

  test("is piped to functions: a generator replaces a row by any number of rows, others by one", async () => {
    const made = numbers();
    const piped = made
      .pipe(function* ({ n }) {
        for (let m = 0; m < n; m++) yield { m };
      })
      .pipe(async function* (row) {
        if (row.m > 0) yield row;
      })
      .pipe(async ({ m }) => ({ m: m * 10 }))
      .pipe(({ m }) => ({ text: String(m) }));
    expect(piped).toBe(made);
    expect(resourceDefinition(made).steps.map(({ kind }) => kind)).toEqual(["yieldMap", "yieldMap", "map", "map"]);
    expect(await rowsOf(piped)).toEqual([{ text: "10" }, { text: "10" }, { text: "20" }]);
  });

  test("refuses a limit on a transformer and names its parent", () => {
    const piped = numbers().pipe(transformer({ name: "t" }, (row: { n: number }) => row));
    expect(() => piped.addLimit(1)).toThrow(/`numbers`/);
  });

  test("can be iterated again and again", async () => {
    const made = numbers();
    expect(await rowsOf(made)).toEqual(await rowsOf(made));
  });

  test("stops its generator when the iteration ends early", async () => {
    let closed = false;
    const made = resource({ name: "endless" }, async function* () {
      try {
        for (let n = 0; ; n++) yield [{ n }, { n }];
      } finally {
        closed = true;
      }
    });
    for await (const { n } of made) if (n === 3) break;
    expect(closed).toBe(true);
  });

  test("gives its function empty state that is forgotten", async () => {
    const made = resource({ name: "stateful" }, ({ state, sourceState }) => {
      const seen = { ...state, ...sourceState };
      state["x"] = 1;
      sourceState["y"] = 1;
      return [{ seen }];
    });
    expect(await rowsOf(made)).toEqual([{ seen: {} }]);
    expect(await rowsOf(made)).toEqual([{ seen: {} }]);
  });
});

describe("copies", () => {
  test("withName copies the parents too and renames them", () => {
    const r1 = resource({ name: "_r1" }, () => [{ a: 1 }]);
    const t1 = r1.pipe(transformer({ name: "_t1" }, (row: { a: number }) => row));
    const clone = t1.withName("pipe_clone");
    expect([parentName(t1), parentName(clone), clone.name]).toEqual(["_r1", "_r1_pipe_clone", "pipe_clone"]);
    expect(parentName(clone.withName("pipe_clone_2"))).toBe("_r1_pipe_clone_2");
    clone.addMap((row) => row);
    expect(resourceDefinition(t1).steps).toEqual([]);
  });

  test("what two resources share is shared by their copies", () => {
    const parent = numbers();
    const a = parent.pipe(transformer({ name: "a" }, (row: { n: number }) => row));
    const b = parent.pipe(transformer({ name: "b" }, (row: { n: number }) => row));
    const copies = cloneResources([a, b]);
    const [copyA, copyB] = [copies.get(a), copies.get(b)];
    if (copyA === undefined || copyB === undefined) throw new Error("A copy is missing.");
    expect(parentOf(copyA)).toBe(parentOf(copyB));
    expect(parentOf(copyA)).not.toBe(parent);
  });
});

function parentOf(made: Parameters<typeof resourceDefinition>[0]): unknown {
  const { body } = resourceDefinition(made);
  if (body.kind === "reader") throw new SourceError("RESOURCE_NOT_CONNECTED", "The resource has no parent.");
  return body.parent;
}

function parentName(made: Parameters<typeof resourceDefinition>[0]): string {
  return (parentOf(made) as { readonly name: string }).name;
}
