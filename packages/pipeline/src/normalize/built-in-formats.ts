import type { FileFormat } from "@dlt/core";
import { type CsvOptions, csv, jsonl } from "@dlt/core/engine";
import { parquet } from "@dlt/parquet";

/** What is set of the built-in formats: data, so that threads can make the same. */
export interface FormatOptions {
  readonly csv?: CsvOptions;
}

/** The formats that every destination can use. They can be made on every thread. */
export interface BuiltInFormats {
  readonly options: FormatOptions;
  readonly byName: ReadonlyMap<string, FileFormat>;
}

/** @throws ConfigError `CONFIG_VALUE_INVALID` for options that a format refuses */
export function builtInFormats(options: FormatOptions = {}): BuiltInFormats {
  const formats = [jsonl(), csv(options.csv), parquet()];
  return { options, byName: new Map(formats.map((format) => [format.name, format])) };
}
