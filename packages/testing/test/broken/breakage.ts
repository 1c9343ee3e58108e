import type { ColumnSchema, ConnectOptions, Destination, DestinationClient, LoadFile, LoadJob } from "@dlt/core";
import { type MemoryDatabase, memoryDestination } from "../../src/index.js";
import type { Datasets, MemoryRow, MemoryTable } from "../../src/memory-destination/memory-database.js";

/** Something that a destination does wrong. */
export interface Breakage {
  readonly name: string;
  /** Tests that have to notice; more may. */
  readonly noticedBy: readonly [string, ...string[]];
}

/** Something that the destination in memory does wrong. */
export interface MemoryBreakage extends Breakage {
  /** What a client does instead. */
  instead(client: DestinationClient, place: BrokenPlace): Partial<DestinationClient>;
}

interface BrokenPlace extends Pick<ConnectOptions, "dataset" | "stagingDataset"> {
  readonly datasets: Datasets;
}

/** The destination in memory with a mistake in it. */
export function brokenMemory(database: MemoryDatabase, breakage: MemoryBreakage): Destination {
  return brokenDestination(memoryDestination({ database }), (client, { dataset, stagingDataset }) =>
    breakage.instead(client, { datasets: database as Datasets, dataset, stagingDataset }),
  );
}

/** A destination whose clients do something else instead. */
export function brokenDestination(
  whole: Destination,
  instead: (client: DestinationClient, options: ConnectOptions) => Partial<DestinationClient>,
): Destination {
  return {
    ...whole,
    async connect(config, options) {
      const client = await whole.connect(config, options);
      return { ...client, ...instead(client, options) };
    },
  };
}

/** What a client does when its jobs run in another way. */
export function withJobs(
  client: DestinationClient,
  run: (job: LoadJob, file: LoadFile, signal: AbortSignal) => ReturnType<LoadJob["run"]>,
): Pick<DestinationClient, "createJob"> {
  return {
    createJob(file) {
      const job = client.createJob(file);
      return { id: job.id, run: (signal) => run(job, file, signal) };
    },
  };
}

/** Merges that see other hints of columns. */
export function withHints(
  client: DestinationClient,
  change: (column: ColumnSchema, columns: readonly ColumnSchema[]) => Partial<ColumnSchema>,
): Partial<Pick<DestinationClient, "followUps">> {
  return {
    followUps(chain) {
      const tables = chain.tables.map((table) => {
        const all = [...table.columns.values()];
        const changed = all.map((column): ColumnSchema => Object.assign({}, column, change(column, all)));
        return { ...table, columns: new Map(changed.map((column) => [column.name, column])) };
      });
      return client.followUps?.({ ...chain, tables }) ?? [];
    },
  };
}

/** Jobs after which something is done to their table. */
export function afterJobs(spoil: (table: MemoryTable, rowsBefore: number) => void): MemoryBreakage["instead"] {
  return (client, { datasets, dataset, stagingDataset }) =>
    withJobs(client, async (job, file, signal) => {
      const table = datasets.open(file.target === "staging" ? stagingDataset : dataset).tables.get(file.table.name);
      const before = table?.rows.length ?? 0;
      const result = await job.run(signal);
      if (table !== undefined) spoil(table, before);
      return result;
    });
}

/** Jobs that keep other values than those of their files. */
export function otherValues(change: (value: unknown) => unknown): MemoryBreakage["instead"] {
  return afterJobs((table, before) => {
    const changed = (row: MemoryRow) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value)]));
    table.rows = table.rows.map((row, index) => (index < before ? row : changed(row)));
  });
}

/** Jobs that keep other texts than those of their files. */
export function otherTexts(change: (text: string) => unknown): MemoryBreakage["instead"] {
  return otherValues((value) => (typeof value === "string" ? change(value) : value));
}
