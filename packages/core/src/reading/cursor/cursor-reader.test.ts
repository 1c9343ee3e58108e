import { describe, expect, test } from "vitest";
import { inherited, inheritedNames } from "../../../test/prototypes.js";
import { resourceDefinition } from "../../authoring/brand.js";
import { incremental } from "../../authoring/incremental.js";
import { resource } from "../../authoring/resource.js";
import { cursorOf } from "../../authoring/steps.js";
import type { IncrementalOptions } from "../../contract/incremental.js";
import { Timestamp } from "../../values/timestamp.js";
import { viewOf } from "../rows-view.js";
import { type CursorReader, openCursor } from "./cursor-reader.js";
import type { CursorWarning } from "./cursor-warning.js";

interface Row {
  readonly id: number;
  readonly at?: unknown;
}

function open(
  state: Record<string, unknown>,
  options: IncrementalOptions<unknown>,
  { stopsEarly = true, warnings = [] }: { readonly stopsEarly?: boolean; readonly warnings?: CursorWarning[] } = {},
): CursorReader {
  const made = resource({ name: "items", incremental: incremental("at", options) }, () => []);
  const cursor = cursorOf(resourceDefinition(made).steps);
  if (cursor === undefined) throw new Error("The resource has no cursor.");
  const warn = (warning: CursorWarning): unknown => warnings.push(warning);
  return openCursor({ cursor, primaryKey: "id", state: () => state, stopsEarly, warn });
}

const rethrow = (error: unknown): unknown => error;
const ids = (reader: CursorReader, rows: readonly Row[], singly = false): readonly number[] =>
  reader.keep(viewOf(rows), { singly, onError: rethrow }).map((index) => rows[index]?.id ?? 0);
const at = (id: number, value: unknown = id): Row => ({ id, at: value });

describe("the window that functions see", () => {
  test("starts at the initial value, then where the run before has stopped", () => {
    const state = {};
    const first = open(state, { initialValue: 2 });
    expect(first.window).toMatchObject({ initialValue: 2, startValue: 2, lastValue: 2, endValue: undefined });
    ids(first, [at(5), at(3)]);
    expect(first.window).toMatchObject({ startValue: 2, lastValue: 5 });
    expect(open(state, { initialValue: 2 }).window).toMatchObject({ initialValue: 2, startValue: 5, lastValue: 5 });
  });

  test("has no values before there are any", () => {
    expect(open({}, {}).window).toMatchObject({ initialValue: undefined, startValue: undefined, lastValue: undefined });
  });

  test("a range ignores the state and leaves none", () => {
    const state = {};
    const reader = open(state, { initialValue: 2, endValue: 5 });
    expect(
      ids(
        reader,
        [1, 2, 4, 5].map((n) => at(n)),
      ),
    ).toEqual([2, 4]);
    expect(reader.window).toMatchObject({ startValue: 2, lastValue: 2, endValue: 5 });
    expect(state).toEqual({});
  });

  test("has dates where the author gave a date", () => {
    const state = {};
    const initialValue = new Date("2024-01-01T00:00:00Z");
    const reader = open(state, { initialValue });
    ids(reader, [at(1, new Date("2024-01-02T00:00:00Z"))]);
    expect(reader.window.lastValue).toEqual(new Date("2024-01-02T00:00:00Z"));
    const next = open(state, { initialValue });
    expect(next.window.startValue).toEqual(new Date("2024-01-02T00:00:00Z"));
    expect(open(state, {}).window.startValue).toBeInstanceOf(Timestamp);
  });

  test("has the lag and the order that were given", () => {
    expect(open({}, { lag: 3, rowOrder: "desc" }).window).toMatchObject({ lag: 3, rowOrder: "desc" });
    expect(open({}, {}).window).toMatchObject({ lag: undefined, rowOrder: undefined });
  });

  test("tells on which side the last row was out of the range", () => {
    const reader = open({}, { initialValue: 2, endValue: 5, rowOrder: "asc" });
    ids(reader, [at(1)]);
    expect(reader.window).toMatchObject({ startOutOfRange: true, endOutOfRange: false });
    expect(reader.window.canClose()).toBe(false);
    ids(reader, [at(3), at(6)]);
    expect(reader.window).toMatchObject({ startOutOfRange: false, endOutOfRange: true });
    expect(reader.window.canClose()).toBe(true);
  });
});

