import { DestinationError } from "@dlt/core";
import type { SqlDialect, SqlValue, Statement } from "./dialect.js";
import { comparableIdentifier } from "./identifiers.js";
import { type DatasetName, foldCase } from "./quote.js";

/** A column as the database describes it. */
export interface StoredColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly precision: number | null;
  readonly scale: number | null;
  /** Name of a constraint by which its values are unique, where the database's catalog tells of one. */
  readonly uniqueBy?: string;
}

/** Columns of a table by {@link comparableIdentifier}, in the order of the database. */
export type StoredTable = ReadonlyMap<string, StoredColumn>;
/** Tables of a dataset by {@link comparableIdentifier}. */
export type StoredTables = ReadonlyMap<string, StoredTable>;

/** Gives a row when the schema of a dataset is there. */
export function selectSchema(dialect: SqlDialect, dataset: DatasetName): Statement {
  if (dialect.catalog !== undefined) return dialect.catalog.selectSchema(folded(dialect, dataset));
  const where = inSchema(dialect, dataset, { catalogColumn: "catalog_name", schemaColumn: "schema_name" });
  return { text: `SELECT 1 FROM INFORMATION_SCHEMA.SCHEMATA WHERE ${where.text}`, values: where.values };
}

/** Columns of some tables of a dataset; rows are for {@link storedTables}. A table without rows is not there. */
export function selectColumns(dialect: SqlDialect, dataset: DatasetName, tables: readonly string[]): Statement {
  const { maxNamedTables = 1000 } = dialect;
  const names = tables.length <= maxNamedTables ? tables.map((table) => foldCase(dialect, table)) : [];
  if (dialect.catalog !== undefined) return dialect.catalog.selectColumns(folded(dialect, dataset), names);
  const where = inSchema(dialect, dataset, { catalogColumn: "table_catalog", schemaColumn: "table_schema" });
  const wanted = names.map((_, index) => compared(dialect, dialect.placeholder(where.values.length + index + 1)));
  const named = names.length === 0 ? "" : ` AND ${compared(dialect, "table_name")} IN (${wanted.join(", ")})`;
  return {
    text:
      "SELECT table_name, column_name, data_type, is_nullable, numeric_precision, numeric_scale " +
      `FROM INFORMATION_SCHEMA.COLUMNS WHERE ${where.text}${named} ORDER BY table_name, ordinal_position`,
    values: [...where.values, ...names],
  };
}

/**
 * Reads the rows of {@link selectColumns} for the same tables; those of others are left out, which a database gives where it was not asked
 * by name.
 * @throws DestinationError `DESTINATION_NAMES_COLLIDE` when stored names cannot be told apart
 */
export function storedTables(
  dialect: SqlDialect,
  names: readonly string[],
  rows: readonly (readonly unknown[])[],
): StoredTables {
  const wanted = new Set(names.map((name) => asCompared(dialect, foldCase(dialect, name))));
  const tables = new Map<string, Map<string, StoredColumn>>();
  const tableNames = new Map<string, string>();
  for (const [tableName, columnName, type, nullable, precision, scale, uniqueBy = null] of rows) {
    const table = String(tableName);
    if (!wanted.has(asCompared(dialect, table))) continue;
    const key = comparableIdentifier(dialect, table);
    const other = tableNames.get(key) ?? table;
    if (other !== table) throw storedNamesCollide(`Tables \`${other}\` and \`${table}\``, { table, other });
    tableNames.set(key, table);
    const columns = tables.get(key) ?? new Map<string, StoredColumn>();
    tables.set(key, columns);
    const name = String(columnName);
    const column = comparableIdentifier(dialect, name);
    const sameColumn = columns.get(column)?.name;
    if (sameColumn !== undefined) {
      throw storedNamesCollide(`Columns \`${sameColumn}\` and \`${name}\` of table \`${table}\``, {
        table,
        column: name,
      });
    }
    columns.set(column, {
      name,
      type: String(type),
      nullable: nullable === true || nullable === 1 || /^(yes|1)$/i.test(String(nullable)),
      precision: numberOrNull(precision),
      scale: numberOrNull(scale),
      ...(uniqueBy !== null && { uniqueBy: String(uniqueBy) }),
    });
  }
  return tables;
}

function storedNamesCollide(what: string, context: Readonly<Record<string, string>>): DestinationError {
  return new DestinationError("DESTINATION_NAMES_COLLIDE", `${what} at the destination differ in case only.`, {
    hint: "Rename or drop one of them at the destination.",
    context,
  });
}

function inSchema(
  dialect: SqlDialect,
  { catalog, schema }: DatasetName,
  { catalogColumn, schemaColumn }: { readonly catalogColumn: string; readonly schemaColumn: string },
) {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const isNamed = (column: string, name: string) => {
    values.push(foldCase(dialect, name));
    conditions.push(`${compared(dialect, column)} = ${compared(dialect, dialect.placeholder(values.length))}`);
  };
  if (catalog !== undefined) isNamed(catalogColumn, catalog);
  else if (dialect.inCurrentCatalog !== undefined) conditions.push(dialect.inCurrentCatalog(catalogColumn));
  isNamed(schemaColumn, schema);
  return { text: conditions.join(" AND "), values };
}

function folded(dialect: SqlDialect, { schema, ...name }: DatasetName): DatasetName {
  return { ...name, schema: foldCase(dialect, schema) };
}

/** Expression for a name as it is compared. The database does it on both sides: not all have the same rules for lower case. */
function compared(dialect: SqlDialect, name: string): string {
  return dialect.capabilities.caseSensitiveIdentifiers ? name : `lower(${name})`;
}

/** A stored name as the database would compare it. */
function asCompared(dialect: SqlDialect, name: string): string {
  return dialect.capabilities.caseSensitiveIdentifiers ? name : comparableIdentifier(dialect, name);
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
