import { setImmediate, setTimeout } from "node:timers/promises";
import { type Resource, resource, transformer } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { extractInput, plainRowsByTable, runExtract, sourceOf } from "../../test/extract-run.js";
import { extract } from "./extract.js";

/** A promise and what settles it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** A resource that counts its pages and tells when it is closed. */
function counted(name: string, page: (n: number) => unknown) {
  const seen = { pages: 0, closed: false };
  const made = resource({ name }, async function* () {
    try {
      for (;;) yield page(seen.pages++);
    } finally {
      seen.closed = true;
    }
  });
  return { made: made as Resource, seen };
}

describe("backpressure", () => {
  test.each<[string, (n: number) => unknown]>([
    ["pages", () => Array.from({ length: 100 }, (_, id) => ({ id, pad: "x".repeat(100) }))],
    ["single rows", (id) => ({ id, pad: "x".repeat(1000) })],
  ])("whoever takes the chunks slowly holds up the resource: %s", async (_, page) => {
    const { made, seen } = counted("endless", page);
    const chunks = extract(
      extractInput({ source: sourceOf(made), settings: { firstChunkBytes: 20_000, chunkBytes: 20_000 } }),
    )[Symbol.asyncIterator]();
    await chunks.next();
    // Everything that can go on without the chunk being taken has gone on by now.
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    const waiting = seen.pages;
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    expect(seen.pages).toBe(waiting);
    await chunks.next();
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    expect(seen.pages).toBeGreaterThan(waiting);
    expect(seen.closed).toBe(false);
    await chunks.return?.();
    expect(seen.closed).toBe(true);
  });

  test("a slow transformer holds up the resource that feeds it", async () => {
    const { made, seen } = counted("endless", (id) => [{ id }]);
    const slow = gate();
    const child = made.pipe(
      transformer({ name: "slow" }, async (row: { id: number }) => {
        await slow.opened;
        return row;
      }) as never,
    );
    const input = extractInput({ source: sourceOf(child) });
    const chunks = extract(input)[Symbol.asyncIterator]();
    const first = chunks.next();
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    expect(seen.pages).toBeLessThan(5);
    slow.open();
    const ended = Promise.resolve(chunks.return?.());
    await Promise.all([first, ended]);
    expect(seen.closed).toBe(true);
  });
});