test.each(inheritedNames)("a field may be called `%s`", (name) => {
  const before = inherited();
  const made = resource({ name: "items", incremental: incremental(`"${name}"`) }, () => []);
  const cursor = cursorOf(resourceDefinition(made).steps);
  if (cursor === undefined) throw new Error("The resource has no cursor.");
  const state: Record<string, unknown> = {};
  const rows = [1, 2].map((id) => JSON.parse(`{"id":${id},"${name}":${id}}`) as Row);
  const reader = () => openCursor({ cursor, primaryKey: "id", state: () => state, stopsEarly: true });
  expect(ids(reader(), rows)).toEqual([1, 2]);
  expect(ids(reader(), rows)).toEqual([]);
  expect(reader().window.startValue).toBe(2);
  expect(Object.keys(state["incremental"] as object)).toEqual([`"${name}"`]);
  expect(inherited()).toEqual(before);
});

describe("rows in order", () => {
  test("reading ends behind the page that leaves the range, whose other rows still count", () => {
    const reader = open({}, { initialValue: 1, endValue: 4, rowOrder: "asc" });
    expect(ids(reader, [at(1), at(3)])).toEqual([1, 3]);
    expect(reader.finished).toBe(false);
    expect(ids(reader, [at(5), at(2)])).toEqual([2]);
    expect(reader.finished).toBe(true);
  });

  test("single rows behind the end do not count", () => {
    const reader = open({}, { initialValue: 1, endValue: 4, rowOrder: "asc" });
    expect(ids(reader, [at(1), at(5), at(2)], true)).toEqual([1]);
  });

  test("a transformer goes on", () => {
    const reader = open({}, { initialValue: 1, endValue: 4, rowOrder: "asc" }, { stopsEarly: false });
    ids(reader, [at(5)]);
    expect(reader.finished).toBe(false);
    expect(reader.window.canClose()).toBe(true);
  });
});

describe("rows at the boundary", () => {
  test("are remembered once each, the old ones first, until the value grows", () => {
    const state: Record<string, unknown> = {};
    ids(open(state, {}), [at(1, 7), at(2, 7), at(1, 7)]);
    const hashes = hashesIn(state);
    expect(hashes).toHaveLength(2);
    const next = open(state, {});
    expect(ids(next, [at(2, 7), at(3, 7)])).toEqual([3]);
    expect(hashesIn(state)).toEqual([...hashes, expect.any(String)]);
    expect(ids(next, [at(4, 8)])).toEqual([4]);
    expect(hashesIn(state)).toHaveLength(1);
  });

  test("an empty key remembers none", () => {
    const state: Record<string, unknown> = {};
    ids(open(state, { primaryKey: [] }), [at(1)]);
    expect(hashesIn(state)).toEqual([]);
    expect(ids(open(state, { primaryKey: [] }), [at(1)])).toEqual([1]);
  });

  test("a function gives the key", () => {
    const state: Record<string, unknown> = {};
    const primaryKey = (row: Row): unknown => (row.id % 2 === 0 ? "id" : ["id"]);
    const reader = open(state, { primaryKey });
    expect(reader.plainRows).toBe(true);
    ids(reader, [at(1, 7), at(2, 7)]);
    expect(hashesIn(state)).toEqual(["Lj3E34tIJ/ZxYHsNLfaH", "Tp44cKMYfAuJiBfxLAqu"]);
  });
});

