import { type DataValue, Float, type JsonValue } from "@dlt/core";
import { decodeTyped, typeMarkers } from "@dlt/core/engine";

/** The value that a vector writes down with its one-key objects; see section 1 of `vectors/README.md`. */
export function vectorValue(written: JsonValue): DataValue {
  return decodeTyped(markedValue(written));
}

/** The same with typed values as marked texts. */
function markedValue(written: JsonValue): JsonValue {
  if (Array.isArray(written)) return written.map(markedValue);
  if (!(written instanceof Map)) return written as JsonValue;
  const [only] = written.size === 1 ? written : [];
  const read = only === undefined ? undefined : notations[only[0]];
  if (only !== undefined && read !== undefined) return read(only[1]);
  return new Map([...written].map(([key, value]) => [key, markedValue(value)]));
}

const marked =
  (marker: string) =>
  (value: JsonValue): string =>
    `${marker}${String(value)}`;

const notations: Readonly<Record<string, (value: JsonValue) => JsonValue>> = {
  $int: (value) => BigInt(String(value)),
  $float: (value) => new Float(Number(value)),
  $decimal: marked(typeMarkers.decimal),
  $wei: marked(typeMarkers.wei),
  $timestamp: marked(typeMarkers.timestamp),
  $date: marked(typeMarkers.date),
  $time: marked(typeMarkers.time),
  $bytes: marked(typeMarkers.bytes),
  $hexbytes: marked(typeMarkers.hexbytes),
  $uuid: (value) => value,
  $object: (pairs) =>
    new Map((pairs as readonly (readonly [string, JsonValue])[]).map(([key, value]) => [key, markedValue(value)])),
};
