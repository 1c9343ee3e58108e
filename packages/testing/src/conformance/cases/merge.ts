import type { MergeStrategy, TableSchema } from "@dlt/core";
import { expect } from "vitest";
import type { Row } from "../column-batch.js";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { runLoad } from "../direct-load.js";
import { cutOffEverywhere } from "./cut-off.js";
import { expectUsers, linkedLoad, prepareAndRun } from "./linked-load.js";
import { type LinkedUser, linkedTables, linkedUser } from "./users.js";

/** A merge of tables with these keys: what is there, what comes, and what is there then. */
interface MergeCase {
  readonly name: string;
  readonly keys: Readonly<Record<string, object>>;
  /** Other names for columns of the root table. Default: none. */
  readonly names?: Readonly<Record<string, string>>;
  readonly loads: readonly (readonly LinkedUser[])[];
  readonly result: readonly LinkedUser[];
}

const key = { id: { primaryKey: true } };
/** With a row id made from the key, as rows have where they are updated in place. */
const user = (id: number, name: string, tags: readonly string[], more: object = {}): LinkedUser =>
  linkedUser({ id, name, ...more }, tags, `user ${id}`);
/** With a row id of its own. */
const version = (id: number, name: string, tags: readonly string[], more: object = {}): LinkedUser =>
  linkedUser({ id, name, ...more }, tags, `${name} ${id}`);

/** Names that mean something else, or nothing, unless they are quoted. */
const quotedNames = { id: "select", region: 'the "region"', version: "order", gone: "is it gone?" } as const;

/** Several rows of one key in a load, of which one is left. */
function repeatedKey(row: typeof user): MergeCase {
  return {
    name: "keeps the last of several rows by a sorted column",
    keys: { ...key, version: { dedupSort: "desc" } },
    loads: [[row(1, "low", [], { version: 1 }), row(1, "high", [], { version: 3 }), row(1, "mid", [], { version: 2 })]],
    result: [row(1, "high", [], { version: 3 })],
  };
}

const deleteInsertCases: readonly MergeCase[] = [
  {
    name: "replaces rows with the same key, and what is nested in them",
    keys: key,
    loads: [
      [version(1, "old", ["a", "b"]), version(2, "old", ["c"])],
      [version(2, "new", ["d", "e"]), version(3, "new", [])],
    ],
    result: [version(1, "old", ["a", "b"]), version(2, "new", ["d", "e"]), version(3, "new", [])],
  },
  {
    name: "takes compound keys",
    keys: { id: { primaryKey: true }, region: { primaryKey: true } },
    loads: [
      [version(1, "old n", ["a"], { region: "north" }), version(1, "old s", ["b"], { region: "south" })],
      [version(1, "new s", ["c"], { region: "south" }), version(2, "new n", ["d"], { region: "north" })],
    ],
    result: [
      version(1, "old n", ["a"], { region: "north" }),
      version(1, "new s", ["c"], { region: "south" }),
      version(2, "new n", ["d"], { region: "north" }),
    ],
  },
  {
    name: "replaces rows with the same merge key",
    keys: { region: { mergeKey: true } },
    loads: [
      [version(1, "old", ["a"], { region: "north" }), version(2, "old", ["b"], { region: "south" })],
      [version(3, "new", ["c"], { region: "south" }), version(4, "new", ["d"], { region: "south" })],
    ],
    result: [
      version(1, "old", ["a"], { region: "north" }),
      version(3, "new", ["c"], { region: "south" }),
      version(4, "new", ["d"], { region: "south" }),
    ],
  },
  {
    name: "keeps the last of several rows by a sorted column",
    keys: { ...key, version: { dedupSort: "desc" } },
    loads: [
      [
        version(1, "low", ["a"], { version: 1 }),
        version(1, "high", ["b"], { version: 3 }),
        version(1, "mid", ["c"], { version: 2 }),
      ],
    ],
    result: [version(1, "high", ["b"], { version: 3 })],
  },
  {
    name: "deletes rows whose flag says so, and what is nested in them",
    keys: { ...key, gone: { hardDelete: true } },
    loads: [
      [version(1, "old", ["a"]), version(2, "old", ["b"]), version(3, "old", [])],
      [
        version(2, "gone", [], { gone: true }),
        version(3, "new", ["c"], { gone: false }),
        version(4, "gone", [], { gone: true }),
      ],
    ],
    result: [version(1, "old", ["a"]), version(3, "new", ["c"], { gone: false })],
  },
  {
    name: "takes keys, flags and sorted columns whose names have to be quoted",
    keys: {
      id: { primaryKey: true },
      region: { primaryKey: true },
      version: { dedupSort: "desc" },
      gone: { hardDelete: true },
    },
    names: quotedNames,
    loads: [
      [version(1, "old", ["a"]), version(2, "old", ["b"], { region: "south" })],
      [
        version(1, "low", ["c"], { version: 1 }),
        version(1, "high", ["d"], { version: 2 }),
        version(2, "gone", [], { region: "south", gone: true }),
      ],
    ],
    result: [version(1, "high", ["d"], { version: 2 })],
  },
];

