import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { incremental } from "../authoring/incremental.js";
import { resource } from "../authoring/resource.js";
import { transformer } from "../authoring/transformer.js";
import type { Resource } from "../contract/resource.js";
import { plainEnvironment, type ReadEnvironment } from "./environment.js";
import { rowsItem } from "./item.js";
import { readItems } from "./read-items.js";

/** What passes: rows, and the state at checkpoints (`cursor` where the cursor tells). */
async function passing(made: Resource, changes: Partial<ReadEnvironment> = {}): Promise<unknown[]> {
  const base = plainEnvironment(new AbortController().signal);
  const environment: ReadEnvironment = {
    ...base,
    checkpoints: {
      isWanted: () => true,
      captureState: () => ({ ...base.resourceState(made.name) }),
      isCurrent: (state) => isDeepStrictEqual(state, base.resourceState(made.name)),
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
      checkpoints: { isWanted: () => true, captureState: () => underWay.size, isCurrent: () => true },
    };
    for await (const item of readItems(made, environment)) if (item.kind === "checkpoint") seen.push(underWay.size);
    expect({ seen, most }).toEqual({ seen: [0, 0, 0], most: 3 });
  });
});

describe("state that changes while rows before a point are on their way", () => {
  /** Rows with what was counted of them, and the counts of the points behind them. */
  function counts(seen: readonly unknown[], of: string): readonly number[] {
    let rows = 0;
    const differing: number[] = [];
    for (const each of seen) {
      const { at } = each as { readonly at?: Readonly<Record<string, unknown>> };
      if (at === undefined) rows += 1;
      else differing.push(Number(at[of] ?? 0) - rows);
    }
    return differing;
  }

  /** Its step counts the rows. Outside of an engine it has to be handed the state by the function. */
  const singly = (wait: () => Promise<void> | undefined) => {
    let kept: Record<string, unknown> = {};
    return resource({ name: "singly" }, async function* (context) {
      kept = context.state;
      for (let n = 1; n <= 12; n++) {
        yield { n };
        if (n % 3 !== 0) continue;
        kept["next"] = n + 1;
        context.checkpoint();
        await wait();
      }
    }).addMap((row) => {
      kept["seen"] = Number(kept["seen"] ?? 0) + 1;
      return row;
    });
  };

  test.each([
    ["at once", () => undefined],
    ["after a while", () => new Promise<void>((resolve) => setImmediate(resolve))],
  ])("by a step; rows come %s", async (_, wait) => {
    const differing = counts(await passing(singly(wait)), "seen");
    expect(differing.length).toBeGreaterThan(0);
    expect(differing.filter((difference) => difference !== 0)).toEqual([]);
  });

  test("by work that was handed out", async () => {
    const made = resource({ name: "thunks" }, async function* ({ state, checkpoint }) {
      for (let n = 1; n <= 32; n++) {
        yield async () => {
          await new Promise<void>((resolve) => setImmediate(resolve));
          state["done"] = Number(state["done"] ?? 0) + 1;
          return [n];
        };
        checkpoint();
      }
    });
    const differing = counts(await passing(made), "done");
    expect(differing).toHaveLength(7);
    expect(differing.filter((difference) => difference !== 0)).toEqual([]);
  });

  test.each(["before", "behind"])(
    "by the function alone, %s its work, costs nothing: work goes on at the same time",
    async (when) => {
      let underWay = 0;
      let most = 0;
      const made = resource({ name: "thunks" }, async function* ({ state, checkpoint }) {
        for (let n = 1; n <= 12; n++) {
          if (when === "before") state["done"] = n;
          yield async () => {
            most = Math.max(most, ++underWay);
            await new Promise<void>((resolve) => setImmediate(resolve));
            underWay -= 1;
            return [n];
          };
          if (when === "behind") state["done"] = n;
          if (n % 4 === 0) checkpoint();
        }
      });
      expect(counts(await passing(made), "done")).toEqual([0, 0, 0]);
      expect(most).toBe(12);
    },
  );

  test("by work, while the function waits before it names the next point, is not taken for its own", async () => {
    const turns = async (count: number): Promise<void> => {
      for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    };
    const made = resource({ name: "thunks" }, async function* ({ state, checkpoint }) {
      yield async () => {
        await turns(1);
        state["done"] = 1;
        return [1];
      };
      yield () => turns(8).then(() => []);
      checkpoint();
      yield () => turns(8).then(() => []);
      await turns(4);
      checkpoint();
      yield [2];
    });
    expect(await passing(made)).toEqual([1, { at: { done: 1 } }, 2]);
  });

  test("ends with the next point, also if nobody asked for that", async () => {
    let underWay = 0;
    const most: number[] = [];
    const made = resource({ name: "thunks" }, async function* ({ state, checkpoint }) {
      for (let n = 1; n <= 100; n++) {
        yield async () => {
          most[n] = ++underWay;
          await new Promise<void>((resolve) => setImmediate(resolve));
          if (n === 1) state["first"] = true;
          underWay -= 1;
          return [n];
        };
        checkpoint();
      }
    });
    let asked = 0;
    const base = plainEnvironment(new AbortController().signal);
    const checkpoints = {
      isWanted: () => asked++ === 0,
      captureState: () => ({ ...base.resourceState("thunks") }),
      isCurrent: (state: unknown) => isDeepStrictEqual(state, base.resourceState("thunks")),
    };
    const seen = await passing(made, { ...base, checkpoints });
    expect(seen.filter((each) => typeof each === "object")).toEqual([{ at: { first: true } }]);
    expect(Math.max(...most.slice(60))).toBe(20);
  });

  /** A part of what a function yields, and how it changes the state. */
  const parts = fc.array(
    fc.record({
      way: fc.constantFrom("page", "rows", "work", "generator"),
      rowCount: fc.integer({ min: 1, max: 3 }),
      turns: fc.integer({ min: 0, max: 4 }),
      waits: fc.constantFrom("not", "before", "behind"),
      functionChanges: fc.constantFrom("nothing", "before", "behind"),
      workChanges: fc.boolean(),
      namesPoint: fc.boolean(),
      isWanted: fc.boolean(),
    }),
    { maxLength: 30 },
  );

  test("whoever does it, and whenever, each point has the state of the rows before it", async () => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    await fc.assert(
      fc.asyncProperty(parts, fc.boolean(), fc.integer({ min: 1, max: 6 }), async (all, stepChanges, atOnce) => {
        const base = plainEnvironment(new AbortController().signal);
        const state = base.resourceState("mixed") as Record<string, number>;
        const bump = (name: string, by: number): void => {
          state[name] = (state[name] ?? 0) + by;
        };
        let isWanted = false;
        /** What is expected of the state of a point, by the number of rows before it. */
        const expected = new Map<number, Record<string, number>>();
        const made = resource(
          { name: "mixed" },
          async function* ({ state: kept, checkpoint }): AsyncGenerator<unknown> {
            expect(kept).toBe(state);
            let rows = 0;
            let worked = 0;
            for (const part of all) {
              if (part.waits === "before") await turn();
              if (part.functionChanges === "before") bump("function", 1);
              const page = Array.from({ length: part.rowCount }, () => ({}));
              rows += part.rowCount;
              if (part.way === "page") yield page;
              else if (part.way === "rows") yield* page;
              else if (part.way === "generator") yield page.values();
              else {
                worked += part.workChanges ? 1 : 0;
                yield async () => {
                  for (let count = 0; count < part.turns; count++) await turn();
                  if (part.workChanges) bump("work", 1);
                  return page;
                };
              }
              if (part.waits === "behind") await turn();
              if (part.functionChanges === "behind") bump("function", 1);
              if (!part.namesPoint) continue;
              isWanted = part.isWanted;
              checkpoint();
              expected.set(rows, { function: state["function"] ?? 0, work: worked, step: stepChanges ? rows : 0 });
            }
          },
        ).addMap((row) => {
          if (stepChanges) bump("step", 1);
          return row;
        });
        const checkpoints = {
          isWanted: () => isWanted,
          captureState: () => ({ function: 0, work: 0, step: 0, ...state }),
          isCurrent: (taken: unknown) => isDeepStrictEqual(taken, { function: 0, work: 0, step: 0, ...state }),
        };
        let rows = 0;
        for await (const item of readItems(made, { ...base, checkpoints, maxParallelItems: atOnce })) {
          if (item.kind === "rows") rows += item.rows.length;
          else if (item.kind === "checkpoint") expect(item.state).toEqual(expected.get(rows));
        }
        expect(rows).toBe(all.reduce((sum, { rowCount }) => sum + rowCount, 0));
      }),
      { numRuns: 300 },
    );
  });

  test("by a function ahead of its rows is that of the point", async () => {
    const made = resource({ name: "ahead" }, async function* ({ state, checkpoint }) {
      for (let n = 1; n <= 12; n++) {
        state["done"] = n;
        yield { n };
        if (n % 3 === 0) checkpoint();
      }
    });
    const differing = counts(await passing(made), "done");
    expect(differing.length).toBeGreaterThan(0);
    expect(differing.filter((difference) => difference !== 0)).toEqual([]);
  });

  test("by calls of a transformer behind the point does not count", async () => {
    const state: Record<string, unknown> = {};
    const base = plainEnvironment(new AbortController().signal);
    const calls = transformer({ name: "calls" }, (n: unknown) => async () => {
      for (let turn = 0; turn < (n === 1 ? 5 : 1); turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      state["calls"] = Number(state["calls"] ?? 0) + 1;
      return [n];
    });
    const points = [1, 2, 3].map((n) => ({ kind: "checkpoint", state: n }) as const);
    async function* parents() {
      for (const point of points) {
        yield rowsItem([1, 2, 3]);
        yield point;
      }
    }
    const seen: unknown[] = [];
    const piped = counted((n) => [n]).pipe(calls);
    for await (const item of readItems(piped, base, parents()))
      if (item.kind === "checkpoint") seen.push(state["calls"]);
    expect(seen).toEqual([3, 6, 9]);
  });
});
