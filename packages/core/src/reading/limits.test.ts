import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { incremental } from "../authoring/incremental.js";
import { resource } from "../authoring/resource.js";
import type { LimitOptions, Resource } from "../contract/resource.js";
import { plainEnvironment } from "./environment.js";
import { readItems } from "./read-items.js";

interface Row {
  readonly id: number;
}

/** Reads a resource first with a limit, and then without one from where the cursor stands. */
async function readTwice(
  make: () => Resource<Row>,
  limit: LimitOptions,
  rowsPerPage = 100,
): Promise<readonly (readonly number[])[]> {
  const state: Record<string, unknown> = {};
  const read = async (made: Resource<Row>): Promise<number[]> => {
    const ids: number[] = [];
    const environment = {
      ...plainEnvironment(new AbortController().signal),
      resourceState: () => state,
      rowsPerPage: () => rowsPerPage,
      checkpoints: { isWanted: () => true, captureState: () => null, isCurrent: () => true },
    };
    for await (const item of readItems(made, environment)) {
      if (item.kind === "rows") ids.push(...item.rows.map((row) => (row as Row).id));
    }
    return ids;
  };
  return [await read(make().addLimit(limit)), await read(make())];
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, id) => id);
const four = ({ group }: { group: number }): readonly Row[] => upTo(4).map((n) => ({ id: group * 4 + n }));
const groups = () =>
  resource({ name: "r", incremental: incremental<number>("id") }, () => [{ group: 0 }, { group: 1 }]);

test.each<[string, () => Resource<Row>]>([
  ["a yield map gives as a list", () => groups().addYieldMap(four)],
  ["a yield map gives one by one", () => groups().addYieldMap((row) => four(row).values())],
  ["a map gives one by one", () => groups().addMap((row) => four(row).values()) as Resource<never>],
])("of rows that %s the cursor sees none that the limit cuts off", async (_, make) => {
  expect(await readTwice(make, { maxItems: 3 })).toEqual([upTo(3), upTo(8).slice(3)]);
});

test("a yield map is asked for no more rows than the limit lets through", async () => {
  let made = 0;
  const rows = resource({ name: "r" }, () => [{ n: 1 }]).addYieldMap(function* () {
    for (;;) yield { id: made++ };
  });
  const ids: number[] = [];
  for await (const { id } of rows.addLimit(3)) ids.push(id);
  expect(ids).toEqual([0, 1, 2]);
  expect(made).toBe(3);
});

test("of rows that a step behind the cursor multiplies the cursor sees none that the limit cuts off", async () => {
  const make = () =>
    resource({ name: "r", incremental: incremental<number>("id") }, () => upTo(4).map((id) => ({ id }))).addYieldMap(
      ({ id }) => [{ id }, { id }],
      { insertAt: 2 },
    );
  expect(await readTwice(make, { maxItems: 4 })).toEqual([
    [0, 0, 1, 1],
    [2, 2, 3, 3],
  ]);
});

describe("rows come in pages", () => {
  async function pageSizes(made: Resource): Promise<readonly number[]> {
    const environment = { ...plainEnvironment(new AbortController().signal), rowsPerPage: () => 4 };
    const sizes: number[] = [];
    for await (const item of readItems(made, environment)) if (item.kind === "rows") sizes.push(item.rows.length);
    return sizes;
  }

  const limits: readonly LimitOptions[] = [{ maxItems: 1_000 }, { maxItems: -1 }, {}];
  const singly = () =>
    resource({ name: "r", incremental: incremental<number>("id") }, () =>
      upTo(10)
        .map((id) => ({ id }))
        .values(),
    );
  const page = () => resource({ name: "r" }, () => [upTo(10).map((id) => ({ id }))]);

  test.each(limits)("as without a limit, while that is far or lets everything through: %j", async (limit) => {
    expect(await pageSizes(singly().addLimit(limit))).toEqual([4, 4, 2]);
    expect(
      await pageSizes(
        page()
          .addYieldMap((row) => [row])
          .addLimit(limit),
      ),
    ).toEqual([4, 4, 2]);
  });

  test("up to a limit", async () => {
    let read = 0;
    const counted = resource({ name: "r", incremental: incremental<number>("id") }, function* () {
      for (;;) yield { id: read++ };
    });
    expect(await pageSizes(counted.addLimit(9))).toEqual([4, 4, 1]);
    expect(read).toBe(9);
    let made = 0;
    const expanded = page().addYieldMap(function* () {
      for (;;) yield { id: made++ };
    });
    expect(await pageSizes(expanded.addLimit(9))).toEqual([4, 4, 1]);
    expect(made).toBe(9);
  });

  test("up to a limit behind points", async () => {
    let read = 0;
    const counted = resource({ name: "r" }, function* ({ checkpoint }): Generator<{ id: number }> {
      for (;;) {
        yield { id: read++ };
        if (read % 3 === 0) checkpoint();
      }
    });
    const environment = {
      ...plainEnvironment(new AbortController().signal),
      rowsPerPage: () => 4,
      checkpoints: { isWanted: () => true, captureState: () => null, isCurrent: () => true },
    };
    for await (const item of readItems(counted.addLimit(5), environment)) expect(item.kind).toBeDefined();
    expect(read).toBe(5);
  });
});

/** What a function yields: so many rows in one of its ways. */
const yields = fc.array(
  fc.record({
    way: fc.constantFrom("rows", "page", "work", "generator", "point"),
    rowCount: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 8 },
);

test("whatever way the rows come, a run with a limit and one without read each row once", async () => {
  await fc.assert(
    fc.asyncProperty(
      yields,
      fc.record({ maxItems: fc.integer({ min: 0, max: 12 }), countRows: fc.boolean() }),
      fc.constantFrom("none", "filter", "yieldMap", "map"),
      fc.constantFrom(1, 2, 3, 100),
      async (parts, limit, step, rowsPerPage) => {
        let next = 0;
        const pages = parts.map(({ way, rowCount }) => ({ way, rows: upTo(rowCount).map(() => ({ id: next++ })) }));
        const make = (): Resource<Row> => {
          const made = resource(
            { name: "r", incremental: incremental<number>("id") },
            async function* ({ checkpoint }): AsyncGenerator<Row | Row[] | (() => unknown) | Generator<Row>> {
              for (const { way, rows } of pages) {
                if (way === "page") yield rows;
                else if (way === "work") yield async () => rows.values();
                else if (way === "generator") yield rows.values() as Generator<Row>;
                else yield* rows;
                if (way === "point") checkpoint();
              }
            },
          ) as unknown as Resource<Row>;
          if (step === "filter") return made.addFilter(({ id }) => id % 3 !== 1);
          const twice = ({ id }: Row): readonly Row[] => [{ id: id * 2 }, { id: id * 2 + 1 }];
          if (step === "yieldMap") return made.addYieldMap(twice);
          return step === "map" ? (made.addMap((row) => twice(row).values()) as Resource<never>) : made;
        };
        const [first = [], second = []] = await readTwice(make, limit, rowsPerPage);
        const all = upTo(step === "yieldMap" || step === "map" ? next * 2 : next);
        expect([...first, ...second]).toEqual(step === "filter" ? all.filter((id) => id % 3 !== 1) : all);
      },
    ),
    { numRuns: 500 },
  );
});
