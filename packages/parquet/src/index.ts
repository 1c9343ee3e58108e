export type { Compression } from "./compression.js";
export type { ParquetOptions } from "./parquet.js";
export { parquet } from "./parquet.js";
export { openParquet, type ParquetReader, type ParquetSource } from "./read-parquet.js";
