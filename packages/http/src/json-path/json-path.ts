import { findValues, memberOf } from "./find-values.js";
import { parsePath } from "./parse-path.js";

/** A place, or several, in JSON. */
export interface JsonPath {
  /** As it is written, for messages. */
  readonly text: string;
  /** The names of the members that lead to the one place, outermost first: `[]` for the whole; `null` for all other paths. */
  readonly fields: readonly string[] | null;
  /** The first value; undefined when there is none. */
  first(json: unknown): unknown;
  all(json: unknown): readonly unknown[];
}

/** @throws SourceError `JSON_PATH_INVALID` */
export function jsonPath(text: string): JsonPath {
  const alternatives = parsePath(text);
  const names = alternatives
    .flat()
    .map((segment) => (segment.kind === "fields" && segment.names.length === 1 ? segment.names[0] : undefined));
  if (alternatives.length === 1 && !names.includes(undefined)) return pathOfFields(names as readonly string[], text);
  const all = (json: unknown) => alternatives.flatMap((segments) => findValues(json, segments));
  return { text, fields: null, all, first: (json) => all(json)[0] };
}

/** The path of a member of members; `[]` for the whole. */
function pathOfFields(fields: readonly string[], text = fields.length === 0 ? "$" : fields.join(".")): JsonPath {
  const first = (json: unknown): unknown => {
    let value = json;
    for (const field of fields) {
      value = memberOf(value, field);
      if (value === undefined) return undefined;
    }
    return value;
  };
  return {
    text,
    fields,
    first,
    all: (json) => {
      const value = first(json);
      return value === undefined ? [] : [value];
    },
  };
}
