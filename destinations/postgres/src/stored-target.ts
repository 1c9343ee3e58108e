import type { LoadFile } from "@dlt/core";
import { quoteIdentifier, quoteTable, type SqlDataset } from "@dlt/sql";
import { type StoredColumn, selectStoredColumns, storedColumn } from "./catalog.js";
import type { Session } from "./session.js";

/** A table that rows go into, as it is stored. */
export interface StoredTarget {
  readonly dataset: SqlDataset;
  /** Quoted. */
  readonly table: string;
  readonly columns: ReadonlyMap<string, StoredColumn>;
}

/**
 * Reads the columns of a table that rows go into. Nobody can change them until the transaction ends. The driver's error says when the
 * table or one of the columns is not there.
 */
export async function storedTarget(
  session: Session,
  dataset: SqlDataset,
  { file, columns }: { readonly file: LoadFile; readonly columns: readonly string[] },
): Promise<StoredTarget> {
  const table = quoteTable(dataset.dialect, dataset.name, file.table.name);
  // An insert of no rows locks the table against changes, with the right to insert alone.
  const names = columns.map((column) => quoteIdentifier(dataset.dialect, column)).join(", ");
  const nulls = columns.map(() => "NULL").join(", ");
  if (columns.length > 0)
    await session.run({ text: `INSERT INTO ${table} (${names}) SELECT ${nulls} WHERE false`, values: [] });
  const rows = await session.rows(selectStoredColumns(dataset, file.table.name));
  return { dataset, table, columns: new Map(rows.map(storedColumn).map((column) => [column.name, column])) };
}
