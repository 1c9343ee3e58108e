import type { ConnectOptions, Destination, DestinationClient, LoadFile } from "@dlt/core";
import { type MemoryDatabase, memoryDestination } from "../../src/index.js";
import type { Datasets, MemoryRow, MemoryTable } from "../../src/memory-destination/memory-database.js";

/** Something that a destination does wrong. */
export interface Breakage {
  readonly name: string;
  /** A test that has to notice; more may. */
  readonly noticedBy: string;
  /** What a client does instead. */
  instead(client: DestinationClient, place: BrokenPlace): Partial<DestinationClient>;
}

interface BrokenPlace extends Pick<ConnectOptions, "dataset" | "stagingDataset"> {
  readonly datasets: Datasets;
}

/** The destination in memory with a mistake in it. */
export function brokenDestination(database: MemoryDatabase, breakage: Breakage): Destination {
  const whole = memoryDestination({ database });
  return {
    ...whole,
    async connect(config, options) {
      const client = await whole.connect(config, options);
      const { dataset, stagingDataset } = options;
      return { ...client, ...breakage.instead(client, { datasets: database as Datasets, dataset, stagingDataset }) };
    },
  };
}

export const breakages: readonly Breakage[] = [
  {
    name: "loses the last row of a file",
    noticedBy: "loads add their rows to those before",
    instead: afterJobs((table, before) => {
      if (table.rows.length > before) table.rows = table.rows.slice(0, -1);
    }),
  },
  {
    name: "repeats a job",
    noticedBy: "a job that is run again adds nothing",
    instead(client) {
      let attempts = 0;
      return {
        createJob: (file) => ({
          id: file.jobId,
          run: (signal) => client.createJob({ ...file, jobId: `${file.jobId}.${attempts++}` }).run(signal),
        }),
      };
    },
  },
  {
    name: "forgets its marks when a load is complete",
    noticedBy: "a job that is run again after its load is complete adds nothing",
    instead: (client, { datasets, dataset }) => ({
      createJob(file) {
        const job = client.createJob(file);
        const run: typeof job.run = async (signal) => {
          const found = datasets.open(dataset);
          if (found.loads.has(file.loadId)) found.marks.set(file.loadId, new Map([["another", 0]]));
          return await job.run(signal);
        };
        return { id: job.id, run };
      },
    }),
  },
  {
    name: "takes NULL for empty text",
    noticedBy: "keeps NULL in columns of every type, in jsonl",
    instead: afterJobs((table) => {
      table.rows = table.rows.map(changed((value) => value ?? ""));
    }),
  },
  {
    name: "writes the names of columns in lower case",
    noticedBy: "takes names with mixed case",
    instead: afterJobs((table) => {
      table.rows = table.rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
      );
    }),
  },
  {
    name: "rounds integers as doubles",
    noticedBy: "keeps extremes of bigint, in jsonl",
    instead: afterJobs((table) => {
      table.rows = table.rows.map(changed((value) => (typeof value === "bigint" ? BigInt(Number(value)) : value)));
    }),
  },
  {
    name: "empties tables whenever a load is prepared",
    noticedBy: "a prepared load is not emptied again",
    instead: (client, { datasets, dataset }) => ({
      async prepare(plan) {
        for (const name of plan.truncate) emptied(datasets.find(dataset)?.tables.get(name));
        return await client.prepare(plan);
      },
    }),
  },
  {
    name: "keeps nested rows when their table is replaced",
    noticedBy: "truncate-and-insert empties nested tables that have no rows any more",
    instead: (client) => ({
      prepare: (plan) => client.prepare({ ...plan, truncate: plan.truncate.filter((name) => !name.includes("__")) }),
    }),
  },
  {
    name: "does not merge nested tables",
    noticedBy: "delete-insert replaces rows with the same key, and what is nested in them",
    instead: (client) => ({
      followUps: (chain) => client.followUps?.({ ...chain, tables: chain.tables.slice(0, 1) }) ?? [],
    }),
  },
  {
    name: "merges only by the first part of a key",
    noticedBy: "delete-insert takes compound keys",
    instead: (client) => ({
      followUps: (chain) =>
        client.followUps?.({
          ...chain,
          tables: chain.tables.map((table) => ({
            ...table,
            columns: new Map(
              [...table.columns].map(([name, column]) => [
                name,
                name === "region" ? { ...column, primaryKey: false } : column,
              ]),
            ),
          })),
        }) ?? [],
    }),
  },
  {
    name: "keeps what is staged for the next load",
    noticedBy: "staged rows are not in their tables before they are merged, and gone with the next load",
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
    noticedBy: "a completion that is repeated marks the load once",
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
    name: "keeps a part of the rows of a job that was stopped",
    noticedBy: "a job that is stopped before it starts leaves nothing, and can be run again",
    instead: (client, { datasets, dataset }) => ({
      createJob(file) {
        const job = client.createJob(file);
        const run: typeof job.run = async (signal) => {
          const table = datasets.open(dataset).tables.get(file.table.name);
          if (signal.aborted && table !== undefined) table.rows = [...table.rows, { id: 1, name: "half" }];
          return await job.run(signal);
        };
        return { id: job.id, run };
      },
    }),
  },
  {
    name: "commits a job before its mark",
    noticedBy: "a job that is cut off anywhere leaves all or nothing, and can be run again",
    instead: (client, { datasets, dataset }) => ({
      createJob(file) {
        const job = client.createJob(file);
        const run: typeof job.run = async (signal) => {
          try {
            return await job.run(signal);
          } catch (error) {
            datasets.open(dataset).marks.get(file.loadId)?.delete(file.jobId);
            throw error;
          }
        };
        return { id: job.id, run };
      },
    }),
  },
  {
    name: "gives the oldest state for the newest",
    noticedBy: "the newest state of a completed load is found",
    instead: (client, { datasets, dataset }) => ({
      ...(client.state && {
        state: { ...client.state, readState: async () => datasets.find(dataset)?.states[0] ?? null },
      }),
    }),
  },
  {
    name: "counts loads that are not complete",
    noticedBy: "the greatest id of a completed load is found",
    instead: (client, { datasets, dataset }) => ({
      ...(client.state && {
        state: {
          ...client.state,
          readLastLoadId: async () => [...(datasets.find(dataset)?.marks.keys() ?? [])].at(-1) ?? null,
        },
      }),
    }),
  },
  {
    name: "forgets the columns that a load adds",
    noticedBy: "a column that is new is NULL in the rows that were there",
    instead: (client, { datasets, dataset }) => {
      const known = (file: LoadFile) =>
        new Set(Object.keys(datasets.find(dataset)?.tables.get(file.table.name)?.rows[0] ?? {}));
      return {
        createJob(file) {
          const columns = known(file);
          const kept = new Map(
            [...file.table.columns].filter(([name]) => columns.size === 0 || name === "id" || name === "name"),
          );
          return client.createJob({ ...file, table: { ...file.table, columns: kept } });
        },
      };
    },
  },
  {
    name: "throws errors of its driver, with rows",
    noticedBy: "a load file that is gone is an error of the library, without secrets and rows, and leaves nothing",
    instead: (client) => ({
      createJob(file) {
        const job = client.createJob(file);
        const run: typeof job.run = async (signal) => {
          try {
            return await job.run(signal);
          } catch {
            throw new Error("ENOENT");
          }
        };
        return { id: job.id, run };
      },
    }),
  },
];

/** Jobs after which something is done to their table. */
function afterJobs(spoil: (table: MemoryTable, rowsBefore: number) => void): Breakage["instead"] {
  return (client, { datasets, dataset, stagingDataset }) => ({
    createJob(file) {
      const job = client.createJob(file);
      const run: typeof job.run = async (signal) => {
        const table = datasets.open(file.target === "staging" ? stagingDataset : dataset).tables.get(file.table.name);
        const before = table?.rows.length ?? 0;
        const result = await job.run(signal);
        if (table !== undefined) spoil(table, before);
        return result;
      };
      return { id: job.id, run };
    },
  });
}

function changed(change: (value: unknown) => unknown): (row: MemoryRow) => MemoryRow {
  return (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value)]));
}

function emptied(table: MemoryTable | undefined): void {
  if (table !== undefined) table.rows = [];
}
