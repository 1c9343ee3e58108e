import type { SqlDialect } from "./dialect.js";
import type { DatasetName } from "./quote.js";
import type { SystemTables } from "./system-tables.js";

/** A dataset of a database that speaks a dialect: what statements are made for. */
export interface SqlDataset {
  readonly dialect: SqlDialect;
  readonly name: DatasetName;
  readonly system: SystemTables;
}
