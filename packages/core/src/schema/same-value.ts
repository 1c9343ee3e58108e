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

function equal(a: unknown, b: unknown, scalar: (value: unknown) => unknown): boolean {
  // Pairs wait on a list, so that depth does not use up the stack.
  const waiting: [unknown, unknown][] = [[a, b]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop())
    if (!sameShape(scalar(pair[0]), scalar(pair[1]), waiting)) return false;
  return true;
}

/** Compares two values without what is in them, which is left to be compared. */
function sameShape(a: unknown, b: unknown, waiting: [unknown, unknown][]): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isPlainObject(a) ? !isPlainObject(b) : Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a)) {
    const other = b as readonly unknown[];
    if (a.length !== other.length) return false;
    for (let index = 0; index < a.length; index++) waiting.push([a[index], other[index]]);
    return true;
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return false;
    waiting.push([(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]);
  }
  return true;
}
