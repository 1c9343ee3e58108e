import type { Destination } from "@dlt/core";

/** A row of a table, as whoever looks at the destination sees it. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** A destination that is fresh and empty, for one schedule of faults. */
export interface FaultPlace extends AsyncDisposable {
  /** As a new process would make it. */
  destination(): Destination;
  /** Where load files are staged. Default: nowhere. */
  staging?(): Destination;
  /** All rows of all tables of the dataset, read without the destination. Numbers that are equal are equal here. */
  readTables(dataset: string): Promise<ReadonlyMap<string, readonly StoredRow[]>>;
}
