import type { DataValue, Destination } from "@dlt/core";

/** A database of one's own for a scenario. Reads of it do not go through the destination. */
export interface ScenarioDatabase {
  readonly destination: Destination;
  /** Its name for the type of a column, for which DuckDB, whose types the vectors tell, has another one. */
  columnType(column: ExpectedColumn): string;
  /** All tables of a dataset by name; none when the dataset is not there. */
  read(dataset: string): Promise<ReadonlyMap<string, TableContent>>;
}

/** A table as it is in a database. */
export interface TableContent {
  /** In the order of the table. */
  readonly columns: readonly ColumnContent[];
  /** Values by column, in any order of rows. A document is the text of its JSON, a double a `Float`. */
  readonly rows: readonly (readonly DataValue[])[];
}

/** A column as the vectors tell of it. */
export interface ExpectedColumn {
  readonly duckdbType: string;
  /** What the schema at the end of the case says. */
  readonly precision: number | undefined;
}

interface ColumnContent {
  readonly name: string;
  /** As the database calls it. */
  readonly type: string;
  readonly nullable: boolean;
}
