import type { DestinationCapabilities } from "@dlt/core";
import { type SqlDialect, standardIdentifiers, standardText } from "@dlt/sql";
import { duckdbTypes } from "./type-map.js";

export function duckdbDialect(
  capabilities: DestinationCapabilities,
  { createIndexes }: { readonly createIndexes: boolean },
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
    columnHints: createIndexes ? { unique: "UNIQUE" } : {},
  };
}