describe("time zones", () => {
  const [noon, later] = [1_704_110_400, 1_704_114_000];
  const aware = (seconds: number, offsetMinutes = 0): Timestamp => new Timestamp({ seconds, offsetMinutes });
  const naive = (seconds: number): Timestamp => new Timestamp({ seconds, offsetMinutes: null });

  test("bounds with a zone lose it, in UTC, where the rows have none", () => {
    const state: Record<string, unknown> = {};
    const warnings: CursorWarning[] = [];
    const reader = open(state, { initialValue: aware(noon, 120) }, { warnings });
    expect(ids(reader, [at(1, naive(noon - 1)), at(2, naive(noon)), at(3, naive(later))])).toEqual([2, 3]);
    expect(documentIn(state)).toMatchObject({
      initial_value: aware(noon, 120),
      last_value: naive(later),
      start_value: aware(noon, 120),
    });
    expect(warnings).toEqual([expect.objectContaining({ code: "CURSOR_ZONE_ADAPTED" })]);
    const next = open(state, {}, { warnings });
    expect(ids(next, [at(3, naive(later)), at(4, naive(later + 1))])).toEqual([4]);
    expect(warnings).toHaveLength(1);
  });

  test("bounds without a zone are wall time in that of the rows", () => {
    const state: Record<string, unknown> = {};
    const warnings: CursorWarning[] = [];
    const reader = open(state, { initialValue: naive(noon), endValue: naive(later) }, { warnings });
    const rows = [noon - 1, noon, later - 1, later].map((wall, index) => at(index, aware(wall - 3600, 60)));
    expect(ids(reader, rows)).toEqual([1, 2]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain("wall time");
  });

  test("instants in different zones are equal", () => {
    const state: Record<string, unknown> = {};
    ids(open(state, {}), [at(1, aware(noon, 60))]);
    expect(ids(open(state, {}), [at(1, aware(noon, -300)), at(2, aware(noon, 0))])).toEqual([2]);
  });
});

describe("what the author is warned of", () => {
  test("many rows with the last value, once", () => {
    const warnings: CursorWarning[] = [];
    const reader = open({}, {}, { warnings });
    const page = (value: number, count: number) =>
      Array.from({ length: count }, (_, id) => at(id + value * 1000, value));
    ids(reader, page(1, 200));
    expect(warnings).toEqual([]);
    ids(reader, page(1, 201));
    expect(warnings).toEqual([{ code: "CURSOR_HASHES_MANY", message: expect.stringContaining("201 rows") }]);
    ids(reader, page(2, 1));
    ids(reader, page(2, 300));
    expect(warnings).toHaveLength(1);
  });

  test("none of them for a cursor that remembers no rows", () => {
    const warnings: CursorWarning[] = [];
    ids(
      open({}, { primaryKey: [] }, { warnings }),
      Array.from({ length: 500 }, (_, id) => at(id, 1)),
    );
    expect(warnings).toEqual([]);
  });

  test("a lag that a function cannot have", () => {
    const warnings: CursorWarning[] = [];
    const first = ([value]: readonly unknown[]): unknown => value;
    const state = { incremental: { at: { initial_value: 1, last_value: 9, unique_hashes: [], start_value: 1 } } };
    expect(open(state, { lag: 2, lastValueFunc: first }, { warnings }).window.startValue).toBe(9);
    expect(warnings.map(({ code }) => code)).toEqual(["CURSOR_LAG_IGNORED"]);
    open({}, { lag: 2 }, { warnings });
    open({}, { lag: 0, lastValueFunc: first }, { warnings });
    expect(warnings).toHaveLength(1);
  });
});

test("a range has no lag", () => {
  expect(open({}, { initialValue: 5, endValue: 9, lag: 3 }).window.startValue).toBe(5);
});

test("a document without a start value is read, as older versions left it", () => {
  const state: Record<string, unknown> = {
    incremental: { at: { initial_value: 0, last_value: 5, unique_hashes: [] } },
  };
  const reader = open(state, {});
  expect(reader.window.startValue).toBe(5);
  expect(ids(reader, [at(4), at(6)])).toEqual([6]);
  expect(state).toEqual({
    incremental: { at: { initial_value: 0, last_value: 6, unique_hashes: [expect.any(String)], start_value: 5 } },
  });
});

test("an error tells which row it was", () => {
  const reader = open({}, {});
  const onError = (error: unknown, index: number): unknown => Object.assign(error as Error, { index });
  expect(() => reader.keep(viewOf([at(1), { id: 2 }]), { singly: false, onError })).toThrow(
    expect.objectContaining({ code: "CURSOR_VALUE_MISSING", index: 1 }),
  );
});

function documentIn(state: Record<string, unknown>): { readonly unique_hashes: readonly string[] } | undefined {
  return (state["incremental"] as Readonly<Record<string, { readonly unique_hashes: readonly string[] }>>)["at"];
}

function hashesIn(state: Record<string, unknown>): readonly string[] {
  return documentIn(state)?.unique_hashes ?? [];
}
