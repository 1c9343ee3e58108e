import fc from "fast-check";
import { expect, test } from "vitest";
import type { DataType } from "../contract/schema.js";
import { CalendarDate } from "./calendar-date.js";
import { coerce } from "./coerce.js";
import { dataTypeOf } from "./data-type.js";
import type { DataValue } from "./data-value.js";
import { Decimal } from "./decimal.js";
import { detectType } from "./detect-type.js";
import { doubleValue, Float } from "./float.js";
import { HexBytes } from "./hex-bytes.js";
import { TimeOfDay } from "./time-of-day.js";
import { Timestamp } from "./timestamp.js";
import { valueKind } from "./value-kind.js";
import { Wei } from "./wei.js";

const types: readonly DataType[] = [
  "text",
  "double",
  "bool",
  "timestamp",
  "bigint",
  "binary",
  "json",
  "decimal",
  "wei",
  "date",
  "time",
];

const numberText = fc.string({ unit: fc.constantFrom(..."0123456789.+-eExX_ na"), maxLength: 12 });
const scalar: fc.Arbitrary<DataValue> = fc.oneof(
  fc.boolean(),
  fc.string(),
  numberText,
  fc.maxSafeInteger(),
  fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value))),
  fc.double().map(doubleValue),
  fc.double().map((value) => new Decimal(`${value}`)),
  fc.bigInt().map((value) => new Wei(value)),
  fc.uint8Array(),
  fc.uint8Array().map((bytes) => new HexBytes(bytes)),
  fc.bigInt({ min: -62135510400000000n, max: 253402214399999999n }).map((micros) => Timestamp.fromMicros(micros, 60)),
  fc.integer({ min: -719162, max: 2932896 }).map((days) => new CalendarDate(days)),
  fc.nat(86_399).map((second) => new TimeOfDay(second * 1e6, -30)),
);
const value: fc.Arbitrary<DataValue> = fc.oneof(
  scalar,
  fc.array(scalar),
  fc.dictionary(fc.string(), scalar).map((object) => new Map(Object.entries(object))),
);

test("a converted value is of the type it was converted to, and nothing throws", () => {
  fc.assert(
    fc.property(value, fc.constantFrom(...types), (from, to) => {
      const type = dataTypeOf(from) ?? "text";
      const result = coerce(from, type, to);
      if (result.outcome === "failure") return;
      if (result.outcome === "variant")
        expect([to, result.suffix, typeof result.value]).toEqual(["wei", "str", "string"]);
      // JSON in a text may be any value.
      else if (to !== "json" || type === "json") expect(dataTypeOf(result.value)).toBe(to);
    }),
    { numRuns: 3000 },
  );
});

test("numbers and bools come back from text", () => {
  fc.assert(
    fc.property(scalar, (from) => {
      const type = dataTypeOf(from) ?? "text";
      if (
        !["bigint", "double", "decimal", "wei", "date", "timestamp", "binary"].includes(type) ||
        from instanceof HexBytes
      )
        return;
      const text = coerce(from, type, "text");
      if (text.outcome !== "value") throw new Error("everything has a text");
      const back = coerce(text.value, "text", type);
      // NaN is no wei, and wei has a range. Base64 that begins like hexadecimal reads as that.
      if (from instanceof Wei || (type === "binary" && String(text.value).startsWith("0x"))) return;
      expect(back).toEqual({ outcome: "value", value: from });
    }),
  );
});

test.each([
  ["0x61 62\n63", "binary", Uint8Array.of(97, 98, 99)],
  ["0x-1f", "bigint", -31],
  [String.raw`"\ud83d\ude00"`, "json", "😀"],
  [String.raw`"\\ud83d"`, "json", String.raw`\ud83d`],
  ["18446744073709551616", "json", new Float(2 ** 64)],
] as const)("%j converts to %s", (text, type, value) => {
  expect(coerce(text, "text", type)).toEqual({ outcome: "value", value });
});

test.each([
  ["0x6 1", "binary"],
  [String.raw`["\ud83d"]`, "json"],
  [String.raw`{"\\\uDE00\ud83d":1}`, "json"],
  ["9".repeat(310), "json"],
] as const)("%j does not convert to %s", (text, type) => {
  expect(coerce(text, "text", type)).toEqual({ outcome: "failure" });
});

test("values of another copy of this package count as what they are", () => {
  expect(dataTypeOf({ [valueKind]: "decimal" } as unknown as DataValue)).toBe("decimal");
  expect(dataTypeOf({ [Symbol.for("dlt.value")]: "date" } as unknown as DataValue)).toBe("date");
});

test("numbers near now are unix time for the detector `timestamp`", () => {
  const now = 1_700_000_000;
  const detect = (value: DataValue) => detectType(value, ["timestamp"], BigInt(now) * 1_000_000n);
  const reach = 5 * 31_536_000;
  expect(
    [now - reach, now + reach, now + 0.5, new Float(now), now - reach - 1, now + reach + 1, 0, `${now}`].map(detect),
  ).toEqual(["timestamp", "timestamp", "timestamp", "timestamp", null, null, null, null]);
});

test("the first detector with an opinion decides", () => {
  expect(detectType("2024-01-02", ["iso_timestamp", "iso_date"], 0n)).toBe("date");
  expect(detectType(2n ** 63n, ["large_integer"], 0n)).toBe("wei");
  expect(detectType("2024-01-02", [], 0n)).toBeNull();
});
