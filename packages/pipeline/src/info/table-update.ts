import type { PartialTable, Schema } from "@dlt/core";
import { formatTable, isComplete, type TableView, tableView } from "@dlt/core/engine";
import type { JsonValueDocument } from "../package/manifest.js";

/** A table with its hints and only its new and wider columns. */
export interface TableUpdate extends TableView {
  /** The table did not exist before. */
  readonly isNew: boolean;
  /** Names of the columns that were there and became wider; the others are new. */
  readonly widerColumns: readonly string[];
}

/** Makes the update of a table readable by names. */
export function tableUpdate(
  table: PartialTable,
  { before, after }: { readonly before: Schema | null; readonly after: Schema },
): TableUpdate {
  const columnsIn = (schema: Schema | null) =>
    new Map([...(schema?.tables.get(table.name)?.columns ?? [])].filter(([, column]) => isComplete(column)));
  const [columnsBefore, columns] = [columnsIn(before), columnsIn(after)];
  const isNew = [...columns.keys()].every((name) => table.columns.has(name));
  const isWider = (name: string): boolean => {
    const [old, now] = [columnsBefore.get(name), columns.get(name)];
    return old !== undefined && (old.precision !== now?.precision || old.scale !== now?.scale);
  };
  return { ...tableView(table), isNew, widerColumns: isNew ? [] : [...table.columns.keys()].filter(isWider) };
}

/** The update as rows: the stored hints of the table, its columns as a list, all with what they belong to. */
export function tableUpdateDict(
  { isNew: _, widerColumns: __, columns, ...hints }: TableUpdate,
  of: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const stored = formatTable({ ...hints, columns: new Map(Object.entries(columns)) });
  const { filters: ___, columns: storedColumns, ...table } = JSON.parse(stored) as JsonValueDocument;
  return {
    ...table,
    ...of,
    columns: Object.values(storedColumns as Readonly<Record<string, object>>).map((column) => ({
      ...column,
      table_name: hints.name,
      ...of,
    })),
  };
}
