import type { DestinationCapabilities } from "@dlt/core";
import type { ColumnTypes } from "./column-type.js";
import type { DatasetName, QuoteStyle } from "./quote.js";

/** How one database writes SQL, as data. Everything that SQL destinations share is told apart by this alone. */
export interface SqlDialect {
  /** For messages, e.g. `DuckDB`. */
  readonly name: string;
  readonly capabilities: DestinationCapabilities;
  readonly identifiers: QuoteStyle;
  readonly text: QuoteStyle;
  readonly types: ColumnTypes;
  /** What stands for parameter `position`, counted from 1: `?`, `$1`. */
  readonly placeholder: (position: number) => string;
  /** How many tables are asked for by their names; of more, all columns of the dataset are read at once. Default: 1000. */
  readonly maxNamedTables?: number;
  /** Condition that keeps to the catalog in use, for an information schema that lists others too. */
  readonly inCurrentCatalog?: (catalogColumn: string) => string;
  /** Expression for the time of the statement or its transaction, with time zone. */
  readonly now: string;
  /** Expression for a text that no other row has, made anew for each. */
  readonly randomId: string;
  /** Expression for a timestamp as microseconds since 1970 UTC, an integer. */
  readonly epochMicros: (timestamp: string) => string;
  /** Where tables of a session are, which other sessions do not see. */
  readonly temporary: DatasetName;
  /** Column that tells the rows of any table apart, in the order in which they were inserted, e.g. `rowid`. */
  readonly rowId: string;
  /** Keeps others from preparing and completing loads of a dataset until the transaction ends. Default: nothing needs to. */
  readonly lockDataset?: (dataset: DatasetName) => Statement;
  /** Keeps others from writing to tables, given by their quoted names, until the transaction ends. Default: it sees none of that. */
  readonly lockTables?: (tables: readonly string[]) => Statement;
  /**
   * Marks of jobs have a key, and are inserted before the work of the job, with `ON CONFLICT`: for databases where one who inserts the
   * same mark waits for the transaction of the other. Default: false, a mark is looked up, and inserted after the work.
   */
  readonly hasUniqueMarks?: boolean;
  /** Staged rows are deleted in the transaction that brings them into their tables. Default: they stay until the next load. */
  readonly forgetsStagedRows?: boolean;
  /**
   * Queries of the database's own catalog, where its information schema hides or leaves out what is needed. Rows are the same, and columns
   * may have the name of a constraint in addition by which they are unique. Names come in the case that they are stored in.
   */
  readonly catalog?: {
    readonly selectSchema: (dataset: DatasetName) => Statement;
    /** No names: all tables of the dataset. */
    readonly selectColumns: (dataset: DatasetName, tables: readonly string[]) => Statement;
  };
  /** Statements that put a staged table as it is in the place of the final one. For the replace strategy `staging-optimized`. */
  readonly replaceWithStaged?: (tables: {
    readonly final: string;
    readonly staged: string;
    readonly dataset: string;
  }) => readonly string[];
  /** Text after the type of a column that has a hint set, e.g. `{ unique: "UNIQUE" }`. Only in new tables. */
  readonly columnHints: Readonly<Partial<Record<"unique" | "primaryKey" | "cluster" | "sort", string>>>;
}

/** A statement and the values of its placeholders, in order. */
export interface Statement {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export type SqlValue = string | number | bigint | boolean | null;
