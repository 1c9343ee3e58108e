import fc from "fast-check";
import { snappyUncompress } from "hyparquet";
import { describe, expect, test } from "vitest";
import { snappy } from "./snappy.js";

function expectRoundTrip(bytes: Uint8Array): void {
  const output = new Uint8Array(bytes.length);
  snappyUncompress(snappy(bytes), output);
  expect(Buffer.compare(output, bytes)).toBe(0);
}

describe("what was compressed is there again", () => {
  test("for any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), expectRoundTrip));
  });

  test("for bytes that repeat", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.nat({ max: 300 }).map((length) => new Uint8Array(length).fill(7)),
    );
    const repeating = fc
      .array(piece, { minLength: 1, maxLength: 6 })
      .chain((pieces) => fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 300 }))
      .map((pieces) => Uint8Array.from(Buffer.concat(pieces)))
      .filter(({ length }) => length > 0);
    fc.assert(fc.property(repeating, expectRoundTrip));
  });

  test.each([1, 14, 15, 16, 60, 61, 256, 257, 65_535, 65_536, 65_537, 300_000])("for %d bytes", (length) => {
    const random = new Uint8Array(length);
    for (let at = 0, state = 1; at < length; at++) {
      state = Math.imul(state, 1_103_515_245) + 12_345;
      random[at] = state >>> 16;
    }
    expectRoundTrip(random);
    expectRoundTrip(new Uint8Array(length));
    expectRoundTrip(Uint8Array.from(random, (byte, at) => (at % 5000 < 2500 ? byte : at % 70)));
  });
});

test("text of few words becomes much smaller", () => {
  const text = Buffer.from("alpha beta gamma delta ".repeat(10_000));
  expect(snappy(text).length).toBeLessThan(text.length / 15);
});
