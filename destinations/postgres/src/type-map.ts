import type { ColumnTypes } from "@dlt/sql";

/** Column types of PostgreSQL: https://www.postgresql.org/docs/current/datatype.html */
export const postgresTypes: ColumnTypes = {
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
  time: {
    unspecified: "time without time zone",
    steps: [{ maxPrecision: 6, type: "time ({precision}) without time zone" }],
  },
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
    "CHARACTER VARYING": "text",
    TEXT: "text",
    CHARACTER: "text",
    SMALLINT: "bigint",
    INTEGER: "bigint",
    BIGINT: "bigint",
    "DOUBLE PRECISION": "double",
    REAL: "double",
    NUMERIC: "decimal",
    BOOLEAN: "bool",
    BYTEA: "binary",
    JSON: "json",
    JSONB: "json",
    DATE: "date",
    "TIME WITHOUT TIME ZONE": "time",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "TIMESTAMP WITHOUT TIME ZONE": "timestamp",
  },
};
