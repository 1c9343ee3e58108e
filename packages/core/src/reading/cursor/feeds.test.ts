import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { int64Column, textColumn } from "../../../test/batches.js";
import { incremental } from "../../authoring/incremental.js";
import { resource } from "../../authoring/resource.js";
import type { IncrementalOptions } from "../../contract/incremental.js";
import { isDltError } from "../../errors/index.js";
import { encodeRows } from "../../json/encode-rows.js";
import { plainEnvironment } from "../environment.js";
import { readItems } from "../read-items.js";
import { plainRows } from "../rows-of.js";

interface Row {
  readonly id: number;
  readonly at: number | null;
  readonly v: string;
}
type Page = readonly Row[];
type Options = IncrementalOptions<number>;
type Key = string | readonly string[] | undefined;

const feeds: Readonly<Record<string, (page: Page) => Iterable<unknown>>> = {
  "pages of objects": (page) => [page],
  "single rows": (page) => page,
  lines: (page) => [page.length === 0 ? [] : { jsonText: encodeRows([...page]), framing: "lines" }],
  "a JSON array": (page) => [{ jsonText: new TextEncoder().encode(JSON.stringify(page)), framing: "array" }],
  columns: (page) => [
    {
      rowCount: page.length,
      columns: [
        int64Column("id", bigints(page.map(({ id }) => id)), { dataType: "bigint" }),
        int64Column("at", bigints(page.map(({ at }) => at)), { dataType: "bigint" }),
        textColumn(
          "v",
          page.map(({ v }) => v),
        ),
      ],
    },
  ],
};

function bigints(values: readonly (number | null)[]): readonly (bigint | null)[] {
  return values.map((value) => (value === null ? null : BigInt(value)));
}

interface Outcome {
  readonly kept: readonly Row[];
  readonly error: string | null;
}

/** Reads a resource the way engines do. */
async function read(
  state: Record<string, unknown>,
  { pages, options, key, feed }: { pages: readonly Page[]; options: Options; key: Key; feed: string },
): Promise<Outcome> {
  const give = feeds[feed] ?? (() => []);
  const made = resource({ name: "items", incremental: incremental("at", options), ...keyHint(key) }, function* () {
    for (const page of pages) yield* give(page);
  });
  const environment = { ...plainEnvironment(new AbortController().signal), resourceState: () => state };
  const kept: Row[] = [];
  try {
    for await (const item of readItems(made, environment))
      if (item.kind !== "checkpoint") kept.push(...(plainRows(item).rows as Row[]));
  } catch (error) {
    if (!isDltError(error)) throw error;
    return { kept: [], error: error.code };
  }
  return { kept, error: null };
}

function keyHint(key: Key) {
  return key === undefined ? {} : { primaryKey: key };
}

interface Model {
  /** Undefined before the first run. */
  last: number | null | undefined;
  keys: ReadonlySet<string>;
}

/** The rules of the guide, as plainly as they can be said: which rows a run keeps, and where it leaves the cursor. */
function expected(model: Model, pages: readonly Page[], options: Options, key: Key): Outcome {
  const { initialValue, endValue, lag = 0, onCursorValueMissing = "raise" } = options;
  const sign = options.lastValueFunc === "min" ? -1 : 1;
  const beyond = (one: number, other: number): boolean => (one - other) * sign > 0;
  const later = (one: number, other: number): number => (beyond(one, other) ? one : other);
  const isRange = endValue !== undefined;
  const before = isRange ? (initialValue ?? null) : model.last !== undefined ? model.last : (initialValue ?? null);
  const hasLag = lag !== 0 && !isRange;
  let start = before;
  if (hasLag && before !== null) {
    const lagged = before - lag * sign;
    start = initialValue === undefined ? lagged : later(lagged, initialValue);
  }
  const tellsApart = options.rangeStart !== "open" && !isRange && !hasLag && !(Array.isArray(key) && key.length === 0);
  const keyOf = (row: Row): string =>
    key === undefined
      ? JSON.stringify([row.id, row.at, row.v])
      : JSON.stringify([key].flat().map((name) => row[name as keyof Row]));
  const kept: Row[] = [];
  let last = start;
  for (const row of pages.flat()) {
    const { at } = row;
    if (at === null) {
      if (onCursorValueMissing === "raise") return { kept: [], error: "CURSOR_VALUE_NULL" };
      if (onCursorValueMissing === "include") kept.push(row);
      continue;
    }
    if (endValue !== undefined && (beyond(at, endValue) || (at === endValue && options.rangeEnd !== "closed")))
      continue;
    if (start !== null && beyond(start, at)) continue;
    if (at === start && options.rangeStart === "open") continue;
    if (at === start && tellsApart && model.keys.has(keyOf(row))) continue;
    kept.push(row);
    last = last === null ? at : later(at, last);
  }
  if (isRange) return { kept, error: null };
  if (pages.flat().length === 0) {
    model.last = before;
    return { kept, error: null };
  }
  if (hasLag && before !== null && last !== null) last = later(last, before);
  const atLast = kept.filter(({ at }) => at !== null && at === last).map(keyOf);
  model.keys = tellsApart ? new Set([...(last === before ? model.keys : []), ...atLast]) : new Set();
  model.last = last;
  return { kept, error: null };
}

