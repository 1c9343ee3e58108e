import { type FileFormat, InternalError } from "@dlt/core";
import { csv, jsonl } from "@dlt/core/engine";
import { parquet } from "@dlt/parquet";

/** The formats that every destination can use, by name. They are known on every thread. */
export const builtInFormats: ReadonlyMap<string, FileFormat> = new Map(
  [jsonl(), csv(), parquet()].map((format) => [format.name, format]),
);

export function builtInFormat(name: string): FileFormat {
  const format = builtInFormats.get(name);
  if (format === undefined)
    throw new InternalError("INTERNAL_STATE_UNEXPECTED", `There is no built-in file format \`${name}\`.`);
  return format;
}
