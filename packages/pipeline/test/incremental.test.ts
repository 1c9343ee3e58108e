import { afterEach, describe, expect, test } from "vitest";
import {
  incremental,
  incrementalFromState,
  type RunOptions,
  resource,
  source,
  Timestamp,
  transformer,
} from "../src/index.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";
import { warnings } from "./warnings.js";

const days = ["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02", "2024-03-01"];
const rows = days.map((day, index) => ({ id: index + 1, at: new Date(`${day}T12:00:00Z`), n: index + 1 }));

/** What the function of the resource was told. */
const windows: (readonly unknown[])[] = [];
afterEach(() => {
  windows.length = 0;
});

const events = (options: Parameters<typeof incremental<Date>>[1] = {}) =>
  resource({ name: "events", primaryKey: "id", incremental: incremental<Date>("at", options) }, ({ incremental }) => {
    windows.push([incremental.startValue, incremental.endValue]);
    return rows;
  });

async function loaded(machine: Machine): Promise<readonly unknown[]> {
  return (await machine.query("SELECT n FROM events ORDER BY n")).map(({ n }) => n);
}

const january = { start: "2024-01-01", end: "2024-02-01" };
const february = { start: "2024-02-01", end: "2024-03-01" };

describe("options from outside of the code", () => {
  test("the configuration gives a resource its cursor, and a run changes it", async () => {
    const machine = await newMachine();
    const env = { SOURCES__SHOP__EVENTS__INCREMENTAL__CURSOR_PATH: "n", SOURCES__SHOP__EVENTS__INCREMENTAL: "3" };
    const p = machine.pipeline({}, { ...machine.runtime, env });
    const plain = resource({ name: "events" }, () => rows);
    // Text has no order among numbers, so that the type has to be said.
    await expect(p.run(plain)).rejects.toMatchObject({ code: "CURSOR_NOT_COMPARABLE", step: "extract" });
    const typed = { ...env, SOURCES__SHOP__EVENTS__INCREMENTAL__CURSOR_TYPE: "bigint" };
    const next = machine.pipeline({}, { ...machine.runtime, env: typed });
    await next.run(plain, { incremental: { endValue: 5 } });
    expect(await loaded(machine)).toEqual([3, 4]);
    expect(next.state.sources).toEqual({});
    await next.run(plain);
    expect(await loaded(machine)).toEqual([3, 3, 4, 4, 5]);
    expect(next.state.sources["shop"]?.resources?.["events"]?.incremental?.["n"]).toMatchObject({ last_value: 5 });
  });

  test("the section and the name of a source lead to its resources", async () => {
    const machine = await newMachine();
    const crm = source({ name: "europe", section: "crm" }, () => [events({ initialValue: new Date(0) })]);
    const env = { SOURCES__CRM__EUROPE__EVENTS__INCREMENTAL__INITIAL_VALUE: "2024-02-02T00:00:00Z" };
    await machine.pipeline({}, { ...machine.runtime, env }).run(crm());
    expect(await loaded(machine)).toEqual([4, 5]);
  });

  test("a run changes cursors, gives others, or goes without", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const given = events({ initialValue: new Date("2024-01-31") });
    await p.run(given, { incremental: { endValue: new Date("2024-02-02") } });
    expect(await loaded(machine)).toEqual([2, 3]);
    await p.run(given, { incremental: new Date("2024-03-01"), writeDisposition: "replace" });
    expect(await loaded(machine)).toEqual([5]);
    await p.run(given, { incremental: incremental("n", { initialValue: 4 }), writeDisposition: "replace" });
    expect(await loaded(machine)).toEqual([4, 5]);
    await p.run(given, { incremental: null, writeDisposition: "replace" });
    expect(await loaded(machine)).toEqual([1, 2, 3, 4, 5]);
    await expect(p.run(rows, { tableName: "events", incremental: { endValue: 4 } })).rejects.toMatchObject({
      code: "INCREMENTAL_NOT_DECLARED",
      step: "extract",
    });
  });
});