interface StoredCursor {
  readonly last_value: unknown;
  readonly unique_hashes: readonly string[];
}

const rows: fc.Arbitrary<Row> = fc.record({
  id: fc.integer({ min: 1, max: 3 }),
  at: fc.option(fc.integer({ min: -2, max: 4 }), { freq: 8 }),
  v: fc.constantFrom("a", "ż"),
});
const pages = fc.array(fc.array(rows, { maxLength: 7 }), { maxLength: 4 });
const options: fc.Arbitrary<Options> = fc
  .record(
    {
      bounds: fc.tuple(fc.integer({ min: -2, max: 3 }), fc.option(fc.integer({ min: 0, max: 4 }))),
      lag: fc.integer({ min: -1, max: 3 }),
      lastValueFunc: fc.constantFrom("min" as const, "max" as const),
      rangeStart: fc.constantFrom("open" as const, "closed" as const),
      rangeEnd: fc.constantFrom("open" as const, "closed" as const),
      onCursorValueMissing: fc.constantFrom("include" as const, "exclude" as const, "raise" as const),
    },
    { requiredKeys: ["onCursorValueMissing"] },
  )
  .map(({ bounds, ...given }) => {
    const [initialValue, length] = bounds ?? [];
    const sign = given.lastValueFunc === "min" ? -1 : 1;
    const hasEnd = initialValue !== undefined && typeof length === "number";
    return {
      ...given,
      ...(initialValue !== undefined && { initialValue }),
      ...(hasEnd && { endValue: initialValue + length * sign }),
    };
  });
const keys = fc.constantFrom<Key>(undefined, "id", ["id"], ["id", "v"], []);

describe.each(Object.keys(feeds))("a cursor over %s", (feed) => {
  test("keeps the rows that the rules say, run after run", async () => {
    const runs = fc.array(fc.record({ pages, options }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(runs, keys, async (given, key) => {
        const state: Record<string, unknown> = {};
        const model: Model = { last: undefined, keys: new Set() };
        for (const run of given) {
          const wanted = expected(model, run.pages, run.options, key);
          expect(await read(state, { ...run, key, feed })).toEqual(wanted);
          if (wanted.error !== null) return;
          const stored = (state["incremental"] as Readonly<Record<string, StoredCursor>> | undefined)?.["at"];
          if (stored === undefined) continue;
          expect(stored.last_value === null ? null : Number(stored.last_value)).toBe(model.last);
          expect(stored.unique_hashes).toHaveLength(model.keys.size);
        }
      }),
      { numRuns: 150 },
    );
  });
});

test("all forms of a page leave the same document, and stop at the same page", async () => {
  const orders = fc.constantFrom("asc" as const, "desc" as const);
  const forms = Object.keys(feeds).filter((feed) => feed !== "single rows");
  await fc.assert(
    fc.asyncProperty(
      fc.array(pages, { minLength: 1, maxLength: 3 }),
      options,
      orders,
      keys,
      async (given, base, rowOrder, key) => {
        const runs = await Promise.all(
          forms.map(async (feed) => {
            const state: Record<string, unknown> = {};
            const outcomes: Outcome[] = [];
            for (const each of given)
              outcomes.push(await read(state, { pages: each, options: { ...base, rowOrder }, key, feed }));
            return {
              outcomes,
              state: JSON.stringify(state, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value)),
            };
          }),
        );
        for (const run of runs) expect(run).toEqual(runs[0]);
      },
    ),
    { numRuns: 100 },
  );
});
