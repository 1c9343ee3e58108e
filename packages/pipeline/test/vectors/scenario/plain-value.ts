import { type DataValue, Float, type JsonValue } from "@dlt/core";
import { doubleValue } from "@dlt/core/engine";
import { vectorValue } from "../vector-value.js";

/** A value of a vector as code of authors has it: plain objects and numbers; typed values stay. */
export function plainValue(written: JsonValue): unknown {
  return asObjects(vectorValue(written), (integer) => integer);
}

/**
 * Rows as objects of JavaScript. Integers are `bigint` and integral doubles stay apart, because what a plain integral number
 * means is a rule of our own.
 */
export function asRows(value: DataValue): unknown {
  return asObjects(value, (integer) => BigInt(integer));
}

function asObjects(value: DataValue, integerOf: (integer: number) => number | bigint): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? integerOf(value) : value;
  if (Array.isArray(value)) return value.map((element) => asObjects(element as DataValue, integerOf));
  if (value instanceof Float) return doubleValue(value.value);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, member]) => [key, asObjects(member as DataValue, integerOf)]));
}

/** True when objects of JavaScript have the keys in another order: those that look like integers come first. */
export function losesKeyOrder(value: DataValue): boolean {
  if (Array.isArray(value)) return value.some((element) => losesKeyOrder(element as DataValue));
  if (!(value instanceof Map)) return false;
  const keys = [...value.keys()];
  const kept = Object.keys(Object.fromEntries(value));
  return (
    kept.some((key, index) => key !== keys[index]) ||
    [...value.values()].some((member) => losesKeyOrder(member as DataValue))
  );
}
