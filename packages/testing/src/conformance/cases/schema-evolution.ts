import type { DestinationClient, ReplaceStrategy, TableSchema } from "@dlt/core";
import { resource } from "@dlt/pipeline";
import { expect } from "vitest";
import type { Row } from "../column-batch.js";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runJobs, runLoad } from "../direct-load.js";
import { expectRows, tableOf } from "../stored-rows.js";
import type { Trial } from "../trial.js";
import { userRows, users } from "./users.js";

const tests: readonly ConformanceTest[] = [
  {
    name: "a column that is new is NULL in the rows that were there",
    async run(trial) {
      const client = await trial.connect();
      const grown = tableOf("users", { id: "bigint", name: "text", age: "bigint", tags: "json" });
      await loadRows(trial, client, { number: 1, table: users, rows: userRows(2) });
      const added = { id: 9, name: "nine", age: 9, tags: "[9]" };
      await loadRows(trial, client, { number: 2, table: grown, rows: [added] });
      await expectRows(trial, grown, [...userRows(2), added]);
    },
  },
  {
    name: "a table that is new leaves the others as they are",
    async run(trial) {
      const client = await trial.connect();
      const orders = tableOf("orders", { id: "bigint" });
      await loadRows(trial, client, { number: 1, table: users, rows: userRows(2) });
      const files = [{ table: "orders", rows: [{ id: 1 }] }];
      await runLoad(client, await directLoad(trial, { number: 2, tables: [users, orders], files }));
      await expectRows(trial, users, userRows(2));
      await expectRows(trial, orders, [{ id: 1 }]);
    },
  },
  {
    name: "a preparation tells what is new, and nothing when nothing is",
    async run(trial) {
      const client = await trial.connect();
      const grown = tableOf("users", { id: "bigint", name: "text", age: "bigint" });
      const told = async (number: number, table: TableSchema) => {
        const load = await directLoad(trial, { number, tables: [table], files: [] });
        const changes = (await client.prepare(load.plan)).filter(({ name }) => name === "users");
        await client.completeLoad(load.completed);
        return changes.map(({ columns }) => [...columns.keys()]);
      };
      expect(await told(1, users)).toEqual([["id", "name"]]);
      expect(await told(2, users)).toEqual([]);
      expect(await told(3, grown)).toEqual([["age"]]);
    },
  },
  {
    name: "a schema that came before leaves later columns as they are",
    async run(trial) {
      const client = await trial.connect();
      const grown = tableOf("users", { id: "bigint", name: "text", age: "bigint" });
      await loadRows(trial, client, { number: 1, table: grown, rows: [{ id: 1, name: "one", age: 1 }] });
      await loadRows(trial, client, { number: 2, table: users, rows: [{ id: 2, name: "two" }] });
      await expectRows(trial, grown, [
        { id: 1, name: "one", age: 1 },
        { id: 2, name: "two", age: null },
      ]);
    },
  },
];

const addsRequired: ConformanceTest = {
  name: "a column that is new and never NULL can be added to a table with rows",
  async run(trial) {
    const client = await trial.connect();
    const grown = tableOf("users", { id: "bigint", name: "text", code: { dataType: "text", nullable: false } });
    await loadRows(trial, client, { number: 1, table: users, rows: userRows(2) });
    await loadRows(trial, client, { number: 2, table: grown, rows: [{ id: 9, name: "nine", code: "c" }] });
    await expectRows(trial, users, [...userRows(2), { id: 9, name: "nine" }]);
  },
};

const refusesRequired: ConformanceTest = {
  name: "a column that is new and never NULL is added to a table without rows, and refused for one with rows",
  async run(trial) {
    const client = await trial.connect();
    const required = { dataType: "bigint", nullable: false } as const;
    const grown = tableOf("users", { id: "bigint", name: "text", code: required });
    const larger = tableOf("users", { id: "bigint", name: "text", code: required, more: required });
    const rows = [{ id: 9, name: "nine", code: 9 }];
    await runLoad(client, await directLoad(trial, { number: 1, tables: [users], files: [] }));
    await loadRows(trial, client, { number: 2, table: grown, rows });
    const { plan } = await directLoad(trial, { number: 3, tables: [larger], files: [], truncate: ["users"] });
    await expect(client.prepare(plan)).rejects.toMatchObject({ family: "destination", retryable: false });
    await expectRows(trial, grown, rows);
    await loadRows(trial, client, { number: 4, table: grown, rows });
    await expectRows(trial, grown, [...rows, ...rows]);
  },
};

