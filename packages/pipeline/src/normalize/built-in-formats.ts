import type { FileFormat } from "@dlt/core";
import { type CsvOptions, csv, jsonl } from "@dlt/core/engine";
import { type ParquetOptions, parquet } from "@dlt/parquet";
import { gzipped } from "./gzip-format.js";

/** What is set of the built-in formats: data, so that threads can make the same. */
export interface FormatOptions {
  readonly csv?: CsvOptions;
  readonly parquet?: ParquetOptions;
  /** Files of text are compressed with gzip. Default: false. */
  readonly compressesText?: boolean;
}

/** The formats that every destination can use. They can be made on every thread. */
export interface BuiltInFormats {
  readonly options: FormatOptions;
  readonly byName: ReadonlyMap<string, FileFormat>;
}

/** @throws ConfigError `CONFIG_VALUE_INVALID`, `FILE_COMPRESSION_UNAVAILABLE` for options that a format refuses */
export function builtInFormats(options: FormatOptions = {}): BuiltInFormats {
  const texts = [jsonl(), csv(options.csv)];
  const formats = [...(options.compressesText === true ? texts.map(gzipped) : texts), parquet(options.parquet)];
  return { options, byName: new Map(formats.map((format) => [format.name, format])) };
}