describe("the interval of a scheduler", () => {
  const scheduled = () => events({ allowExternalSchedulers: true, cursorType: "timestamp" });
  const outside: Readonly<Record<string, [RunOptions, readonly string[], Readonly<Record<string, string>>]>> = {
    code: [{ interval: february }, [], {}],
    arguments: [{}, ["--interval-start", february.start, `--interval-end=${february.end}`], {}],
    environment: [{}, [], { DLT_INTERVAL_START: february.start, DLT_INTERVAL_END: february.end }],
  };

  test.each(Object.entries(outside))("from %s is the range, beside the state", async (_, [options, argv, env]) => {
    const machine = await newMachine();
    const p = machine.pipeline({}, { ...machine.runtime, argv, env });
    await p.run(events(), { incremental: { endValue: new Date("2024-01-31"), initialValue: new Date(0) } });
    await p.run(scheduled(), options);
    expect(await loaded(machine)).toEqual([1, 3, 4]);
    expect(windows.at(-1)?.map(String)).toEqual(["2024-02-01T00:00:00+00:00", "2024-03-01T00:00:00+00:00"]);
    expect(p.state.sources).toEqual({});
  });

  test("does not reach beyond the bounds of the cursor, and has their form", async () => {
    const machine = await newMachine();
    const initialValue = new Date("2024-01-31T00:00:00Z");
    const made = events({ initialValue, allowExternalSchedulers: true });
    await machine.pipeline().run(made, { interval: january });
    expect(windows).toEqual([[initialValue, new Date(january.end)]]);
    expect(await loaded(machine)).toEqual([2]);
  });

  test("is for cursors that allow it, unless the run says of all", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const initialValue = new Date("2024-02-02");
    await p.run(events({ initialValue }), { interval: january });
    expect(await loaded(machine)).toEqual([4, 5]);
    await p.run(events(), {
      interval: { ...january, allowExternalSchedulers: true },
      writeDisposition: "replace",
      incremental: { cursorType: "timestamp" },
    });
    expect(await loaded(machine)).toEqual([1, 2]);
    await p.run(scheduled(), { interval: { allowExternalSchedulers: false }, writeDisposition: "replace" });
    expect(await loaded(machine)).toEqual([1, 2, 3, 4, 5]);
  });

  test("has to be there, in a form that the cursor can take", async () => {
    const machine = await newMachine();
    const env = { DLT_INTERVAL_START: "2024-01-01" };
    const p = machine.pipeline({}, { ...machine.runtime, env });
    await expect(p.run(scheduled())).rejects.toMatchObject({
      code: "EXTERNAL_SCHEDULER_NOT_AVAILABLE",
      message: expect.stringContaining("there is only `DLT_INTERVAL_START`"),
    });
    await expect(p.run(events(), { interval: { ...january, allowExternalSchedulers: true } })).rejects.toMatchObject({
      code: "SCHEDULER_NOT_JOINED",
    });
    await expect(p.run(scheduled(), { interval: { start: "soon", end: "later" } })).rejects.toMatchObject({
      code: "INTERVAL_INVALID",
    });
    expect(p.state.sources).toEqual({});
  });

  test("that no cursor takes is warned of, when it was given to the run", async () => {
    const machine = await newMachine();
    const codes = warnings();
    const p = machine.pipeline({}, { ...machine.runtime, env: { DLT_INTERVAL_START: "2024-01-01" } });
    await p.run(events());
    await p.run(events(), { interval: { ...january, allowExternalSchedulers: false } });
    await p.run(scheduled(), { interval: january });
    await p.run([scheduled(), resource({ name: "bare" }, () => [{ id: 1 }])], { interval: january });
    expect(codes).toEqual([]);
    await p.run(events(), { interval: january });
    await p.run([{ id: 1 }], { tableName: "bare", interval: { start: "2024-01-01" } });
    expect(codes).toEqual(["INTERVAL_UNUSED", "INTERVAL_UNUSED"]);
  });

  test("goes for a dry run as well", async () => {
    const machine = await newMachine();
    const info = await machine.pipeline().run(scheduled(), { interval: january, dryRun: true });
    expect(info.tableRows).toEqual([expect.objectContaining({ name: "events", rowCount: 2 })]);
  });
});

