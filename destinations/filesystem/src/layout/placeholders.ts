import { DestinationError, Timestamp } from "@dlt/core";
import { loadMicros } from "../load-id.js";
import { type DatetimeSource, datetimePatterns, datetimeValues, readDatetime } from "./datetime.js";
import { pathPart } from "./path-part.js";

/** What a file is, for functions that give placeholders their values. */
export interface PlaceholderFile {
  readonly schemaName: string;
  readonly tableName: string;
  readonly loadId: string;
  readonly fileId: string;
  /** e.g. `jsonl` or `jsonl.gz` */
  readonly ext: string;
}

export type PlaceholderValue = string | number | boolean | ((file: PlaceholderFile) => string | number | boolean);

/** Placeholders of your own by name. A function is asked once for each file, before the first is written. */
export type ExtraPlaceholders = Readonly<Record<string, PlaceholderValue>>;

/** @throws TypeError with the end of a sentence that names the setting */
export function parseExtraPlaceholders(native: unknown): ExtraPlaceholders {
  const object: unknown = typeof native === "string" ? JSON.parse(native) : native;
  if (typeof object !== "object" || object === null || Array.isArray(object)) throw new TypeError("expected an object");
  for (const [name, value] of Object.entries(object)) {
    if (!/^\w+$/.test(name)) throw new TypeError(`expected a name of letters, digits and \`_\` instead of \`${name}\``);
    if (standardPlaceholders.has(name))
      throw new TypeError(`expected another name than \`${name}\`, which has a meaning`);
    if (!["string", "number", "boolean", "function"].includes(typeof value))
      throw new TypeError(`expected \`${name}\` to be a text, a number or a function`);
  }
  return object as ExtraPlaceholders;
}

/** Names that need no declaration, with what their values look like in a regular expression. */
export const standardPlaceholders: ReadonlyMap<string, string> = new Map([
  ["schema_name", "[^/]+"],
  ["table_name", "[^/]+"],
  ["load_id", "\\d+(?:\\.\\d+)?"],
  ["file_id", "[0-9a-f]{10}"],
  // Those of Python dlt, too, and not whatever looks like one: it may be the rest of the name of another table.
  ["ext", "(?:[a-z]+|insert_values)(?:\\.gz)?"],
  ["load_package_timestamp", "\\d+"],
  ["load_package_timestamp_ms", "\\d+"],
  ["timestamp", "-?\\d+"],
  ["timestamp_ms", "-?\\d+"],
  ...datetimePatterns,
]);

/** Values of the placeholders that are the same for all files of a load. */
export function loadValues(
  { loadId, schemaName }: { readonly loadId: string; readonly schemaName: string },
  currentDatetime: DatetimeSource | undefined,
): Readonly<Record<string, string>> {
  const created = Timestamp.fromMicros(loadMicros(loadId) ?? 0n);
  const current = currentDatetime === undefined ? created : askedTime(currentDatetime);
  return {
    schema_name: pathPart(schemaName),
    load_id: loadId,
    load_package_timestamp: String(created.seconds),
    load_package_timestamp_ms: milliseconds(created),
    timestamp: String(current.seconds),
    timestamp_ms: milliseconds(current),
    ...datetimeValues(current),
  };
}

/** Values of all placeholders for a file. */
export function fileValues(
  shared: Readonly<Record<string, string>>,
  file: PlaceholderFile,
  extra: ExtraPlaceholders,
): Readonly<Record<string, string>> {
  const own = Object.entries(extra).map(([name, value]) => [name, extraValue(name, value, file)] as const);
  return {
    ...Object.fromEntries(own),
    ...shared,
    table_name: pathPart(file.tableName),
    file_id: file.fileId,
    ext: file.ext,
  };
}

function askedTime(source: DatetimeSource): Timestamp {
  const time = readDatetime(typeof source === "function" ? asked("current_datetime", source) : source);
  if (time === null) throw invalid("current_datetime", "gave no time");
  return time;
}

function extraValue(name: string, value: PlaceholderValue, file: PlaceholderFile): string {
  const given: unknown = typeof value === "function" ? asked(name, () => value(file)) : value;
  if (typeof given !== "string" && typeof given !== "number" && typeof given !== "boolean")
    throw invalid(name, "gave neither a text nor a number");
  return String(given);
}

function asked<Value>(name: string, source: () => Value): Value {
  try {
    return source();
  } catch (error) {
    throw invalid(name, `failed: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function milliseconds({ seconds, microseconds }: Timestamp): string {
  return String(seconds * 1000 + Math.floor(microseconds / 1000));
}

function invalid(name: string, reason: string, cause?: unknown): DestinationError {
  return new DestinationError("FILE_PLACEHOLDER_INVALID", `The function of the placeholder \`${name}\` ${reason}.`, {
    hint: "Correct the function, then run again. Nothing of the load was written yet.",
    context: { placeholder: name },
    cause,
  });
}
