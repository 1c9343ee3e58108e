import { comparableIdentifier, type SqlDataset, type SqlDialect, type Statement } from "@dlt/sql";

/**
 * The catalog tells of everything, the information schema only of what the user has rights to. A table that is hidden there would be
 * taken for missing.
 */
export const postgresCatalog: NonNullable<SqlDialect["catalog"]> = {
  selectSchema: ({ schema }) => ({
    text: "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1",
    values: [schema],
  }),
  selectColumns: ({ schema }, tables) => {
    const named = tables.map((_, index) => `$${index + 2}`).join(", ");
    return {
      text:
        `SELECT c.relname, a.attname, ${typeText}, NOT a.attnotnull, NULL, NULL, (${uniqueBy}) FROM ${columns} ` +
        `WHERE ${ofTables}${named === "" ? "" : ` AND c.relname IN (${named})`} ORDER BY c.relname, a.attnum`,
      values: [schema, ...tables],
    };
  },
};

/** Columns of a table with the names of their types; rows are for {@link storedColumn}. A domain counts as what it is made of. */
export function selectStoredColumns({ dialect, name }: SqlDataset, table: string): Statement {
  return {
    text:
      `SELECT a.attname, coalesce(b.typname, t.typname), ${typeText}, NOT a.attnotnull FROM ${columns} ` +
      "JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype " +
      `WHERE ${ofTables} AND c.relname = $2 ORDER BY a.attnum`,
    values: [comparableIdentifier(dialect, name.schema), comparableIdentifier(dialect, table)],
  };
}

export interface StoredColumn {
  readonly name: string;
  /** Name of the type in the catalog, e.g. `int8`. */
  readonly typeName: string;
  /** The type as statements have it, e.g. `character varying(10)`. */
  readonly type: string;
  readonly nullable: boolean;
}

export function storedColumn([name, typeName, type, nullable]: readonly unknown[]): StoredColumn {
  return { name: String(name), typeName: String(typeName), type: String(type), nullable: nullable === true };
}

/** True for types of text, which are all written alike. */
export function isTextType(typeName: string): boolean {
  return typeName === "text" || typeName === "varchar" || typeName === "bpchar";
}

const typeText = "pg_catalog.format_type(a.atttypid, a.atttypmod)";
const columns =
  "pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid " +
  "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace";
const uniqueBy =
  "SELECT min(k.conname) FROM pg_catalog.pg_constraint AS k " +
  "WHERE k.conrelid = c.oid AND k.contype = 'u' AND k.conkey = ARRAY[a.attnum]";
const ofTables = "n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped";
