import type { ColumnSchema, NamingConvention, PartialTable, TableReference } from "../contract/index.js";
import { mergeColumn } from "./merge-columns.js";
import { mergeReferences } from "./merge-table.js";

/**
 * Applies a naming convention to every name of a table: its own, its parent's, of its columns and references.
 * Columns whose names become equal are merged; what the later one says wins. Of references to one table the last stays.
 */
export function normalizeTable<Table extends PartialTable>(table: Table, naming: NamingConvention): Table {
  const columns = new Map<string, ColumnSchema>();
  for (const column of table.columns.values()) {
    const name = naming.normalizePath(column.name);
    const renamed = column.name === name ? column : { ...column, name };
    const before = columns.get(name);
    columns.set(name, before === undefined ? renamed : mergeColumn(before, renamed, { mergeDefaults: false }));
  }
  return {
    ...table,
    name: naming.normalizeTablesPath(table.name),
    columns,
    ...(table.parent && { parent: naming.normalizeTablesPath(table.parent) }),
    ...(table.references && {
      references: mergeReferences(
        [],
        table.references.map((reference) => normalizeReference(reference, naming)),
      ),
    }),
  };
}

function normalizeReference(reference: TableReference, naming: NamingConvention): TableReference {
  return {
    ...reference,
    referencedTable: naming.normalizeTablesPath(reference.referencedTable),
    columns: reference.columns.map((column) => naming.normalizePath(column)),
    referencedColumns: reference.referencedColumns.map((column) => naming.normalizePath(column)),
  };
}
