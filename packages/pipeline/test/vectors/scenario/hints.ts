import type { Hints, HintValue, IncrementalOptions, JsonValue, TableHints } from "@dlt/core";
import type { VectorObject } from "../read-vectors.js";
import { plainValue } from "./plain-value.js";

/** The arguments of a resource, as the vectors name them, as hints. */
export function hintsOf(written: JsonValue | undefined): Hints {
  const hints: Record<string, unknown> = {};
  for (const [name, value] of (written ?? new Map()) as VectorObject) {
    const read = readers[name];
    if (read === undefined) throw new Error(`The test does not know the hint ${name}.`);
    hints[camelCase(name)] = read(value);
  }
  return hints as Hints;
}

const plainReaders = [
  "merge_key",
  "primary_key",
  "max_table_nesting",
  "write_disposition",
  "schema_contract",
  "references",
  "table_format",
  "file_format",
  "parent_table_name",
];
const readers: Readonly<Record<string, (value: JsonValue) => unknown>> = {
  ...Object.fromEntries(plainReaders.map((name) => [name, (value: JsonValue) => camelCased(plainValue(value))])),
  table_name: tableNameOf,
  columns: (columns) => columnsOf(columns as VectorObject),
  nested_hints: (nested) =>
    [...(nested as VectorObject)].map(([path, value]) => [path.split("/"), hintsOf(value) as TableHints]),
};

/** A list, because names that look like integers would not keep their place in an object. */
function columnsOf(columns: JsonValue): readonly object[] {
  if (!(columns instanceof Map))
    return (columns as readonly JsonValue[]).map((column) => camelCased(plainValue(column)) as object);
  return [...(columns as VectorObject)].map(([name, column]) => ({
    ...(camelCased(plainValue(column)) as object),
    name,
  }));
}

/** A name, or a function that takes it from a field of the row. */
function tableNameOf(value: JsonValue): unknown {
  if (!(value instanceof Map)) return value;
  const field = value.get("from_field") as string;
  return (row: Readonly<Record<string, unknown>>) => row[field];
}

const cursorOptions: readonly string[] = [
  "initial_value",
  "end_value",
  "primary_key",
  "row_order",
  "lag",
  "range_start",
  "range_end",
  "on_cursor_value_missing",
];

/** The options of an incremental cursor. */
export function cursorOptionsOf(written: VectorObject): IncrementalOptions<unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of written) {
    if (name === "cursor_path") continue;
    if (name === "last_value_func") options["lastValueFunc"] = lastValueFunction(value as string);
    else if (cursorOptions.includes(name)) options[camelCase(name)] = plainValue(value);
    else throw new Error(`The test does not know the option ${name} of a cursor.`);
  }
  return options as IncrementalOptions<unknown>;
}

type Event = Readonly<Record<string, string>>;
const functions: Readonly<Record<string, "min" | "max" | ((values: readonly never[]) => unknown)>> = {
  min: "min",
  max: "max",
  latest_by_type: ([event, last = {}]: readonly Event[]) => {
    const { type = "", created_at: at = "" } = event ?? {};
    const latest = [last[type] ?? "", at].sort().at(-1) ?? "";
    return { ...last, [type]: latest };
  },
  mod10: (values: readonly (number | bigint)[]) => {
    const order = [...values].map(Number).sort((a, b) => (b % 10) - (a % 10) || b - a);
    return order[0];
  },
  longest: (values: readonly string[]) => [...values].sort((a, b) => b.length - a.length || (b > a ? 1 : -1))[0],
};

function lastValueFunction(name: string): (typeof functions)[string] {
  const found = functions[name];
  if (found === undefined) throw new Error(`The test does not know ${name}.`);
  return found;
}

/** The same with the names of properties in camelCase. Hints of adapters keep theirs. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [camelCase(name), camelCased(member)]),
  ) as HintValue;
}

export function camelCase(name: string): string {
  return name.startsWith("x-") ? name : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
