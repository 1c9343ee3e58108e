import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parquetTypes } from "./physical-type.js";
import { rangeOf } from "./statistics.js";
import type { ValueList } from "./values.js";

function listOf(values: Int32Array | BigInt64Array | Float64Array, indices: Int32Array | null): ValueList {
  const words = new Int32Array(values.buffer);
  const wordsPerValue = words.length / values.length;
  return { values: { kind: "words", words, wordsPerValue }, indices, count: indices?.length ?? values.length };
}

const atLeastOne = { minLength: 1 };

test("the range of integers of 64 bits is that of their values", () => {
  const integer = fc.oneof(
    fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
    fc.bigInt({ min: -(1n << 33n), max: 1n << 33n }),
  );
  fc.assert(
    fc.property(fc.array(integer, atLeastOne), (integers) => {
      const range = rangeOf(listOf(BigInt64Array.from(integers), null), parquetTypes.int64);
      const sorted = integers.toSorted((one, other) => (one < other ? -1 : 1));
      expect(new BigInt64Array(range?.min.buffer ?? new ArrayBuffer(0))).toEqual(
        BigInt64Array.of(sorted.at(0) as bigint),
      );
      expect(new BigInt64Array(range?.max.buffer ?? new ArrayBuffer(0))).toEqual(
        BigInt64Array.of(sorted.at(-1) as bigint),
      );
    }),
  );
});

test("the range of integers of 32 bits is that of their values", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), atLeastOne), (integers) => {
      const range = rangeOf(listOf(Int32Array.from(integers), null), parquetTypes.int32);
      expect(range?.min).toEqual(new Uint8Array(Int32Array.of(Math.min(...integers)).buffer));
      expect(range?.max).toEqual(new Uint8Array(Int32Array.of(Math.max(...integers)).buffer));
    }),
  );
});

describe("the range of doubles", () => {
  const rangeOfDoubles = (doubles: readonly number[], indices: Int32Array | null = null) => {
    const range = rangeOf(listOf(Float64Array.from(doubles), indices), parquetTypes.double);
    return range && [new Float64Array(range.min.buffer)[0], new Float64Array(range.max.buffer)[0]];
  };

  test("is that of the values", () => {
    expect(rangeOfDoubles([1.5, -2.5, Number.POSITIVE_INFINITY])).toEqual([-2.5, Number.POSITIVE_INFINITY]);
  });

  test("is left out when there is NaN, which has no place in the order", () => {
    expect(rangeOfDoubles([1.5, Number.NaN, 2.5])).toBeNull();
  });

  test("holds either zero", () => {
    expect(rangeOfDoubles([0, 0])).toEqual([-0, 0]);
    expect(rangeOfDoubles([-0, -0])).toEqual([-0, 0]);
  });

  test("is of the listed values only", () => {
    expect(rangeOfDoubles([Number.NaN, 3, 9, 1], Int32Array.of(1, 3))).toEqual([1, 3]);
    expect(rangeOfDoubles([1], new Int32Array(0))).toBeNull();
  });
});
