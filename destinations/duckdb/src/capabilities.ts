import type { DestinationCapabilities } from "@dlt/core";

const mebibyte = 1024 * 1024;

export const duckdbCapabilities: DestinationCapabilities = {
  preferredFileFormat: "parquet",
  fileFormats: ["parquet", "jsonl", "csv", "insert_values", "model"],
  stagingFileFormats: ["parquet", "jsonl", "csv"],
  preferredStagingFileFormat: "parquet",
  stagingSchemes: ["file"],
  sqlDialect: "duckdb",
  maxIdentifierLength: 65_536,
  maxColumnIdentifierLength: 65_536,
  caseSensitiveIdentifiers: false,
  caseFolding: "none",
  // https://duckdb.org/docs/stable/sql/data_types/numeric: at most 38 digits.
  decimalPrecision: [38, 9],
  weiPrecision: [38, 0],
  timestampPrecision: 6,
  maxTimestampPrecision: 9,
  supportsNaiveTimestamp: true,
  maxTextBytes: 1024 * mebibyte,
  maxQueryBytes: 32 * mebibyte,
  supportsDdlTransactions: true,
  supportsTransactions: true,
  // https://duckdb.org/docs/stable/sql/statements/alter_table: one change in a statement, no constraints on added columns.
  alterAddsManyColumns: false,
  enforcesNullsOnAlter: false,
  widensColumns: true,
  supportsTruncate: false,
  supportsCreateTableIfNotExists: true,
  supportsMultipleStatements: true,
  replaceStrategies: ["truncate-and-insert", "insert-from-staging"],
  mergeStrategies: ["delete-insert", "upsert", "scd2", "insert-only"],
  // Each job keeps a thread of libuv's pool (4) busy; the others are for the engine's files.
  maxParallelJobs: 2,
};
