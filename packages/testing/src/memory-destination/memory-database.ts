import type { SchemaRecord, StateRecord } from "@dlt/core";

/** A row as the load files have it: points in time and decimals as text, bytes as Base64, documents as objects. */
export type MemoryRow = Readonly<Record<string, unknown>>;

/** Datasets in memory. They live as long as what this gives, whoever connects to it. */
export interface MemoryDatabase {
  /** Names of the tables of a dataset. */
  tables(dataset: string): readonly string[];
  /** Rows of a table; none where it is not there. */
  rows(dataset: string, table: string): readonly MemoryRow[];
}

export interface MemoryTable {
  readonly columns: Set<string>;
  rows: readonly MemoryRow[];
}

/** What a dataset holds, system tables as records. */
export interface MemoryDataset {
  readonly tables: Map<string, MemoryTable>;
  readonly schemas: SchemaRecord[];
  readonly states: StateRecord[];
  readonly loads: Map<string, MemoryRow>;
  /** Jobs that are done, by load: those of loads that are not complete, and of the last one that is. */
  readonly marks: Map<string, Map<string, number | null>>;
}

/** Names of the datasets of a pipeline. */
export interface DatasetNames {
  readonly final: string;
  readonly staging: string;
}

/** A database as the destination uses it. */
export class Datasets implements MemoryDatabase {
  readonly #datasets = new Map<string, MemoryDataset>();

  find(name: string): MemoryDataset | null {
    return this.#datasets.get(name) ?? null;
  }

  open(name: string): MemoryDataset {
    const found = this.#datasets.get(name);
    if (found !== undefined) return found;
    const made = { tables: new Map(), schemas: [], states: [], loads: new Map(), marks: new Map() };
    this.#datasets.set(name, made);
    return made;
  }

  drop(name: string): void {
    this.#datasets.delete(name);
  }

  tables(dataset: string): readonly string[] {
    return [...(this.find(dataset)?.tables.keys() ?? [])];
  }

  rows(dataset: string, table: string): readonly MemoryRow[] {
    return this.find(dataset)?.tables.get(table)?.rows ?? [];
  }
}

/** An empty database for {@link memoryDestination}. */
export function memoryDatabase(): MemoryDatabase {
  return new Datasets();
}
