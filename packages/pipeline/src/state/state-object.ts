import type { JsonValue } from "@dlt/core";
import { encodeJson } from "@dlt/core/engine";

/**
 * A JSON object of the state. Typed values stay the marked texts that they are stored as, so that reading and writing
 * changes nothing; `decodeTyped` gives their values.
 */
export type StateObject = ReadonlyMap<string, JsonValue>;

export function isStateObject(value: unknown): value is StateObject {
  return value instanceof Map;
}

/** The state of one source as typed JSON; `null` when it has none. */
export function encodeSourceState(sources: StateObject, sourceName: string): string | null {
  const source = sources.get(sourceName);
  return source === undefined ? null : encodeJson(source, { typed: true });
}
