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
  /** Condition that keeps to the catalog in use, for an information schema that lists others too. */
  readonly inCurrentCatalog?: (catalogColumn: string) => string;
  /** Expression for the time of the statement or its transaction, with time zone. */
  readonly now: string;
  /** Expression for a timestamp as microseconds since 1970 UTC, an integer. */
  readonly epochMicros: (timestamp: string) => string;
  /** Where tables of a session are, which other sessions do not see. */
  readonly temporary: DatasetName;
  /** Expression to order the rows of a table in which they were inserted, e.g. `rowid`. */
  readonly rowOrder: string;
  /** Text after the type of a column that has a hint set, e.g. `{ unique: "UNIQUE" }`. Only in new tables. */
  readonly columnHints: Readonly<Partial<Record<"unique" | "primaryKey" | "cluster" | "sort", string>>>;
}

/** A statement and the values of its placeholders, in order. */
export interface Statement {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export type SqlValue = string | number | bigint | boolean | null;
