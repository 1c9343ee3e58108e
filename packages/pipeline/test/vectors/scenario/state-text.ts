import type { JsonValue } from "@dlt/core";
import { decodeJson, encodeJson } from "@dlt/core/engine";

/** A state as typed JSON in which neither the order of keys nor that of hashes counts. */
export function stateText(state: unknown): string {
  return encodeJson(withSortedHashes(decodeJson(encodeJson(state, { typed: true }))), { sorted: true });
}

function withSortedHashes(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withSortedHashes);
  if (!(value instanceof Map)) return value;
  return new Map(
    [...(value as ReadonlyMap<string, JsonValue>)].map(([key, member]) => [
      key,
      key === "unique_hashes" ? [...(member as readonly string[])].sort() : withSortedHashes(member),
    ]),
  );
}
