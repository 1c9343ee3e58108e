import { describe, expect, test } from "vitest";
import { withHints, withTableName } from "../authoring/marks.js";
import { resource } from "../authoring/resource.js";
import type { Item } from "./item.js";
import { itemsOf } from "./items-of.js";

const many = { gather: () => 3, single: false };

async function itemsFrom(given: unknown, intake = many): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of itemsOf(given, intake)) items.push(item);
  return items;
}

/** Rows of each item; `[…]` for rows that were yielded one by one. */
async function shape(given: unknown, intake = many): Promise<unknown[]> {
  const items = await itemsFrom(given, intake);
  return items.map((item) => (item.kind === "rows" ? { [item.singly ? "singly" : "page"]: item.rows } : item.kind));
}

function* generated(...values: readonly unknown[]): Generator<unknown> {
  yield* values;
}

async function* later(...values: readonly unknown[]): AsyncGenerator<unknown> {
  yield* values;
}

describe.each([
  ["a generator", generated],
  ["an async generator", later],
])("%s", (_, make) => {
  test("arrays are pages, single rows are gathered in between", async () => {
    expect(await shape(make({ a: 1 }, { a: 2 }, [{ a: 3 }], [], { a: 4 }))).toEqual([
      { singly: [{ a: 1 }, { a: 2 }] },
      { page: [{ a: 3 }] },
      { page: [] },
      { singly: [{ a: 4 }] },
    ]);
  });

  test("so many single rows are gathered as are asked for", async () => {
    expect(await shape(make(1, 2, 3, 4))).toEqual([{ singly: [1, 2, 3] }, { singly: [4] }]);
  });

  test("nothing is no row", async () => {
    expect(await shape(make(null, { a: 1 }, undefined))).toEqual([{ singly: [{ a: 1 }] }]);
  });

  test("JSON text, columns and encoded rows are pages", async () => {
    const text = { jsonText: new Uint8Array(), framing: "lines" };
    expect(
      await shape(make(text, { rowCount: 0, columns: [] }, { codec: "c", columns: [], bytes: new Uint8Array() })),
    ).toEqual(["text", "columns", "encoded"]);
  });

  test("rows may have fields of these names", async () => {
    const rows = [{ rowCount: 3, columns: "a,b" }, { codec: "mp4" }, { jsonText: "[]" }];
    expect(await shape(make(...rows))).toEqual([{ singly: rows }]);
  });

  test("objects of classes, maps and scalars are rows", async () => {
    class Issue {
      readonly id = 1;
    }
    const rows = [new Issue(), new Map([["a", 1]]), "text"];
    expect(await shape(make(...rows))).toEqual([{ singly: rows }]);
  });

  test("generators are read in place, functions called, promises awaited", async () => {
    expect(
      await shape(
        make(
          generated(1, [2]),
          () => [3],
          () => Promise.resolve({ a: 4 }),
          later(5),
        ),
      ),
    ).toEqual([{ singly: [1] }, { page: [2] }, { page: [3] }, { singly: [{ a: 4 }] }, { singly: [5] }]);
  });

  test("marks go with their rows", async () => {
    const hints = { primaryKey: "id" };
    const items = await itemsFrom(make(withTableName([{ a: 1 }], "t"), withHints(withTableName({ a: 2 }, "u"), hints)));
    expect(items.map(({ mark }) => mark)).toEqual([
      { tableName: "t" },
      { tableName: "u", hints, createTableVariant: false },
    ]);
  });

  test("bytes and resources are refused", async () => {
    await expect(itemsFrom(make(new Uint8Array()))).rejects.toMatchObject({ code: "RESOURCE_DATA_UNSUPPORTED" });
    await expect(itemsFrom(make(resource({ name: "r" }, () => [])))).rejects.toMatchObject({
      code: "RESOURCE_DATA_UNSUPPORTED",
    });
  });

  test("rows before an error come before it", async () => {
    const items: Item[] = [];
    const failing = make({ a: 1 }, () => Promise.reject(new Error("broken")));
    await expect(async () => {
      for await (const item of itemsOf(failing, many)) items.push(item);
    }).rejects.toThrow("broken");
    expect(items).toHaveLength(1);
  });
});

describe("what a function gives", () => {
  test.each([[null], [undefined], [Promise.resolve(null)]])(
    "%s is an error, but not for a transformer",
    async (given) => {
      await expect(itemsFrom(given)).rejects.toMatchObject({ code: "RESOURCE_DATA_MISSING" });
      expect(await itemsFrom(given, { ...many, single: true })).toEqual([]);
    },
  );

  test.each([["text"], [{ a: 1 }], [3]])("%j is not a list of rows, but one row of a transformer", async (given) => {
    await expect(itemsFrom(given)).rejects.toMatchObject({ code: "RESOURCE_DATA_UNSUPPORTED" });
    expect(await shape(given, { ...many, single: true })).toEqual([{ singly: [given] }]);
  });

  test("an array is a list of rows or pages; of a transformer it is one page", async () => {
    expect(await shape([{ a: 1 }, [{ a: 2 }]])).toEqual([{ singly: [{ a: 1 }] }, { page: [{ a: 2 }] }]);
    expect(await shape([{ a: 1 }, { a: 2 }], { ...many, single: true })).toEqual([{ page: [{ a: 1 }, { a: 2 }] }]);
  });

  test("sets and other iterables are lists of rows, also of a transformer", async () => {
    expect(await shape(new Set([1, 2]))).toEqual([{ singly: [1, 2] }]);
    expect(await shape(new Set([1, 2]), { ...many, single: true })).toEqual([{ singly: [1, 2] }]);
  });

  test("a page stands for itself", async () => {
    expect(await shape({ rowCount: 0, columns: [] })).toEqual(["columns"]);
    expect(await shape(Promise.resolve([1]))).toEqual([{ singly: [1] }]);
  });
});

describe("pulling", () => {
  test("single rows are handed over before the source is waited for", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const items = itemsOf(
      (async function* () {
        yield 1;
        yield 2;
        await gate;
        yield 3;
      })(),
      { gather: () => 100, single: false },
    );
    expect((await items.next()).value).toMatchObject({ rows: [1, 2] });
    release();
    expect((await items.next()).value).toMatchObject({ rows: [3] });
  });

  test("a source that is waited for is closed when the rest is not wanted", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let closed = false;
    const items = itemsOf(
      (async function* () {
        try {
          yield 1;
          await gate;
          yield 2;
        } finally {
          closed = true;
        }
      })(),
      { gather: () => 100, single: false },
    );
    await items.next();
    const returned = items.return(undefined);
    release();
    await returned;
    expect(closed).toBe(true);
  });

  test("no more rows are pulled than are gathered, and the generator is closed", async () => {
    const log: string[] = [];
    const source = (async function* () {
      try {
        for (let n = 1; ; n++) {
          log.push(`row ${n}`);
          yield n;
        }
      } finally {
        log.push("closed");
      }
    })();
    const items = itemsOf(source, { gather: () => 2, single: false });
    await items.next();
    expect(log).toEqual(["row 1", "row 2"]);
    await items.return(undefined);
    expect(log).toEqual(["row 1", "row 2", "closed"]);
  });
});
