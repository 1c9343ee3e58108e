import type { ColumnHints, ColumnsHint, Hints } from "../contract/hints.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { isStandardSchema } from "./brand.js";

export type NamedColumn = ColumnHints & { readonly name: string };

/** What columns were given as, in order: hints, and schemas of rows. The last schema is the one that rows are held to. */
export type ColumnLayers = readonly (ColumnsHint | StandardSchemaV1)[];

/** Where a schema of rows holds the layers that it was merged with. */
const layersKey: unique symbol = Symbol.for("dlt.columnLayers");

/**
 * Columns on top of others: merged one by one, what is given wins. A schema of rows stays the schema when hints come on top. Where
 * either is a function of the row, the given ones replace the others.
 */
export function mergeColumns(current: Hints["columns"], given: NonNullable<Hints["columns"]>): Hints["columns"] {
  if (!isStatic(current) || !isStatic(given)) return given;
  const schema = isStandardSchema(given) ? given : current;
  if (!isStandardSchema(schema)) return mergeColumnLists([current as ColumnsHint, given as ColumnsHint]);
  const merged: StandardSchemaV1 & { readonly [layersKey]: ColumnLayers } = {
    "~standard": schema["~standard"],
    [layersKey]: [...layersOf(current), ...layersOf(given)],
  };
  return merged;
}

/** What a schema of rows was merged from; itself when it was not. */
export function columnLayers(schema: StandardSchemaV1): ColumnLayers {
  return (schema as { readonly [layersKey]?: ColumnLayers })[layersKey] ?? [schema];
}

/** Lists of columns as one, in the order of appearance. */
export function mergeColumnLists(lists: readonly ColumnsHint[]): readonly NamedColumn[] {
  const columns = new Map<string, NamedColumn>();
  for (const column of lists.flatMap(namedColumns)) {
    columns.set(column.name, { ...columns.get(column.name), ...column });
  }
  return [...columns.values()];
}

function layersOf(columns: ColumnsHint | StandardSchemaV1): ColumnLayers {
  return isStandardSchema(columns) ? columnLayers(columns) : [columns];
}

function isStatic(columns: Hints["columns"]): columns is ColumnsHint | StandardSchemaV1 {
  return columns !== undefined && (typeof columns !== "function" || isStandardSchema(columns));
}

function namedColumns(columns: ColumnsHint): readonly NamedColumn[] {
  return isList(columns) ? columns : Object.entries(columns).map(([name, column]) => ({ ...column, name }));
}

/** `Array.isArray` that also narrows a readonly array. */
function isList(columns: ColumnsHint): columns is readonly NamedColumn[] {
  return Array.isArray(columns);
}
