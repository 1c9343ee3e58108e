import { describe, expect, test } from "vitest";
import { incremental } from "../authoring/incremental.js";
import { resource } from "../authoring/resource.js";
import { transformer } from "../authoring/transformer.js";
import type { Resource } from "../contract/resource.js";
import { plainEnvironment, type ReadEnvironment } from "./environment.js";
import { readItems } from "./read-items.js";

/** What passes: rows, and the state at checkpoints (`cursor` where the cursor tells). */
async function passing(made: Resource, changes: Partial<ReadEnvironment> = {}): Promise<unknown[]> {
  const base = plainEnvironment(new AbortController().signal);
  const environment: ReadEnvironment = {
    ...base,
    checkpoints: {
      isWanted: () => true,
      captureState: () => ({ ...base.resourceState(made.name) }),
    },
    ...changes,
  };
  const seen: unknown[] = [];
  for await (const item of readItems(made, environment)) {
    if (item.kind === "checkpoint") seen.push({ at: item.state ?? "cursor" });
    else if (item.kind === "rows") seen.push(...item.rows);
  }
  return seen;
}

const counted = (yieldOf: (n: number) => unknown) =>
  resource({ name: "counted" }, async function* (context) {
    for (let n = 1; n <= 3; n++) {
      yield yieldOf(n);
      context.state["next"] = n + 1;
      context.checkpoint();
    }
  });

describe("a function names points", () => {
  test("behind pages, with the state of that moment", async () => {
    expect(await passing(counted((n) => [n]))).toEqual([
      1,
      { at: { next: 2 } },
      2,
      { at: { next: 3 } },
      3,
      { at: { next: 4 } },
    ]);
  });

  test("behind rows that are gathered", async () => {
    expect(await passing(counted((n) => ({ n })))).toEqual([
      { n: 1 },
      { at: { next: 2 } },
      { n: 2 },
      { at: { next: 3 } },
      { n: 3 },
      { at: { next: 4 } },
    ]);
  });

  test("in a synchronous generator", async () => {
    const made = resource({ name: "sync" }, function* (context): Generator<number> {
      yield 1;
      yield 2;
      context.checkpoint();
      yield 3;
    });
    expect(await passing(made)).toEqual([1, 2, { at: {} }, 3]);
  });

  test("and steps, also those that drop all rows, let them pass", async () => {
    const made = counted((n) => [n])
      .addMap((n) => n)
      .addFilter(() => false)
      .addYieldMap((n) => [n]);
    expect(await passing(made)).toEqual([{ at: { next: 2 } }, { at: { next: 3 } }, { at: { next: 4 } }]);
  });

  test("which nobody asks for in a plain run", async () => {
    expect(
      await passing(
        counted((n) => [n]),
        { checkpoints: undefined as never },
      ),
    ).toEqual([1, 2, 3]);
  });
});

describe("a cursor whose rows ascend tells", () => {
  const rising = (pages: readonly (readonly number[])[]) =>
    resource({ name: "rising", incremental: incremental<number>("at", { rowOrder: "asc" }) }, async function* () {
      for (const page of pages) yield page.map((at) => ({ at }));
    });

  test("after each page", async () => {
    expect(await passing(rising([[1, 2], [2], [3]]))).toEqual([
      { at: 1 },
      { at: 2 },
      { at: "cursor" },
      { at: 2 },
      { at: "cursor" },
      { at: 3 },
      { at: "cursor" },
    ]);
  });

  test("rows of a page may come in any order", async () => {
    expect(await passing(rising([[2, 1], [3]]))).toHaveLength(5);
  });

  test("a page that goes back is refused", async () => {
    await expect(passing(rising([[1, 5], [4]]))).rejects.toMatchObject({
      code: "CURSOR_OUT_OF_ORDER",
      context: { resource: "rising", page: 2, row: 1 },
    });
  });

  test("a page that goes back is fine in a plain run", async () => {
    expect(await passing(rising([[1, 5], [4]]), { checkpoints: undefined as never })).toHaveLength(3);
  });

  test("not where the function keeps a state of its own", async () => {
    const made = resource(
      { name: "own", incremental: incremental<number>("at", { rowOrder: "asc" }) },
      async function* ({ state }) {
        state["page"] = 1;
        yield [{ at: 1 }];
        yield [{ at: 2 }];
      },
    );
    expect(await passing(made)).toEqual([{ at: 1 }, { at: 2 }]);
  });
});

describe("transformers", () => {
  const doubled = { name: "doubled" } as const;

  test("pass the points of the resource that feeds them", async () => {
    const made = counted((n) => [n]).pipe(transformer(doubled, (n: unknown) => [n, n]));
    expect(await passing(made)).toEqual([1, 1, { at: {} }, 2, 2, { at: {} }, 3, 3, { at: {} }]);
  });

  test("in parallel have nothing under way at a point", async () => {
    const underWay = new Set<unknown>();
    let most = 0;
    const parallel = transformer({ ...doubled, parallelized: true }, async (n: unknown) => {
      underWay.add(n);
      most = Math.max(most, underWay.size);
      await new Promise<void>((resolve) => setImmediate(resolve));
      underWay.delete(n);
      return [n];
    });
    const made = counted((n) => [n, n + 10, n + 20]).pipe(parallel);
    const seen: number[] = [];
    const base = plainEnvironment(new AbortController().signal);
    const environment = {
      ...base,
      checkpoints: { isWanted: () => true, captureState: () => underWay.size },
    };
    for await (const item of readItems(made, environment)) if (item.kind === "checkpoint") seen.push(underWay.size);
    expect({ seen, most }).toEqual({ seen: [0, 0, 0], most: 3 });
  });
});
