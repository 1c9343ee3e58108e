import { isPlainObject } from "../json/encode.js";
import { Float } from "../values/float.js";

/** True for equal JSON-like values: property order of objects does not count, order of lists does. */
export function sameValue(a: unknown, b: unknown): boolean {
  return equal(a, b, (value) => value);
}

/** The same, and `true`, `1` and `1.0` are equal too, as they are in Python. */
export function equalInPython(a: unknown, b: unknown): boolean {
  return equal(a, b, numberOf);
}

function numberOf(value: unknown): unknown {
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Float) return value.value + 0;
  return value;
}

function equal(given: unknown, other: unknown, scalar: (value: unknown) => unknown): boolean {
  const a = scalar(given);
  const b = scalar(other);
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isPlainObject(a) ? !isPlainObject(b) : Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a)) {
    return (
      a.length === (b as readonly unknown[]).length &&
      a.every((value, index) => equal(value, (b as readonly unknown[])[index], scalar))
    );
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) && equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], scalar),
  );
}
