import type { ColumnSchema, DestinationClient } from "@dlt/core";
import type { MemoryTable } from "../../src/memory-destination/memory-database.js";
import type { MemoryBreakage } from "./breakage.js";

/** Preparations, merges and completions that do too little or too much. */
export const loadBreakages: readonly MemoryBreakage[] = [
  {
    name: "empties tables whenever a load is prepared",
    noticedBy: ["a prepared load is not emptied again"],
    instead: (client, { datasets, dataset }) => ({
      async prepare(plan) {
        for (const name of plan.truncate) emptied(datasets.find(dataset)?.tables.get(name));
        return await client.prepare(plan);
      },
    }),
  },
  {
    name: "keeps nested rows when their table is replaced",
    noticedBy: ["truncate-and-insert empties nested tables that have no rows any more"],
    instead: (client) => ({
      prepare: (plan) => client.prepare({ ...plan, truncate: plan.truncate.filter((name) => !name.includes("__")) }),
    }),
  },
  {
    name: "does not merge nested tables",
    noticedBy: ["delete-insert replaces rows with the same key, and what is nested in them"],
    instead: (client) => ({
      followUps: (chain) => client.followUps?.({ ...chain, tables: chain.tables.slice(0, 1) }) ?? [],
    }),
  },
  {
    name: "merges only by the first part of a key",
    noticedBy: ["delete-insert takes compound keys"],
    instead: (client) => withoutKeys(client, ({ name }) => name === "region"),
  },
  {
    name: "merges by no key whose name has to be quoted",
    noticedBy: ["delete-insert takes keys, flags and sorted columns whose names have to be quoted"],
    instead: (client) => withoutKeys(client, ({ name }) => name === "select" || !/^\w+$/.test(name)),
  },
  {
    name: "keeps what is staged for the next load",
    noticedBy: ["staged rows are not in their tables before they are merged, and gone with the next load"],
    instead: (client, { datasets, stagingDataset }) => ({
      async prepare(plan) {
        const staged = new Map(
          [...(datasets.find(stagingDataset)?.tables ?? [])].map(([name, { rows }]) => [name, rows]),
        );
        const changes = await client.prepare(plan);
        for (const [name, table] of datasets.find(stagingDataset)?.tables ?? []) table.rows = staged.get(name) ?? [];
        return changes;
      },
    }),
  },
  {
    name: "completes a load twice",
    noticedBy: ["a completion that is repeated marks the load once"],
    instead: (client, { datasets, dataset }) => ({
      async completeLoad(load) {
        const table = datasets.find(dataset)?.tables.get("_dlt_loads");
        const before = table?.rows ?? [];
        await client.completeLoad(load);
        if (table !== undefined) table.rows = [...before, { load_id: load.loadId }];
      },
    }),
  },
];

/** Merges in which some columns are no part of the primary key. */
function withoutKeys(
  client: DestinationClient,
  isNone: (column: ColumnSchema) => boolean,
): Partial<Pick<DestinationClient, "followUps">> {
  return {
    followUps(chain) {
      const tables = chain.tables.map((table) => {
        const columns = [...table.columns].map(([name, column]): [string, ColumnSchema] => [
          name,
          isNone(column) ? { ...column, primaryKey: false } : column,
        ]);
        return { ...table, columns: new Map(columns) };
      });
      return client.followUps?.({ ...chain, tables }) ?? [];
    },
  };
}

function emptied(table: MemoryTable | undefined): void {
  if (table !== undefined) table.rows = [];
}
