import { type DestinationCapabilities, namingConvention } from "@dlt/core";
import {
  type ColumnTypes,
  type SqlDataset,
  type SqlDialect,
  standardIdentifiers,
  standardText,
  systemTables,
} from "../src/index.js";

const capabilities: DestinationCapabilities = {
  preferredFileFormat: "parquet",
  fileFormats: ["parquet"],
  maxIdentifierLength: 63,
  caseSensitiveIdentifiers: true,
  supportsDdlTransactions: true,
  supportsTransactions: true,
  replaceStrategies: ["truncate-and-insert"],
  mergeStrategies: [],
};

const types: ColumnTypes = {
  bigint: {
    unspecified: "bigint",
    steps: [
      { maxPrecision: 16, type: "smallint" },
      { maxPrecision: 32, type: "integer" },
      { maxPrecision: 64, type: "bigint" },
    ],
  },
  timestamp: {
    unspecified: "timestamp with time zone",
    steps: [{ maxPrecision: 6, type: "timestamp ({precision}) with time zone" }],
  },
  naiveTimestamp: {
    unspecified: "timestamp without time zone",
    steps: [{ maxPrecision: 6, type: "timestamp ({precision}) without time zone" }],
  },
  time: { unspecified: "time", steps: [{ maxPrecision: 6, type: "time ({precision})" }] },
  decimal: "numeric({precision},{scale})",
  wei: "numeric({precision},{scale})",
  maxDecimalPrecision: 1000,
  others: {
    text: { unbounded: "varchar", bounded: "varchar({precision})" },
    double: { unbounded: "double precision" },
    bool: { unbounded: "boolean" },
    binary: { unbounded: "bytea" },
    json: { unbounded: "jsonb" },
    date: { unbounded: "date" },
  },
  stored: {
    VARCHAR: "text",
    JSONB: "json",
    NUMERIC: "decimal",
    BIGINT: "bigint",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
  },
};

const shared = { identifiers: standardIdentifiers, text: standardText, types, now: "now()" } as const;

/** In the manner of Postgres: folds to lower case, numbers its parameters, adds many columns at a time. */
export const elephant: SqlDialect = {
  ...shared,
  name: "Elephant",
  capabilities: { ...capabilities, caseFolding: "lower", weiPrecision: [156, 78] },
  placeholder: (position) => `$${position}`,
  randomId: "gen_random_uuid()",
  epochMicros: (timestamp) => `(extract(epoch from ${timestamp}) * 1000000)::bigint`,
  temporary: { schema: "pg_temp" },
  rowId: "ctid",
  hasUniqueMarks: true,
  replaceWithStaged: ({ final, staged, dataset }) => [`DROP TABLE ${final}`, `MOVE ${staged} TO ${dataset}`],
  columnHints: { unique: "UNIQUE" },
};

/** In the manner of embedded databases: case does not count, one column at a time, no `TRUNCATE`. */
export const duck: SqlDialect = {
  ...shared,
  name: "Duck",
  capabilities: {
    ...capabilities,
    caseSensitiveIdentifiers: false,
    alterAddsManyColumns: false,
    supportsTruncate: false,
  },
  placeholder: () => "?",
  inCurrentCatalog: (column) => `${column} = current_database()`,
  randomId: "uuid()",
  epochMicros: (timestamp) => `epoch_us(${timestamp})`,
  temporary: { catalog: "temp", schema: "main" },
  rowId: "rowid",
  columnHints: {},
};

export function dataset(dialect: SqlDialect, schema = "ds", catalog?: string): SqlDataset {
  return {
    dialect,
    name: { schema, ...(catalog !== undefined && { catalog }) },
    system: systemTables(namingConvention("snake_case", null)),
  };
}