describe("several resources", () => {
  /** Two resources of one page each that can only go on together. */
  const together = (): readonly [Resource, Resource] => {
    const [a, b] = [gate(), gate()];
    const one = async function* (own: ReturnType<typeof gate>, other: ReturnType<typeof gate>) {
      own.open();
      await other.opened;
      yield [{ id: 1 }];
    };
    return [resource({ name: "a" }, () => one(a, b)) as Resource, resource({ name: "b" }, () => one(b, a)) as Resource];
  };

  test("are read at the same time", async () => {
    const { chunks } = await runExtract({ source: sourceOf(...together()) });
    expect(Object.keys(plainRowsByTable(chunks)).sort()).toEqual(["a", "b"]);
  });

  test("or one after the other", async () => {
    const log: string[] = [];
    const logged = (name: string): Resource =>
      resource({ name }, async function* () {
        log.push(`${name} begins`);
        for (let page = 0; page < 3; page++) {
          await setImmediate();
          yield [{ page }];
        }
        log.push(`${name} ends`);
      }) as Resource;
    await runExtract({ source: sourceOf(logged("a"), logged("b"), logged("c")), settings: { nextItemMode: "fifo" } });
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("take turns, so that none waits for the end of another", async () => {
    const order: string[] = [];
    const sync = (name: string): Resource =>
      resource({ name }, function* () {
        for (let page = 0; page < 3; page++) {
          order.push(name);
          yield [{ page }];
        }
      }) as Resource;
    await runExtract({ source: sourceOf(sync("a"), sync("b"), sync("c")), settings: { maxParallelItems: 3 } });
    expect(order.slice(0, 3).sort()).toEqual(["a", "b", "c"]);
    // Which of them is a page ahead of the others is left to chance.
    const begins = Math.max(...["a", "b", "c"].map((name) => order.indexOf(name)));
    const ends = Math.min(...["a", "b", "c"].map((name) => order.lastIndexOf(name)));
    expect(ends).toBeGreaterThan(begins);
  });

  test("have no more under way than there may be, calls of transformers included", async () => {
    let running = 0;
    let most = 0;
    const working = async <Result>(result: Result): Promise<Result> => {
      most = Math.max(most, ++running);
      await setTimeout(1);
      running--;
      return result;
    };
    const readers = Array.from(
      { length: 6 },
      (_, index) =>
        resource({ name: `r${index}` }, async function* () {
          for (let page = 0; page < 3; page++) yield await working([{ page }]);
        }) as Resource,
    );
    const parent = resource({ name: "parent" }, () => [Array.from({ length: 20 }, (_, id) => ({ id }))]);
    const child = parent.pipe(
      transformer({ name: "child", parallelized: true }, (row: { id: number }) => working(row)),
    );
    const { chunks } = await runExtract({ source: sourceOf(...readers, child), settings: { maxParallelItems: 4 } });
    expect(most).toBe(4);
    expect(plainRowsByTable(chunks)["child"]).toEqual(Array.from({ length: 20 }, (_, id) => ({ id })));
  });
});

describe("failure", () => {
  test("of one resource stops and closes the others, and its error names the place", async () => {
    const endless = counted("endless", (id) => [{ id }]);
    const failing = resource({ name: "failing" }, async function* () {
      yield [{ id: 1 }];
      await setTimeout(5);
      throw new Error("gone");
    }) as Resource;
    let aborted = false;
    const waiting = resource({ name: "waiting" }, async function* ({ signal }) {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      aborted = true;
      yield [{ id: 1 }];
    }) as Resource;
    await expect(runExtract({ source: sourceOf(endless.made, failing, waiting) })).rejects.toMatchObject({
      code: "RESOURCE_FAILED",
      context: { source: "src", resource: "failing", step: "read", page: 2 },
      cause: expect.objectContaining({ message: "gone" }),
    });
    expect(endless.seen.closed).toBe(true);
    expect(aborted).toBe(true);
  });

  test("of writing a chunk stops and closes all, and stays what it is", async () => {
    const { made, seen } = counted("endless", (id) => ({ id, pad: "x".repeat(100) }));
    const full = new Error("no space");
    const extraction = extract({
      ...extractInput({ source: sourceOf(made), settings: { firstChunkBytes: 1000 } }),
      writeFile: async () => {
        throw full;
      },
    });
    const taken = (async () => {
      for await (const _ of extraction);
    })();
    await expect(taken).rejects.toBe(full);
    expect(seen.closed).toBe(true);
    expect(() => extraction.result()).toThrow();
  });

  test("of a hint that is a function names the page", async () => {
    const hinted = resource({ name: "hinted", tableName: (row: { kind: string }) => row.kind.toLowerCase() }, () => [
      [{ kind: "A" }],
      [{}],
    ]);
    await expect(runExtract({ source: sourceOf(hinted as Resource) })).rejects.toMatchObject({
      code: "RESOURCE_FAILED",
      context: { resource: "hinted", step: "write", page: 2 },
    });
  });

  test("of a row that cannot be stored names the page", async () => {
    const bad = resource({ name: "bad" }, () => [[{ id: 1 }], [{ id: 2 }, { id: () => 3 }]]);
    await expect(runExtract({ source: sourceOf(bad as Resource) })).rejects.toMatchObject({
      code: "SOURCE_ROW_INVALID",
      context: { source: "src", resource: "bad", step: "write", page: 2 },
    });
  });
});

describe("abort", () => {
  test("stops at once, also while a resource waits, and closes what can be closed", async () => {
    const controller = new AbortController();
    const endless = counted("endless", (id) => [{ id }]);
    const started = gate();
    let reason: unknown;
    const waiting = resource({ name: "waiting" }, async function* ({ signal }) {
      started.open();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      reason = signal.reason;
      yield [{ id: 1 }];
    }) as Resource;
    const running = runExtract({ source: sourceOf(endless.made, waiting), signal: controller.signal });
    await started.opened;
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(reason).toEqual(new Error("enough"));
    expect(endless.seen.closed).toBe(true);
  });

  test("before the start reads nothing", async () => {
    const { made, seen } = counted("endless", (id) => [{ id }]);
    const stopped = AbortSignal.abort(new Error("never"));
    await expect(runExtract({ source: sourceOf(made), signal: stopped })).rejects.toThrow("never");
    expect(seen.pages).toBe(0);
  });
});

test("ending the iteration stops what is under way", async () => {
  const { made, seen } = counted("endless", (id) => ({ id, pad: "x".repeat(1000) }));
  for await (const _ of extract(extractInput({ source: sourceOf(made), settings: { firstChunkBytes: 1000 } }))) break;
  expect(seen.closed).toBe(true);
  const { pages } = seen;
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  expect(seen.pages).toBe(pages);
});
