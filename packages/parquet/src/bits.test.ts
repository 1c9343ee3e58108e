import fc from "fast-check";
import { expect, test } from "vitest";
import { copyBits, countBits, isSet } from "./bits.js";

const bitsAndRange = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .chain((bits) => fc.tuple(fc.constant(bits), fc.nat({ max: bits.length * 8 }), fc.nat({ max: bits.length * 8 })))
  .map(([bits, one, other]) => ({ bits, from: Math.min(one, other), to: Math.max(one, other) }));

const flagsOf = (bits: Uint8Array, from: number, to: number): readonly boolean[] =>
  Array.from({ length: to - from }, (_, index) => isSet(bits, from + index));

test("bits are stored least significant first", () => {
  expect(flagsOf(Uint8Array.of(0b101, 0b10), 0, 10).map(Number).join("")).toBe("1010000001");
});

test("bits are counted from any bit to any other", () => {
  fc.assert(
    fc.property(bitsAndRange, ({ bits, from, to }) => {
      expect(countBits(bits, from, to)).toBe(flagsOf(bits, from, to).filter(Boolean).length);
    }),
  );
});

test("bits are copied from any bit to any other, and those after them cleared", () => {
  fc.assert(
    fc.property(bitsAndRange, ({ bits, from, to }) => {
      const target = new Uint8Array((to - from + 7) >> 3).fill(0xaa);
      copyBits(target, bits, { from, to });
      expect(flagsOf(target, 0, target.length * 8)).toEqual([
        ...flagsOf(bits, from, to),
        ...new Array(target.length * 8 - (to - from)).fill(false),
      ]);
    }),
  );
});
