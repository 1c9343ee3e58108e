import { describe, expect, test } from "vitest";
import { incremental } from "../authoring/incremental.js";
import { withTableName } from "../authoring/marks.js";
import { resource } from "../authoring/resource.js";
import { transformer } from "../authoring/transformer.js";
import type { Resource } from "../contract/resource.js";
import { encodeRows } from "../json/encode-rows.js";
import { plainEnvironment, type ReadEnvironment } from "./environment.js";
import type { Item } from "./item.js";
import { readItems } from "./read-items.js";

const environment = (changes: Partial<ReadEnvironment> = {}): ReadEnvironment => ({
  ...plainEnvironment(new AbortController().signal),
  source: "src",
  ...changes,
});

async function itemsOf(made: Resource, changes: Partial<ReadEnvironment> = {}): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of readItems(made, environment(changes))) if (item.kind !== "checkpoint") items.push(item);
  return items;
}

/** Pages as lists, rows that were yielded one by one as they are. */
async function yielded(made: Resource, changes: Partial<ReadEnvironment> = {}): Promise<unknown[]> {
  const items = await itemsOf(made, changes);
  return items.flatMap((item) => (item.kind !== "rows" ? [item.kind] : item.singly ? item.rows : [item.rows]));
}

function pages(...list: readonly unknown[]): Resource<number> {
  return resource({ name: "numbers" }, function* () {
    yield* list as number[];
  });
}

describe("steps", () => {
  test("map maps each row, drops a single row for which it gives nothing, keeps null within a page", async () => {
    const map = (n: number): number | null => (n === 2 ? null : n * 10);
    expect(await yielded(pages(1, 2, 3).addMap(map))).toEqual([10, 30]);
    expect(await yielded(pages([1, 2, 3], []).addMap(map))).toEqual([[10, null, 30], []]);
  });

  test("map waits for promises, some at a time, and keeps the order", async () => {
    let running = 0;
    let most = 0;
    const slow = async (n: number): Promise<number> => {
      running++;
      most = Math.max(most, running);
      for (let turn = 0; turn < (n % 3) * 5; turn++) await undefined;
      running--;
      return n * 10;
    };
    expect(await yielded(pages([1, 2, 3, 4, 5, 6]).addMap(slow), { maxParallelItems: 3 })).toEqual([
      [10, 20, 30, 40, 50, 60],
    ]);
    expect(most).toBe(3);
  });

  test("filter takes rows out; a page that it leaves empty is gone, one that was empty passes", async () => {
    const isEven = (n: number): boolean => n % 2 === 0;
    expect(await yielded(pages([1, 2], [1], [], 2, 3).addFilter(isEven))).toEqual([[2], [], 2]);
  });

  test("filter waits for promises, some at a time, and keeps the order", async () => {
    let running = 0;
    let most = 0;
    const isEven = async (n: number): Promise<boolean> => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < (n % 3) * 5; turn++) await undefined;
      running--;
      return n % 2 === 0;
    };
    const made = pages([1, 2, 3, 4, 5, 6], [1], 2, 3).addFilter(isEven);
    expect(await yielded(made, { maxParallelItems: 3 })).toEqual([[2, 4, 6], 2]);
    expect(most).toBe(3);
  });

  test("metrics wait for what they count, and its errors have a place", async () => {
    const metrics: Record<string, unknown> = {};
    const made = pages([1, 2], [3]).addMetrics(async (rows, counted) => {
      await undefined;
      if (rows.includes(3)) throw new RangeError("three");
      counted["seen"] = rows.length;
    });
    await expect(yielded(made, { resourceMetrics: () => metrics })).rejects.toMatchObject({
      context: { resource: "numbers", step: "metrics (step 1)", page: 2 },
      cause: expect.any(RangeError),
    });
    expect(metrics).toEqual({ seen: 2 });
  });

  test("yieldMap gives any number of rows for one, one by one", async () => {
    const repeat = function* (n: number): Generator<number> {
      for (let i = 0; i < n; i++) yield n;
    };
    expect(await yielded(pages([1, 2, 0], [], 3).addYieldMap(repeat))).toEqual([1, 2, 2, [], 3, 3, 3]);
    expect(await yielded(pages([1, 2]).addYieldMap((n) => [n, n]))).toEqual([1, 1, 2, 2]);
    expect(await yielded(pages([1]).addYieldMap(() => [[7, 8]] as never))).toEqual([[7, 8]]);
  });

  test("marks pass", async () => {
    const marked = resource({ name: "marked" }, () => [withTableName([1, 2], "t")]);
    const items = await itemsOf(
      marked
        .addMap((n) => n)
        .addFilter(() => true)
        .addYieldMap((n) => [n]),
    );
    expect(items).toMatchObject([{ rows: [1, 2], mark: { tableName: "t" } }]);
  });

  test("steps see the rows of JSON text as plain objects, and of columns", async () => {
    const text = { jsonText: encodeRows([{ n: 1 }, { n: 9007199254740993n }]), framing: "lines" } as const;
    const columns = {
      rowCount: 2,
      columns: [
        {
          name: "n",
          type: { dataType: "bigint" },
          validity: Uint8Array.of(1),
          layout: "fixed",
          values: BigInt64Array.of(5n, 0n),
        },
      ],
    } as const;
    const seen = resource({ name: "pages" }, () => [text, columns] as never).addMap((row) => row);
    expect(await yielded(seen)).toEqual([
      [{ n: 1 }, { n: 9007199254740993n }],
      [{ n: 5 }, { n: null }],
    ]);
  });

  test("text passes as it is where no step looks at it", async () => {
    const text = { jsonText: encodeRows([{ n: 1 }]), framing: "lines" } as const;
    expect(await itemsOf(resource({ name: "text" }, () => [text]))).toEqual([{ kind: "text", text, mark: null }]);
  });
});

