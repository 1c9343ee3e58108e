import type { DestinationCapabilities, NamingConvention } from "@dlt/core";
import { type LiteralStyle, type SqlDialect, standardIdentifiers, standardText } from "@dlt/sql";
import { postgresCatalog } from "./catalog.js";
import { postgresTypes } from "./type-map.js";

export function postgresDialect(
  capabilities: DestinationCapabilities,
  {
    naming,
    createIndexes,
    maxNamedTables,
  }: {
    readonly naming: NamingConvention;
    readonly createIndexes: boolean;
    readonly maxNamedTables?: number | undefined;
  },
): SqlDialect {
  return {
    name: "PostgreSQL",
    // Names that differ in case only stay apart where the naming convention keeps them apart.
    capabilities: naming.caseSensitive ? { ...capabilities, caseFolding: "none" } : capabilities,
    identifiers: standardIdentifiers,
    text: standardText,
    types: postgresTypes,
    placeholder: (position) => `$${position}`,
    now: "now()",
    // Built in since version 13.
    randomId: "gen_random_uuid()",
    // Seconds and their fraction apart: before version 14 they come as a double, which does not hold both.
    epochMicros: (timestamp) =>
      `(extract(epoch FROM date_trunc('second', ${timestamp}))::bigint * 1000000 + extract(microseconds FROM ${timestamp})::bigint % 1000000)`,
    temporary: { schema: "pg_temp" },
    rowId: "ctid",
    lockDataset: ({ schema }) => ({
      text: "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))",
      values: [`dlt dataset ${schema.toLowerCase()}`],
    }),
    lockTables: (tables) => ({
      text: `LOCK TABLE ${tables.join(", ")} IN SHARE ROW EXCLUSIVE MODE`,
      values: [],
    }),
    hasUniqueMarks: true,
    catalog: postgresCatalog,
    replaceWithStaged: ({ final, staged, dataset }) => [
      `DROP TABLE IF EXISTS ${final}`,
      `ALTER TABLE ${staged} SET SCHEMA ${dataset}`,
      `CREATE TABLE ${staged} (LIKE ${final} INCLUDING ALL)`,
    ],
    ...(maxNamedTables !== undefined && { maxNamedTables }),
    columnHints: createIndexes ? { unique: "UNIQUE" } : {},
  };
}

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE */
export const postgresLiterals: LiteralStyle = {
  text: { open: "E'", close: "'", escapes: { "'": "''", "\\": "\\\\", "\n": "\\n", "\r": "\\r" } },
  binary: { open: "'\\x", close: "'", encoding: "hex" },
  trueText: "True",
  falseText: "False",
  hasZero: false,
};