const merging: ConformanceTest = {
  name: "a table with nested rows that was appended to can be merged",
  async run(trial) {
    await using pipeline = trial.pipeline();
    const orders = (writeDisposition: "append" | "merge", rows: readonly object[]) =>
      resource({ name: "orders", primaryKey: "id", writeDisposition }, () => rows);
    await pipeline.run(orders("append", [order(1, ["a", "b"]), order(2, ["c"])]));
    await pipeline.run(orders("merge", [order(2, ["d"]), order(3, ["e"])]));
    await pipeline.run(orders("append", [order(4, ["f"])]));
    const sorted = async (table: string, column: string) =>
      (await trial.stored(table)).map((row) => String(row[column])).sort();
    expect(await sorted("orders", "id")).toEqual(["1", "2", "3", "4"]);
    expect(await sorted("orders__lines", "sku")).toEqual(["a", "b", "d", "e", "f"]);
  },
};

/** Of the ways in which rows go through the staging dataset. */
function stagesNewColumn(way: string, hints: Partial<TableSchema>, replaceStrategy?: ReplaceStrategy): ConformanceTest {
  const key = { dataType: "bigint", nullable: false, primaryKey: true } as const;
  const rowKey = { dataType: "text", nullable: false, unique: true, rowKey: true } as const;
  const table = tableOf("users", { id: key, name: "text", _dlt_id: rowKey }, hints);
  const grown = tableOf("users", { id: key, name: "text", _dlt_id: rowKey, age: "bigint" }, hints);
  return {
    name: `a column that is new comes with rows by ${way}`,
    async run(trial) {
      const client = await trial.connect();
      const before = { id: 1, name: "one", _dlt_id: "a" };
      const added = { id: 2, name: "two", _dlt_id: "b", age: 2 };
      const strategy = replaceStrategy === undefined ? {} : { replaceStrategy };
      await loadRows(trial, client, { number: 1, table, rows: [before], ...strategy });
      await loadRows(trial, client, { number: 2, table: grown, rows: [added], ...strategy });
      await expectRows(trial, grown, replaceStrategy === undefined ? [before, added] : [added]);
    },
  };
}

const widening: ConformanceTest = {
  name: "columns become as wide as a plan asks for",
  async run(trial) {
    const client = await trial.connect();
    const sized = (bits: number, digits: number) =>
      tableOf("sizes", {
        number: { dataType: "bigint", precision: bits },
        amount: { dataType: "decimal", precision: digits, scale: 2 },
      });
    await loadRows(trial, client, { number: 1, table: sized(16, 5), rows: [{ number: 32_767, amount: "999.99" }] });
    const rows = [{ number: 2n ** 62n, amount: "9999999999.99" }];
    const load = await directLoad(trial, { number: 2, tables: [sized(64, 12)], files: [{ table: "sizes", rows }] });
    const plan = { ...load.plan, widensColumns: true };
    const changes = await client.prepare(plan);
    expect(changes.map(({ name, columns }) => [name, [...columns.keys()]])).toEqual([["sizes", ["number", "amount"]]]);
    await runJobs(client, load);
    await client.completeLoad(load.completed);
    await expectRows(trial, sized(64, 12), [{ number: 32_767, amount: "999.99" }, ...rows]);
  },
};

export const schemaEvolution: ConformanceArea = {
  name: "schema evolution",
  isEssential: true,
  testsFor: ({ capabilities: { enforcesNullsOnAlter, mergeStrategies, replaceStrategies, widensColumns } }) => [
    ...tests,
    ...mergeStrategies
      .filter((strategy) => strategy !== "scd2")
      .map((strategy) => stagesNewColumn(strategy, { writeDisposition: "merge", "x-merge-strategy": strategy })),
    ...replaceStrategies
      .filter((strategy) => strategy !== "truncate-and-insert")
      .map((strategy) => stagesNewColumn(strategy, { writeDisposition: "replace" }, strategy)),
    enforcesNullsOnAlter === true ? refusesRequired : addsRequired,
    ...(mergeStrategies.includes("delete-insert") ? [merging] : []),
    ...(widensColumns === true ? [widening] : []),
  ],
};

function order(id: number, skus: readonly string[]): object {
  return { id, lines: skus.map((sku) => ({ sku })) };
}

interface LoadedRows {
  readonly number: number;
  readonly table: TableSchema;
  readonly rows: readonly Row[];
  readonly replaceStrategy?: ReplaceStrategy;
}

async function loadRows(trial: Trial, client: DestinationClient, { table, rows, ...load }: LoadedRows): Promise<void> {
  await runLoad(client, await directLoad(trial, { ...load, tables: [table], files: [{ table: table.name, rows }] }));
}
