import type { DestinationCapabilities } from "@dlt/core";
import { type LiteralStyle, type SqlDialect, standardIdentifiers, standardText } from "@dlt/sql";
import { duckdbTypes } from "./type-map.js";

export function duckdbDialect(
  capabilities: DestinationCapabilities,
  { createIndexes, maxNamedTables }: { readonly createIndexes: boolean; readonly maxNamedTables?: number | undefined },
): SqlDialect {
  return {
    name: "DuckDB",
    capabilities,
    identifiers: standardIdentifiers,
    text: standardText,
    types: duckdbTypes,
    placeholder: () => "?",
    inCurrentCatalog: (catalogColumn) => `${catalogColumn} = current_database()`,
    now: "now()",
    randomId: "uuid()",
    epochMicros: (timestamp) => `epoch_us(${timestamp})`,
    temporary: { catalog: "temp", schema: "main" },
    rowId: "rowid",
    // Rows that stay would be compressed into the file when it is closed, which costs as much as the rows of the tables.
    forgetsStagedRows: true,
    ...(maxNamedTables !== undefined && { maxNamedTables }),
    columnHints: createIndexes ? { unique: "UNIQUE" } : {},
  };
}

/** https://duckdb.org/docs/stable/sql/data_types/literal_types: no escape stands for U+0000, which would end the statement. */
export const duckdbLiterals: LiteralStyle = {
  text: {
    open: "E'",
    close: "'",
    escapes: { "'": "''", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\0": "' || chr(0) || E'" },
  },
  binary: { open: "from_base64('", close: "')", encoding: "base64" },
  trueText: "True",
  falseText: "False",
  hasZero: true,
};
