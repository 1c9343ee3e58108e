import type { ColumnTypes } from "@dlt/sql";

/** Column types of DuckDB: https://duckdb.org/docs/stable/sql/data_types/overview */
export const duckdbTypes: ColumnTypes = {
  bigint: {
    unspecified: "BIGINT",
    steps: [
      { maxPrecision: 8, type: "TINYINT" },
      { maxPrecision: 16, type: "SMALLINT" },
      { maxPrecision: 32, type: "INTEGER" },
      { maxPrecision: 64, type: "BIGINT" },
      { maxPrecision: 128, type: "HUGEINT" },
    ],
  },
  // Only naive timestamps come in several precisions.
  timestamp: { unspecified: "TIMESTAMP WITH TIME ZONE", steps: [] },
  naiveTimestamp: {
    unspecified: "TIMESTAMP",
    steps: [
      { maxPrecision: 0, type: "TIMESTAMP_S" },
      { maxPrecision: 3, type: "TIMESTAMP_MS" },
      { maxPrecision: 6, type: "TIMESTAMP" },
      { maxPrecision: 9, type: "TIMESTAMP_NS" },
    ],
  },
  time: { unspecified: "TIME", steps: [] },
  decimal: "DECIMAL({precision},{scale})",
  wei: "DECIMAL({precision},{scale})",
  maxDecimalPrecision: 38,
  others: {
    text: { unbounded: "VARCHAR" },
    double: { unbounded: "DOUBLE" },
    bool: { unbounded: "BOOLEAN" },
    binary: { unbounded: "BLOB" },
    json: { unbounded: "JSON" },
    date: { unbounded: "DATE" },
  },
  stored: {
    VARCHAR: "text",
    JSON: "json",
    DOUBLE: "double",
    FLOAT: "double",
    BOOLEAN: "bool",
    DATE: "date",
    TIME: "time",
    BLOB: "binary",
    DECIMAL: "decimal",
    TINYINT: "bigint",
    SMALLINT: "bigint",
    INTEGER: "bigint",
    BIGINT: "bigint",
    HUGEINT: "bigint",
    TIMESTAMP: "timestamp",
    TIMESTAMP_S: "timestamp",
    TIMESTAMP_MS: "timestamp",
    TIMESTAMP_NS: "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
  },
};
