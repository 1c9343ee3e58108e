import { indexedValues } from "../columns/indexed-values.js";
import type { ColumnBatch } from "../contract/batch.js";
import type { FileColumn, FileTable } from "../contract/file-format.js";
import type { ValueSource } from "./value-writer.js";

/** The columns of a table with their values in a batch; `null` for a column that the batch lacks. */
export function fieldSources(
  batch: ColumnBatch,
  table: FileTable,
): readonly (readonly [FileColumn, ValueSource | null])[] {
  const given = new Map(batch.columns.map((column) => [column.name, column]));
  return table.columns.map((column) => {
    const found = given.get(column.name);
    if (found === undefined) return [column, null];
    return [column, { ...indexedValues(found, batch.rowCount), place: { table: table.name, column } }];
  });
}
