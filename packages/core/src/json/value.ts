import type { Float } from "../values/float.js";

/**
 * Decoded JSON, without loss: an integer is a `number` up to ±(2^53 − 1) and a `bigint` beyond; a number with a fraction or
 * an exponent is a `number` unless it is integral, then a `Float`; objects are maps, which keep the order of keys like `"1"`.
 */
export type JsonValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Float
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>;