describe("limits", () => {
  const pulledPages = (list: readonly unknown[]) => {
    const state = { pulls: 0, closed: false };
    const made = resource({ name: "pulled" }, function* () {
      try {
        for (const page of list) {
          state.pulls++;
          yield page as number;
        }
      } finally {
        state.closed = true;
      }
    });
    return { made, state };
  };

  test.each<[string, unknown[], Parameters<Resource["addLimit"]>[0], unknown[], number]>([
    ["single rows", [1, 2, 3, 4, 5], 3, [1, 2, 3], 3],
    [
      "rows of pages, which are not cut",
      [
        [1, 2, 3],
        [4, 5],
        [6, 7],
      ],
      { maxItems: 3, countRows: true },
      [[1, 2, 3]],
      1,
    ],
    [
      "rows over two pages",
      [
        [1, 2, 3],
        [4, 5],
        [6, 7],
      ],
      { maxItems: 4, countRows: true },
      [
        [1, 2, 3],
        [4, 5],
      ],
      2,
    ],
    ["an empty page is an item", [[], [], []], 1, [[]], 1],
    ["but has no rows", [[], [], []], { maxItems: 1, countRows: true }, [[], [], []], 3],
    ["nothing at all", [1, 2], 0, [], 0],
    ["no limit", [1, 2], -1, [1, 2], 2],
  ])("%s", async (_, list, limit, expected, pulls) => {
    const { made, state } = pulledPages(list);
    expect(await yielded(made.addLimit(limit))).toEqual(expected);
    expect(state.pulls).toBe(pulls);
    expect(state.closed).toBe(pulls > 0);
  });

  test("count what passes the filters, and pull no more than needed", async () => {
    const { made, state } = pulledPages(Array.from({ length: 10 }, (_, n) => [n]));
    expect(await yielded(made.addLimit(2).addFilter((n) => (n as unknown as number) % 2 === 0))).toEqual([[0], [2]]);
    expect(state.pulls).toBe(3);
    const singly = pulledPages(Array.from({ length: 10 }, (_, n) => n));
    expect(await yielded(singly.made.addLimit(2).addFilter((n) => n % 2 === 0))).toEqual([0, 2]);
    expect(singly.state.pulls).toBe(3);
  });

  test("by time stop after the item that is over it", async () => {
    let now = 0;
    const { made, state } = pulledPages([[1], [2], [3], [4]]);
    const clocked = made.addMap((row) => {
      now += 60;
      return row;
    });
    expect(await yielded(clocked.addLimit({ maxTimeMs: 100 }), { nowMs: () => now })).toEqual([[1], [2]]);
    expect(state.pulls).toBe(2);
  });
});

