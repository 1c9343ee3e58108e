import type { JsonValue } from "@dlt/core";

/**
 * A JSON object of the state. Typed values stay the marked texts that they are stored as, so that reading and writing
 * changes nothing; `decodeTyped` gives their values.
 */
export type StateObject = ReadonlyMap<string, JsonValue>;

export function isStateObject(value: unknown): value is StateObject {
  return value instanceof Map;
}