test("a cursor is made of what the state has", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const initialValue = new Date("2024-01-31");
  await p.run(events({ initialValue }));
  const place = { source: "shop", resource: "events", cursorPath: "at" };
  const endValue = p.state.sources["shop"]?.resources?.["events"]?.incremental?.["at"]?.last_value;
  await p.run(
    events().applyHints({ incremental: incrementalFromState(p.state, place, { endValue, rangeEnd: "closed" }) }),
    {
      writeDisposition: "replace",
    },
  );
  expect(await loaded(machine)).toEqual([2, 3, 4, 5]);
  expect(windows.at(-1)).toEqual([Timestamp.fromDate(initialValue), endValue]);
  expect(() => incrementalFromState(p.state, { ...place, cursorPath: "n" })).toThrow(
    expect.objectContaining({
      code: "CURSOR_STATE_MISSING",
      message: expect.stringContaining("`n` of `events` in `shop`"),
    }),
  );
});

test("a transformer has a cursor of its own", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const parents = resource({ name: "parents", selected: false }, () => [{ from: 3 }, { from: 1 }]);
  const children = transformer(
    { name: "events", incremental: incremental("n", { initialValue: 2 }) },
    ({ from }: { from: number }) => [{ n: from }, { n: from + 1 }],
  );
  await p.run(parents.pipe(children));
  expect(await loaded(machine)).toEqual([2, 3, 4]);
  expect((await p.run(parents.pipe(children))).isEmpty).toBe(true);
});

test("warnings of cursors are warnings of the process", async () => {
  const machine = await newMachine();
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  const many = Array.from({ length: 201 }, (_, id) => ({ id, n: 1 }));
  await machine.pipeline().run(many, { tableName: "events", incremental: incremental("n") });
  expect(await warned).toMatchObject({ name: "DltWarning", code: "CURSOR_HASHES_MANY" });
});

describe("what a cursor cannot do says where", () => {
  test("a lag for a last value of another form, and how to begin anew", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const events = (at: string) =>
      resource({ name: "events", incremental: incremental("at", { lag: 60 }) }, () => [{ id: 1, at }]);
    await p.run(events("soon"));
    await expect(p.run(events("2024-01-01T00:00:00Z"))).rejects.toMatchObject({
      code: "CURSOR_LAG_UNSUPPORTED",
      message: expect.stringContaining(
        "Resource `events` of source `shop` failed in incremental (step 1): The lag of the cursor `at` cannot be applied to the last value that was stored, text in none of the forms of a date that are known.",
      ),
      hint: expect.stringMatching(
        /^Leave out `lag`; or bring the field into a form of ISO 8601 .*refresh: "drop_data"/,
      ),
      context: { resource: "events", cursor: "at" },
    });
    await p.run(events("2024-01-01T00:00:00Z"), { refresh: "drop_data" });
    await p.run(events("2024-01-01T00:00:00Z"));
    expect(await machine.query("SELECT events.at AS at FROM events")).toEqual([
      { at: "2024-01-01T00:00:00Z" },
      { at: "2024-01-01T00:00:00Z" },
    ]);
  });

  test("a row without a field of the key that tells it apart", async () => {
    const p = (await newMachine()).pipeline();
    const keyed = resource({ name: "keyed", incremental: incremental("at", { primaryKey: "uid" }) }, () => [
      { uid: 1, at: 1 },
      { at: 2 },
    ]);
    await expect(p.run(keyed)).rejects.toMatchObject({
      code: "CURSOR_KEY_MISSING",
      message: expect.stringContaining(
        "Resource `keyed` of source `shop` failed in incremental (step 1), row 2: A row at the last value of the cursor has no `uid`",
      ),
      hint: expect.stringMatching(/^Give `incremental` a `primaryKey` of fields that every row has/),
      context: { resource: "keyed", row: 2, field: "uid" },
    });
  });
});
