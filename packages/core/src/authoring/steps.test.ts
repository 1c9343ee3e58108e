import { describe, expect, test } from "vitest";
import type { Mark, Resource } from "../contract/resource.js";
import { resourceDefinition } from "./brand.js";
import { incremental } from "./incremental.js";
import { withHints, withTableName } from "./marks.js";
import { resource } from "./resource.js";
import { transformer } from "./transformer.js";

async function rowsOf<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

type Row = { readonly log: string };
const numbers = () => resource({ name: "numbers" }, () => [{ n: 1 }, { n: 2 }]);
const logged = (): Resource<Row> => resource({ name: "logged" }, () => [{ log: "r" }]);
const logs = (letter: string) => (row: Row) => ({ log: row.log + letter });
const piped = (): Resource<Row> => logged().pipe(transformer({ name: "t" }, logs("T")));
const log = async (made: Resource<Row>): Promise<string | undefined> => (await rowsOf(made))[0]?.log;

describe("places", () => {
  test.each<[string, Resource<Row>, string]>([
    ["steps come in the order in which they are added", logged().addMap(logs("a")).addMap(logs("b")), "rab"],
    ["1 is right after the function", logged().addMap(logs("a")).addMap(logs("b"), { insertAt: 1 }), "rba"],
    [
      "2 is behind the first step",
      logged().addMap(logs("a")).addMap(logs("b")).addMap(logs("c"), { insertAt: 2 }),
      "racb",
    ],
    ["the last place is behind all", logged().addMap(logs("a")).addMap(logs("b"), { insertAt: 2 }), "rab"],
    [
      "1 of a transformer, too, is right after its function",
      piped().addMap(logs("a")).addMap(logs("b"), { insertAt: 1 }),
      "rTba",
    ],
    ["0 of a transformer is before its function", piped().addMap(logs("a")).addMap(logs("b"), { insertAt: 0 }), "rbTa"],
    [
      "what stands before the function is counted",
      piped().addMap(logs("a"), { insertAt: 0 }).addMap(logs("b"), { insertAt: 1 }).addMap(logs("c"), { insertAt: 3 }),
      "rabTc",
    ],
  ])("%s", async (_, made, expected) => {
    expect(await log(made)).toBe(expected);
  });

  test.each<[string, () => unknown]>([
    ["before the function of a resource", () => logged().addMap(logs("a"), { insertAt: 0 })],
    ["beyond the end", () => logged().addMap(logs("a"), { insertAt: 2 })],
    ["below zero", () => piped().addFilter(() => true, { insertAt: -1 })],
    ["between two places", () => logged().addYieldMap(() => [], { insertAt: 1.5 })],
  ])("%s there is none", (_, add) => {
    expect(add).toThrow(expect.objectContaining({ code: "RESOURCE_OPTION_INVALID" }));
  });

  test("a step behind cursor and limit stays there, and the next goes behind it", () => {
    const made = numbers()
      .applyHints({ incremental: incremental("n") })
      .addLimit(1)
      .addFilter(() => true, { insertAt: 3 })
      .addMap((row) => row);
    expect(resourceDefinition(made).steps.map(({ kind }) => kind)).toEqual(["incremental", "limit", "filter", "map"]);
  });

  test("filter, yieldMap and metrics take places, too", async () => {
    const seen: unknown[] = [];
    const made = numbers()
      .addMap(({ n }) => ({ n: n * 10 }))
      .addFilter(({ n }: { n: number }) => n === 2, { insertAt: 1 })
      .addMetrics((rows) => void seen.push(rows), { insertAt: 1 })
      .addYieldMap((row: { n: number }) => [row, row], { insertAt: 3 });
    expect(await rowsOf(made)).toEqual([{ n: 20 }, { n: 20 }]);
    expect(seen).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  });
});

describe("marks", () => {
  const marked = () =>
    resource({ name: "marked" }, function* () {
      yield withTableName([{ n: 1 }, { n: 2 }], "a");
      yield { n: 3 };
    });

  test("are handed to the functions of steps; undefined, where there is none", async () => {
    const seen: unknown[] = [];
    const look = <Row extends { n: number }>(row: Row, mark: Mark | undefined): Row => {
      seen.push([row.n, mark?.tableName]);
      return row;
    };
    const made = marked()
      .addMap((row, mark) => look(row, mark))
      .addFilter((row, mark) => look(row, mark) === row)
      .addYieldMap((row, mark) => [look(row, mark)])
      .addMetrics((rows, _metrics, mark) => {
        for (const row of rows) look(row, mark);
      });
    expect(await rowsOf(made)).toHaveLength(3);
    expect(seen.filter((each) => (each as readonly unknown[])[0] === 1)).toEqual(Array(4).fill([1, "a"]));
    expect(seen.filter((each) => (each as readonly unknown[])[0] === 3)).toEqual(Array(4).fill([3, undefined]));
  });

  const columns = { n: { dataType: "text" } } as const;
  test.each<[step: string, add: (made: Resource<{ n: number }>) => Resource]>([
    ["a map", (made) => made.addMap((row) => withHints(row, { columns }))],
    ["a map that gives generators", (made) => made.addMap((row) => [withHints(row, { columns })].values())],
    ["a yield map", (made) => made.addYieldMap((row) => [withHints(row, { columns })])],
    [
      "a yield map that marks generators",
      (made) => made.addYieldMap((row) => [withHints([row].values(), { columns })]),
    ],
  ])("of %s say more of the row than that of its page", async (_, add) => {
    const marks: unknown[] = [];
    const made = add(marked()).addMetrics((_rows, _metrics, mark) => void marks.push(mark));
    await rowsOf(made);
    const hinted = { hints: { columns }, createTableVariant: false };
    expect(marks).toEqual([{ tableName: "a", ...hinted }, { tableName: "a", ...hinted }, hinted]);
  });

  test("of a map send each row to a table of its own, in order", async () => {
    const made = resource({ name: "events" }, () => [[{ n: 1 }, { n: 2 }, { n: 3 }]]);
    expect(await rowsOf(made.addMap((row) => withTableName(row, row.n > 1 ? "big" : "small")))).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ]);
  });

  test.each<[readonly string[], readonly number[]]>([
    [["a"], [1, 2]],
    [["marked"], [3]],
    [
      ["a", "marked"],
      [1, 2, 3],
    ],
    [["b"], []],
    [[], []],
  ])("tables %j are selected", async (names, expected) => {
    expect((await rowsOf(marked().selectTables(...names))).map(({ n }) => n)).toEqual(expected);
  });

  test("tables are selected by the function of their name, row by row", async () => {
    const made = resource({ name: "r", tableName: ({ n }: { n: number }) => (n % 2 === 0 ? "even" : "odd") }, () => [
      [{ n: 1 }, { n: 2 }],
      [{ n: 3 }],
      { n: 4 },
    ]);
    expect(await rowsOf(made.selectTables("even"))).toEqual([{ n: 2 }, { n: 4 }]);
  });
});

test("a map may answer later, by a promise or a function without parameters", async () => {
  const made = numbers().addMap(({ n }) => async () => ({ m: n }));
  expect(await rowsOf(made)).toEqual([{ m: 1 }, { m: 2 }]);
});