describe("transformers", () => {
  const piped = (
    options: { readonly by?: "page"; readonly parallelized?: boolean },
    each: (row: never) => unknown,
  ): Resource =>
    pages([1, 2], 3).pipe(
      transformer({ name: "made", ...options } as { name: "made" }, each as (row: number) => unknown),
    ) as Resource;

  test("get one row at a time; an object is a row, an array a page, nothing is nothing", async () => {
    expect(await yielded(piped({}, (n: number) => ({ n })))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(await yielded(piped({}, (n: number) => (n === 2 ? null : [{ n }])))).toEqual([[{ n: 1 }], [{ n: 3 }]]);
    expect(await yielded(piped({}, async (n: number) => ({ n })))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const generator = async function* (n: number): AsyncGenerator<unknown> {
      yield [n];
      yield n;
    };
    expect(await yielded(piped({}, generator))).toEqual([[1], 1, [2], 2, [3], 3]);
  });

  test("get whole pages if they ask for them", async () => {
    expect(
      await yielded(piped({ by: "page" }, (rows: readonly number[]) => [{ sum: rows.reduce((a, b) => a + b) }])),
    ).toEqual([[{ sum: 3 }], [{ sum: 3 }]]);
  });

  test("several calls at a time, across pages, results in the order of the rows", async () => {
    const finish = new Map<number, () => void>();
    let allStarted = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      allStarted = resolve;
    });
    const each = (n: number): Promise<unknown> =>
      new Promise((resolve) => {
        finish.set(n, () => resolve({ n }));
        if (finish.size === 3) allStarted();
      });
    const reading = yielded(piped({ parallelized: true }, each), { maxParallelItems: 3 });
    await started;
    for (const n of [3, 2, 1]) finish.get(n)?.();
    expect(await reading).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test("no more calls at a time than there may be", async () => {
    let running = 0;
    let most = 0;
    const many = pages(Array.from({ length: 20 }, (_, n) => n)).pipe(
      transformer({ name: "many", parallelized: true }, async (n: number) => {
        most = Math.max(most, ++running);
        for (let turn = 0; turn < 10; turn++) await undefined;
        running--;
        return { n };
      }),
    );
    expect(await yielded(many, { maxParallelItems: 4 })).toHaveLength(20);
    expect(most).toBe(4);
  });

  test("a failing call fails the resource, and its parent is closed", async () => {
    let closed = false;
    const parent = resource({ name: "parent" }, function* () {
      try {
        for (let n = 0; ; n++) yield [n];
      } finally {
        closed = true;
      }
    });
    const child = parent.pipe(
      transformer({ name: "child", parallelized: true }, async (n: number) => {
        if (n === 5) throw new TypeError("five");
        return n;
      }),
    );
    await expect(yielded(child)).rejects.toMatchObject({
      code: "RESOURCE_FAILED",
      context: { source: "src", resource: "child", step: "transform", page: 6, row: 1 },
      cause: expect.any(TypeError),
    });
    expect(closed).toBe(true);
  });
});

describe("errors name the place", () => {
  const failing = (n: number): number => {
    if (n === 5) throw new RangeError("five is too much");
    return n;
  };

  test("in a step: page and row", async () => {
    const error: unknown = await itemsOf(
      pages([1, 2], [3, 4, 5])
        .addFilter(() => true)
        .addMap(failing),
    ).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "RESOURCE_FAILED",
      message: "Resource `numbers` of source `src` failed in map (step 2), page 2, row 3: RangeError: five is too much",
      context: { source: "src", resource: "numbers", step: "map (step 2)", page: 2, row: 3 },
      cause: expect.any(RangeError),
    });
  });

  test("in a step on single rows: the row of the resource", async () => {
    await expect(itemsOf(pages(1, 2, 5).addYieldMap((n) => [failing(n)]))).rejects.toMatchObject({
      context: { page: null, row: 3 },
    });
  });

  test("while reading: the page that could not be read", async () => {
    const made = resource({ name: "broken" }, async function* () {
      yield [1];
      yield [2];
      throw new Error("lost the connection");
    });
    await expect(itemsOf(made)).rejects.toMatchObject({
      context: { resource: "broken", step: "read", page: 3, row: null },
    });
  });

  const anything = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } as const;
  test.each<[step: string, add: (made: Resource) => Resource]>([
    ["map (step 1)", (made) => made.addMap((row) => row)],
    ["metrics (step 1)", (made) => made.addMetrics(() => undefined)],
    ["incremental (step 1)", (made) => made.applyHints({ incremental: incremental("a.n") })],
    ["validate (step 1)", (made) => made.applyHints({ columns: anything })],
  ])("text that is no JSON, in %s", async (step, add) => {
    const text = { jsonText: new TextEncoder().encode('{"n":1}\n{"n":'), framing: "lines" } as const;
    await expect(itemsOf(add(resource({ name: "cut" }, () => [text])))).rejects.toMatchObject({
      code: "JSON_TEXT_CUT",
      context: { source: "src", resource: "cut", step, page: 1, byte: 13 },
    });
  });
});

