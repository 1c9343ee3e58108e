import type { MergeStrategy, TableSchema } from "@dlt/core";
import { resource } from "@dlt/pipeline";
import { expect } from "vitest";
import type { Row } from "../column-batch.js";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { runLoad } from "../direct-load.js";
import { cutOffEverywhere } from "./cut-off.js";
import { expectUsers, linkedLoad, prepareAndRun } from "./linked-load.js";
import { deleteInsertCases, insertOnlyCases, key, type MergeCase, upsertCases, user } from "./merge-cases.js";
import { type LinkedUser, linkedTables } from "./users.js";

/** The merge strategies whose rows have keys. */
export const keyedMerges: readonly ConformanceArea[] = [
  areaOf("delete-insert", deleteInsertCases),
  areaOf("upsert", upsertCases),
  areaOf("insert-only", insertOnlyCases),
];

function areaOf(strategy: MergeStrategy, cases: readonly MergeCase[]): ConformanceArea {
  return {
    name: strategy,
    isEssential: strategy === "delete-insert",
    testsFor: ({ capabilities }) =>
      capabilities.mergeStrategies.includes(strategy)
        ? [
            ...cases.map((each) => merges(strategy, each)),
            mergesDeeply(strategy),
            repeats(strategy),
            survives(strategy),
          ]
        : [],
  };
}

function merges(strategy: MergeStrategy, { name, keys, names = {}, loads, result }: MergeCase): ConformanceTest {
  const renamed = (users: readonly LinkedUser[]) =>
    users.map(({ row, tags }) => ({ row: withNames(row, names), tags }));
  return {
    name: `${strategy} ${name}`,
    async run(trial) {
      const tables = renamedTables(mergedTables(strategy, keys), names);
      const client = await trial.connect();
      for (const [index, loaded] of loads.entries())
        await runLoad(client, await linkedLoad(trial, { number: index + 1, tables, loaded: renamed(loaded) }));
      await expectUsers(trial, tables, renamed(result));
    },
  };
}

/** Rows of the second level are linked to the rows of the first, and to those of the root table. */
function mergesDeeply(strategy: MergeStrategy): ConformanceTest {
  const order = (id: number, lines: Readonly<Record<string, readonly string[]>>) => ({
    id,
    lines: Object.entries(lines).map(([sku, parts]) => ({ sku, parts })),
  });
  return {
    name: `${strategy} sees to what is nested in nested rows`,
    async run(trial) {
      await using pipeline = trial.pipeline();
      const run = (orders: readonly object[]) =>
        pipeline.run(
          resource(
            { name: "orders", primaryKey: "id", writeDisposition: { disposition: "merge", strategy } },
            () => orders,
          ),
        );
      await run([order(1, { a: ["u", "v"] }), order(2, { b: ["w"] })]);
      await run([order(2, { c: ["x"] }), order(3, { d: ["y", "z"] })]);
      const sorted = async (table: string, column: string) =>
        (await trial.stored(table)).map((row) => String(row[column])).sort();
      const isKept = strategy === "insert-only";
      expect(await sorted("orders__lines", "sku")).toEqual(["a", isKept ? "b" : "c", "d"]);
      expect(await sorted("orders__lines__parts", "value")).toEqual(["u", "v", isKept ? "w" : "x", "y", "z"]);
    },
  };
}

const first = [user(1, "one", ["a", "b"]), user(2, "one", ["c"])];
const second = [user(2, "two", ["d"]), user(3, "two", ["e", "f"])];
const both = (strategy: MergeStrategy): readonly LinkedUser[] =>
  strategy === "insert-only" ? [...first, ...second.slice(1)] : [...first.slice(0, 1), ...second];

function repeats(strategy: MergeStrategy): ConformanceTest {
  return {
    name: `${strategy} by steps that are repeated changes nothing more`,
    async run(trial) {
      const tables = mergedTables(strategy, key);
      await runLoad(await trial.connect(), await linkedLoad(trial, { number: 1, tables, loaded: first }));
      const load = await linkedLoad(trial, { number: 2, tables, loaded: second });
      for (let time = 0; time < 2; time++) await prepareAndRun(await trial.connect(), load);
      const client = await trial.connect();
      await client.completeLoad(load.completed);
      await prepareAndRun(client, load);
      await expectUsers(trial, tables, both(strategy));
    },
  };
}

function survives(strategy: MergeStrategy): ConformanceTest {
  return {
    name: `${strategy} that is cut off anywhere changes all or nothing, and can be run again`,
    async run(trial) {
      const tables = mergedTables(strategy, key);
      const calm = await trial.connect();
      const load = async (number: number) =>
        linkedLoad(trial, { number, tables, loaded: [user(number, `load ${number}`, ["t"])] });
      const rows = (number: number) => Array.from({ length: number }, (_, n) => user(n + 1, `load ${n + 1}`, ["t"]));
      await cutOffEverywhere(trial, {
        call: async (client, attempt) => prepareAndRun(client, await load(attempt)),
        async check(attempt) {
          expect([attempt - 1, attempt]).toContain((await trial.stored("users")).length);
          await runLoad(calm, await load(attempt));
          await expectUsers(trial, tables, rows(attempt));
        },
      });
    },
  };
}

function renamedTables(
  [root, nested]: readonly [TableSchema, TableSchema],
  names: Readonly<Record<string, string>>,
): readonly [TableSchema, TableSchema] {
  const nameOf = (name: string) => names[name] ?? name;
  const columns = [...root.columns.values()].map((column) => ({ ...column, name: nameOf(column.name) }));
  return [
    { ...root, name: nameOf(root.name), columns: new Map(columns.map((column) => [column.name, column])) },
    { ...nested, name: nameOf(nested.name), parent: nameOf(root.name) },
  ];
}

function withNames(row: Row, names: Readonly<Record<string, string>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, cell]) => [names[name] ?? name, cell]));
}

function mergedTables(
  strategy: MergeStrategy,
  keys: Readonly<Record<string, object>>,
): readonly [TableSchema, TableSchema] {
  return linkedTables({ writeDisposition: "merge", "x-merge-strategy": strategy }, keys);
}