const upsertCases: readonly MergeCase[] = [
  {
    name: "updates rows with the same key, and what is nested in them",
    keys: key,
    loads: [
      [user(1, "old", ["a", "b"]), user(2, "old", ["c", "d"])],
      [user(2, "new", ["e"]), user(3, "new", ["f"])],
    ],
    result: [user(1, "old", ["a", "b"]), user(2, "new", ["e"]), user(3, "new", ["f"])],
  },
  {
    name: "takes compound keys",
    keys: { id: { primaryKey: true }, region: { primaryKey: true } },
    loads: [
      [version(1, "n", ["a"], { region: "north" }), version(1, "s", ["b"], { region: "south" })],
      [version(1, "s", ["c", "d"], { region: "south" })],
    ],
    result: [version(1, "n", ["a"], { region: "north" }), version(1, "s", ["c", "d"], { region: "south" })],
  },
  {
    name: "deletes rows whose flag says so, and what is nested in them",
    keys: { ...key, gone: { hardDelete: true } },
    loads: [[user(1, "old", ["a"]), user(2, "old", ["b"])], [user(2, "gone", [], { gone: true })]],
    result: [user(1, "old", ["a"])],
  },
  {
    name: "updates rows that have other row ids, and what is nested in them",
    keys: { ...key, gone: { hardDelete: true } },
    loads: [
      [version(1, "old", ["a", "b"]), version(2, "old", ["c"]), version(3, "old", ["d"])],
      [user(1, "new", ["e"]), user(2, "gone", [], { gone: true })],
    ],
    result: [user(1, "new", ["e"]), version(3, "old", ["d"])],
  },
  repeatedKey(user),
  {
    name: "takes keys and flags whose names have to be quoted",
    keys: { ...key, region: { primaryKey: true }, gone: { hardDelete: true } },
    names: quotedNames,
    loads: [
      [user(1, "old", ["a"]), user(2, "old", ["b"])],
      [user(1, "new", ["c"]), user(2, "gone", [], { gone: true }), user(3, "new", ["d"])],
    ],
    result: [user(1, "new", ["c"]), user(3, "new", ["d"])],
  },
];

const insertOnlyCases: readonly MergeCase[] = [
  {
    name: "adds rows with new keys, and leaves the others as they are",
    keys: key,
    loads: [
      [user(1, "old", ["a"]), user(2, "old", ["b"])],
      [user(2, "new", ["c"]), user(3, "new", ["d"])],
    ],
    result: [user(1, "old", ["a"]), user(2, "old", ["b"]), user(3, "new", ["d"])],
  },
  {
    name: "adds to lists of rows that are there, and nothing to rows with other row ids",
    keys: key,
    loads: [
      [user(1, "old", ["a"]), version(2, "old", ["b"])],
      [user(1, "new", ["c", "d"]), user(2, "new", ["e", "f"])],
    ],
    result: [user(1, "old", ["a", "d"]), version(2, "old", ["b"])],
  },
  repeatedKey(user),
];

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
        ? [...cases.map((each) => merges(strategy, each)), repeats(strategy), survives(strategy)]
        : [],
  };
}

function merges(strategy: MergeStrategy, { name, keys, names = {}, loads, result }: MergeCase): ConformanceTest {
  const renamed = (users: readonly LinkedUser[]) =>
    users.map(({ row, tags }) => ({ row: withNames(row, names), tags }));
  return {
    name: `${strategy} ${name}`,
    async run(trial) {
      const [root, nested] = mergedTables(strategy, keys);
      const columns = [...root.columns.values()].map((column) => ({
        ...column,
        name: names[column.name] ?? column.name,
      }));
      const tables = [{ ...root, columns: new Map(columns.map((column) => [column.name, column])) }, nested] as const;
      const client = await trial.connect();
      for (const [index, loaded] of loads.entries())
        await runLoad(client, await linkedLoad(trial, { number: index + 1, tables, loaded: renamed(loaded) }));
      await expectUsers(trial, tables, renamed(result));
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

function withNames(row: Row, names: Readonly<Record<string, string>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, cell]) => [names[name] ?? name, cell]));
}

function mergedTables(
  strategy: MergeStrategy,
  keys: Readonly<Record<string, object>>,
): readonly [TableSchema, TableSchema] {
  return linkedTables({ writeDisposition: "merge", "x-merge-strategy": strategy }, keys);
}
