import type { DestinationCapabilities } from "@dlt/core";

const mebibyte = 1024 * 1024;

export const filesystemCapabilities: DestinationCapabilities = {
  preferredFileFormat: "jsonl",
  fileFormats: ["jsonl", "parquet", "csv"],
  compressesFiles: true,
  maxIdentifierLength: 65_536,
  maxColumnIdentifierLength: 65_536,
  caseSensitiveIdentifiers: true,
  caseFolding: "none",
  decimalPrecision: [38, 9],
  // Text and Parquet hold what the largest of Ethereum needs.
  weiPrecision: [78, 0],
  timestampPrecision: 6,
  maxTimestampPrecision: 9,
  supportsNaiveTimestamp: true,
  maxTextBytes: 1024 * mebibyte,
  maxQueryBytes: 32 * mebibyte,
  supportsDdlTransactions: false,
  supportsTransactions: false,
  enforcesNullsOnAlter: false,
  replaceStrategies: ["truncate-and-insert"],
  mergeStrategies: [],
  appendsInsteadOfMerging: true,
  tableFormats: [],
};
