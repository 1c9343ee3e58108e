/// <reference types="node" />
import fc from "fast-check";
import { expect, test } from "vitest";
import { Decimal } from "../values/decimal.js";
import { Float, float } from "../values/float.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { compareCodePoints } from "./code-point-order.js";
import { decodeJson } from "./decode.js";
import { encodeJson } from "./encode.js";
import type { JsonValue } from "./value.js";

const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: "binary" }),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).filter((value) => !Number.isSafeInteger(Number(value))),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (Number.isInteger(value) ? new Float(value) : value)),
    fc.array(tie("value")),
    fc.array(fc.tuple(fc.string({ unit: "binary" }), tie("value"))).map((entries) => new Map(entries)),
  ),
})).value;

test("decoding gives back what was encoded, in any form", () => {
  fc.assert(
    fc.property(jsonValue, fc.record({ typed: fc.boolean(), pretty: fc.boolean() }), (value, form) => {
      expect(decodeJson(encodeJson(value, form))).toEqual(value);
    }),
  );
});

test("sorted text does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: "binary" })), (keys) => {
      const text = (names: readonly string[]) => encodeJson(new Map(names.map((key) => [key, key])), { sorted: true });
      expect(text(keys)).toBe(text([...keys].reverse()));
      const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect([...keys].sort(compareCodePoints)).toEqual(byBytes);
      expect(text(keys)).toBe(encodeJson(new Map(byBytes.map((key) => [key, key]))));
    }),
  );
});

test.each([
  [0, "0"],
  [-0, "0"],
  [1.5, "1.5"],
  [2 ** 53 - 1, "9007199254740991"],
  [2 ** 53, "9007199254740992.0"],
  [1e20, "1e+20"],
  [1e21, "1e+21"],
  [Number.NaN, "null"],
  [Number.NEGATIVE_INFINITY, "null"],
  [float(2), "2.0"],
  [float(-0), "-0.0"],
  [float(1e15), "1000000000000000.0"],
  [float(1e16), "1e+16"],
  [0.00001, "0.00001"],
  [0.000001, "1e-6"],
  [1.25e-9, "1.25e-9"],
  [2n ** 64n - 1n, "18446744073709551615"],
])("%s is written as %s", (value, text) => {
  expect(encodeJson(value)).toBe(text);
});

test("integers beyond 64 bits are refused, or written when asked for", () => {
  expect(() => encodeJson([2n ** 64n])).toThrow(
    "`[0]` of a value is an integer beyond 64 bits, which JSON cannot hold.",
  );
  expect(encodeJson(2n ** 64n, { anyInteger: true })).toBe("18446744073709551616");
});

test("half a surrogate pair is written as U+FFFD", () => {
  expect(encodeJson("a\ud83d")).toBe('"a\ufffd"');
  expect(encodeJson("😀 \\ud83d")).toBe('"😀 \\\\ud83d"');
});

test("typed values carry markers where asked for", () => {
  const value = new Map<string, unknown>([
    ["d", new Decimal("1.10")],
    ["t", new TimeOfDay(0, 60)],
  ]);
  expect(encodeJson(value, { typed: true })).toBe('{"d":"\uf0261.10","t":"\uf02d00:00:00+01:00"}');
  expect(() => encodeJson(value)).toThrow("`t` of a value is a time of day with an offset");
});

test("depth does not matter, cycles are found", () => {
  const depth = 100_000;
  const text = `${'{"a":['.repeat(depth)}${"]}".repeat(depth)}`;
  expect(encodeJson(decodeJson(text))).toBe(text);
  const cyclic: unknown[] = [];
  cyclic.push({ again: new Set([cyclic]) });
  expect(() => encodeJson(cyclic)).toThrow("part of itself");
});
