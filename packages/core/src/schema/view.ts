import type {
  ColumnSchema,
  RecordedOrigin,
  Schema,
  SchemaNormalizers,
  SchemaSettings,
  TableSchema,
} from "../contract/index.js";
import { type ColumnExplanation, explainColumn } from "./explain.js";

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
  /**
   * Says which rule or row decided the type of a column: `String(schema.explain("issues", "created_at"))`.
   * @throws SchemaError `SCHEMA_TABLE_NOT_FOUND`, `SCHEMA_COLUMN_NOT_FOUND`
   */
  explain(table: string, column: string): ColumnExplanation;
}

export interface TableView extends Omit<TableSchema, "columns"> {
  readonly columns: Readonly<Record<string, ColumnSchema>>;
}

/** Shows a schema as plain objects. `originsOf` is asked for what loads recorded of its columns, oldest first. */
export function schemaView(schema: Schema, originsOf: () => readonly RecordedOrigin[] = () => []): SchemaView {
  const { name, version, versionHash, previousHashes, description, settings, normalizers, tables } = schema;
  const view = {
    name,
    version,
    versionHash,
    previousHashes,
    ...(description !== undefined && { description }),
    settings,
    normalizers,
    tables: Object.fromEntries([...tables].map(([tableName, table]) => [tableName, tableView(table)])),
  };
  const explain: SchemaView["explain"] = (table, column) => explainColumn(schema, { table, column }, originsOf());
  // Not enumerable: the view stays data that can be compared, printed and loaded.
  return Object.defineProperty(view, "explain", { value: explain, enumerable: false }) as SchemaView;
}

/** Shows a table as plain objects. */
export function tableView(table: TableSchema): TableView {
  return { ...table, columns: Object.fromEntries(table.columns) };
}
