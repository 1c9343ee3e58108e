import { isPlainObject } from "../json/encode.js";

/** True for equal JSON-like values: property order of objects does not count, order of lists does. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isPlainObject(a) ? !isPlainObject(b) : Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a)) {
    return (
      a.length === (b as readonly unknown[]).length &&
      a.every((value, index) => sameValue(value, (b as readonly unknown[])[index]))
    );
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) && sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
