import { isPlainObject } from "../json/encode.js";
import type { Float } from "../values/float.js";
import { kindOf } from "../values/value-kind.js";

/** A decoded value as JavaScript usually has it. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Map) return plainObject(value as ReadonlyMap<string, unknown>);
  if (isPlainObject(value)) return plainObject(Object.entries(value));
  return kindOf(value) === "float" ? (value as Float).value : value;
}

function plainObject(members: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, member] of members) {
    const value = plainValue(member);
    if (key !== "__proto__") object[key] = value;
    else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}
