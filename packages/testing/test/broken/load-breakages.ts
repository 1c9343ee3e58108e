import type { MemoryRow, MemoryTable } from "../../src/memory-destination/memory-database.js";
import { type MemoryBreakage, withHints } from "./breakage.js";

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
    name: "leaves a table alone that gets no rows",
    noticedBy: ["insert-from-staging empties tables that get no rows"],
    instead: (client, { datasets, stagingDataset }) => ({
      followUps(chain) {
        const staged = datasets.find(stagingDataset)?.tables;
        return chain.tables.some(({ name }) => staged?.get(name)?.rows.length) ? (client.followUps?.(chain) ?? []) : [];
      },
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
    instead: (client) => withHints(client, ({ name }) => (name === "region" ? { primaryKey: false } : {})),
  },
  {
    name: "merges by no key whose name has to be quoted",
    noticedBy: [
      "delete-insert takes tables, keys, flags and sorted columns whose names have to be quoted",
      "upsert takes tables, keys and flags whose names have to be quoted",
    ],
    instead: (client) =>
      withHints(client, ({ name }) => (name === "select" || !/^\w+$/.test(name) ? { primaryKey: false } : {})),
  },
  {
    name: "takes no notice of a merge key beside a primary key",
    noticedBy: ["delete-insert replaces rows with the same primary key, and those with the same merge key"],
    instead: (client) =>
      withHints(client, (_, columns) => (columns.some(({ primaryKey }) => primaryKey) ? { mergeKey: false } : {})),
  },
  {
    name: "links nested rows only to the row that they are in",
    noticedBy: ["delete-insert sees to what is nested in nested rows", "upsert sees to what is nested in nested rows"],
    instead: (client) => withHints(client, () => ({ rootKey: false })),
  },
  {
    name: "sorts every column downwards",
    noticedBy: ["delete-insert keeps the first of several rows by a column that is sorted upwards"],
    instead: (client) => withHints(client, ({ dedupSort }) => (dedupSort ? { dedupSort: "desc" } : {})),
  },
  {
    name: "deletes by flags alone",
    noticedBy: [
      "delete-insert deletes rows that have a time of their deletion",
      "upsert deletes rows that have a time of their deletion",
    ],
    instead: (client) => withHints(client, ({ hardDelete }) => (hardDelete ? { dataType: "bool" } : {})),
  },
  {
    name: "leaves out deleted rows before it looks which row is the last",
    noticedBy: ["delete-insert inserts nothing of a key whose last row says that it is gone"],
    instead: (client, { datasets, stagingDataset }) => ({
      followUps(chain) {
        const withoutGone = () => {
          const table = datasets.find(stagingDataset)?.tables.get(chain.tables[0]?.name ?? "");
          const isLeft = ({ id, gone }: MemoryRow) =>
            gone !== true || table?.rows.every((row) => row["id"] !== id || row["gone"] === true);
          if (table !== undefined) table.rows = table.rows.filter(isLeft);
        };
        const jobs = client.followUps?.(chain) ?? [];
        return jobs.map(({ id, run }) => ({
          id,
          run: (signal) => {
            withoutGone();
            return run(signal);
          },
        }));
      },
    }),
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
  {
    name: "marks a load with a status that nobody reads",
    noticedBy: ["a completion that is repeated marks the load once"],
    instead: (client, { datasets, dataset }) => ({
      async completeLoad(load) {
        await client.completeLoad(load);
        const table = datasets.find(dataset)?.tables.get("_dlt_loads");
        if (table !== undefined) table.rows = table.rows.map((row) => ({ ...row, status: 1 }));
      },
    }),
  },
];

function emptied(table: MemoryTable | undefined): void {
  if (table !== undefined) table.rows = [];
}