describe("a transformer with a cursor", () => {
  const parents = resource({ name: "parents" }, () => [{ from: 5 }, { from: 1 }]);
  const starts: unknown[] = [];
  const children = transformer(
    { name: "children", incremental: incremental<number>("n", { rowOrder: "asc" }) },
    ({ from }: { from: number }, context) => {
      starts.push(context.incremental.startValue);
      return [{ n: from }, { n: from + 1 }];
    },
  );

  test("starts at the same value for all rows that feed it, so that none hides those of another", async () => {
    const state: Record<string, unknown> = {};
    const run = () => itemsOf(parents.pipe(children), { resourceState: () => state });
    const rowsOf = (items: readonly Item[]) => items.flatMap((item) => (item.kind === "rows" ? item.rows : []));
    expect(rowsOf(await run())).toEqual([{ n: 5 }, { n: 6 }, { n: 1 }, { n: 2 }]);
    expect(rowsOf(await run())).toEqual([]);
    expect(starts).toEqual([undefined, undefined, 6, 6]);
  });
});

test("warnings of a cursor name its resource", async () => {
  const warnings: unknown[] = [];
  const lastValueFunc = (values: readonly number[]): number => Math.max(...values);
  const made = resource({ name: "items", incremental: incremental("n", { lag: 1, lastValueFunc }) }, () => [{ n: 1 }]);
  await itemsOf(made, { warn: (warning) => warnings.push(warning) });
  expect(warnings).toEqual([
    { code: "CURSOR_LAG_IGNORED", message: expect.stringContaining("Resource `items`: the lag of the cursor `n`") },
  ]);
});

test("a function whose cursor was taken away sees an open range", async () => {
  let seen: unknown;
  const made = resource({ name: "items", incremental: incremental("n", { initialValue: 5 }) }, ({ incremental }) => {
    seen = { ...incremental, canClose: incremental.canClose() };
    return [{ n: 1 }];
  });
  expect(await yielded(made.applyHints({ incremental: null }))).toEqual([{ n: 1 }]);
  expect(seen).toMatchObject({ initialValue: undefined, startValue: undefined, endValue: undefined, canClose: false });
});
