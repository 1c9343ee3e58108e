import type { DestinationCapabilities } from "@dlt/core";

const mebibyte = 1024 * 1024;

export const postgresCapabilities: DestinationCapabilities = {
  preferredFileFormat: "pgcopy",
  fileFormats: ["pgcopy", "csv", "insert_values", "model"],
  sqlDialect: "postgres",
  // https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS: 63 bytes.
  maxIdentifierLength: 63,
  caseSensitiveIdentifiers: true,
  caseFolding: "lower",
  decimalPrecision: [38, 9],
  // https://www.postgresql.org/docs/current/datatype-numeric.html: up to 1,000 digits may be declared.
  weiPrecision: [156, 78],
  timestampPrecision: 6,
  maxTimestampPrecision: 6,
  supportsNaiveTimestamp: true,
  maxTextBytes: 1024 * mebibyte,
  maxQueryBytes: 32 * mebibyte,
  supportsDdlTransactions: true,
  supportsTransactions: true,
  alterAddsManyColumns: true,
  enforcesNullsOnAlter: true,
  widensColumns: true,
  supportsTruncate: true,
  supportsCreateTableIfNotExists: true,
  supportsMultipleStatements: true,
  replaceStrategies: ["truncate-and-insert", "insert-from-staging", "staging-optimized"],
  mergeStrategies: ["delete-insert", "upsert", "scd2", "insert-only"],
  // Each job keeps a connection busy, and the server a process.
  maxParallelJobs: 4,
};
