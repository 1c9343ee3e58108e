import type { ColumnSchema, Schema, SchemaNormalizers, SchemaSettings, TableSchema } from "../contract/index.js";

/** A schema for reading by name: `view.tables.issues.columns.title.dataType`. */
export interface SchemaView {
  readonly name: string;
  readonly version: number;
  readonly versionHash: string;
  readonly previousHashes: readonly string[];
  readonly description?: string | null;
  readonly settings: SchemaSettings;
  readonly normalizers: SchemaNormalizers;
  /** By name. Names that look like integers come first, whatever their order in the schema. */
  readonly tables: Readonly<Record<string, TableView>>;
}

export interface TableView extends Omit<TableSchema, "columns"> {
  readonly columns: Readonly<Record<string, ColumnSchema>>;
}

/** Shows a schema as plain objects. */
export function schemaView(schema: Schema): SchemaView {
  const { name, version, versionHash, previousHashes, description, settings, normalizers, tables } = schema;
  return {
    name,
    version,
    versionHash,
    previousHashes,
    ...(description !== undefined && { description }),
    settings,
    normalizers,
    tables: Object.fromEntries([...tables].map(([tableName, table]) => [tableName, tableView(table)])),
  };
}

/** Shows a table as plain objects. */
export function tableView(table: TableSchema): TableView {
  return { ...table, columns: Object.fromEntries(table.columns) };
}
