import fc from "fast-check";
import { expect, test } from "vitest";
import { Float } from "../values/float.js";
import { decodeJson, decodeJsonAt } from "./decode.js";
import type { JsonValue } from "./value.js";

const bytes = (text: string) => new TextEncoder().encode(text);

/** As `JSON.parse` has it. */
function plain(value: JsonValue): unknown {
  if (value instanceof Float) return value.value;
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(plain);
  if (value instanceof Map)
    return Object.fromEntries([...(value as ReadonlyMap<string, JsonValue>)].map(([k, v]) => [k, plain(v)]));
  return value;
}

const error = (text: string | Uint8Array) => {
  try {
    decodeJson(text);
  } catch (thrown) {
    const { code, context } = thrown as { code: string; context: Record<string, unknown> };
    return [code, context["offset"], context["line"]];
  }
  return "decoded";
};

test("agrees with JSON.parse on any JSON, indented or not", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const expected = JSON.parse(text);
      expect(plain(decodeJson(text))).toEqual(expected);
      expect(plain(decodeJson(bytes(text)))).toEqual(expected);
    }),
  );
});

test("keeps numbers apart by how they are written", () => {
  expect(decodeJson("[1, -0, 1.5, 1e-7, 9007199254740991, -9007199254740991]")).toEqual([
    1, 0, 1.5, 1e-7, 9007199254740991, -9007199254740991,
  ]);
  expect(decodeJson("[1.0, -0.0, 1e3, 1E+2, 10.0e-1]")).toEqual([1, -0, 1000, 100, 1].map((value) => new Float(value)));
  expect(decodeJson("[9007199254740992, -9007199254740993, 123456789012345678901234567890]")).toEqual([
    9007199254740992n,
    -9007199254740993n,
    123456789012345678901234567890n,
  ]);
});

test("keeps the order of keys and takes the last of equal ones", () => {
  expect([...(decodeJson('{"b":1,"10":2,"9":3,"__proto__":4,"b":5}') as ReadonlyMap<string, JsonValue>)]).toEqual([
    ["b", 5],
    ["10", 2],
    ["9", 3],
    ["__proto__", 4],
  ]);
});

test("decodes escapes; half a surrogate pair becomes U+FFFD", () => {
  expect(decodeJson('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00 \u2028\u007f"')).toBe(
    '"\\/\b\f\n\r\té😀 \u2028\u007f',
  );
  expect(decodeJson('"a\\ud83d b\\ude00"')).toBe("a\ufffd b\ufffd");
});

test("decodes a part of a buffer", () => {
  expect(decodeJsonAt(bytes('xx{"a":"ż"}yy'), 2, 12)).toEqual(new Map([["a", "ż"]]));
});

test("depth does not matter", () => {
  const depth = 100_000;
  let value = decodeJson(`${"[".repeat(depth)}${"]".repeat(depth)}`);
  let levels = 0;
  for (; Array.isArray(value); value = (value as readonly JsonValue[])[0] ?? null) levels++;
  expect(levels).toBe(depth);
  expect(decodeJson(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`)).toBeInstanceOf(Map);
});

test.each([
  ["", 0],
  [" ", 1],
  ["nul", 0],
  ["[1,]", 3],
  ["[1", 2],
  ["[1 2]", 3],
  ["{", 1],
  ['{"a"}', 4],
  ['{"a":}', 5],
  ["{a:1}", 1],
  ['{"a":1,}', 7],
  ['"a', 2],
  ['"a\nb"', 2],
  ['"\\x"', 1],
  ['"\\u12g4"', 1],
  ["01", 1],
  ["-", 1],
  ["1.", 2],
  [".5", 0],
  ["1e", 2],
  ["+1", 0],
  ["1e400", 0],
  ["NaN", 0],
  ["Infinity", 0],
  ["[1]]", 3],
  ["1 1", 2],
  ["\ufeff1", 0],
  ["'a'", 0],
  ["{'a':1}", 1],
  ["[}", 1],
  ['["żółć" x]', 12],
])("%j is refused at byte %i", (text, offset) => {
  expect(error(text)).toEqual(["JSON_TEXT_INVALID", offset, 1 + (text.slice(0, offset).match(/\n/g)?.length ?? 0)]);
  expect(error(bytes(text))).toEqual(error(text));
});

test("errors tell the line", () => {
  expect(error('{\n"a": 1,\n"b": x\n}')).toEqual(["JSON_TEXT_INVALID", 15, 3]);
});

test("errors show nothing of the text", () => {
  expect(() => decodeJson('{"secret": hunter2}')).toThrow(
    "A JSON text is not valid: a value was expected at byte 11, line 1.",
  );
});

test("bytes that are not UTF-8 are refused where they begin to be wrong", () => {
  const broken = (...after: number[]) => Uint8Array.of(...bytes('["ż\n'), ...after);
  expect(error(broken(0xff, 0x22, 0x5d))).toEqual(["JSON_TEXT_INVALID", 5, 2]);
  expect(error(broken(0xc5))).toEqual(["JSON_TEXT_INVALID", 5, 2]);
  expect(error(broken(0xed, 0xa0, 0x80))).toEqual(["JSON_TEXT_INVALID", 5, 2]);
});
