import type { JsonPath } from "../json-path/json-path.js";

/** The rows that a path leads to: a list as it is, a single value as a list of one, the matches of a path with many places. */
export function selectRows(json: unknown, path: JsonPath): readonly unknown[] {
  const values = path.all(json);
  const [value] = values;
  if (values.length !== 1) return values;
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}
