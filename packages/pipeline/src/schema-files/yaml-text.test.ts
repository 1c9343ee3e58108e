import { float, type JsonValue } from "@dlt/core";
import { encodeJson } from "@dlt/core/engine";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { formatYaml, parseYaml, YamlProblem } from "./yaml-text.js";

/** Values that can be told apart: maps, big integers, integral doubles. */
const told = (value: JsonValue): string => encodeJson(value, { anyInteger: true });

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom(..."aZ09_-+.:eExonNyYft~<=#&*!|>%@`?,[]{}'\"\\ \t\n\r\u0000\u0085\u2028\ufeff日😀"),
    maxLength: 12,
  }),
  fc.constantFrom(
    "null",
    "yes",
    "2024-01-02",
    "1e3",
    "0x1f",
    "1_000",
    "12:30:45",
    "---",
    "- a",
    "a: b",
    "=",
    "<<",
    ".5",
    "1.",
    "-0",
  ),
);
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.bigInt(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Number.isInteger(value) ? float(value) : value)),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));

test("what is written is read as it was", () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(told(parseYaml(formatYaml(given)))).toBe(told(given));
    }),
    { numRuns: 1000 },
  );
});

test("the style is that of PyYAML", () => {
  const document = new Map<string, JsonValue>([
    ["version", 1],
    [
      "columns",
      new Map<string, JsonValue>([
        ["1", new Map([["data_type", "text"]])],
        ["on", new Map()],
      ]),
    ],
    ["rules", ["re:^id$", "it's", "2024-01-02", "a".repeat(200)]],
    [
      "list",
      [
        new Map<string, JsonValue>([
          ["a", 1],
          ["b", [true, null, float(1), float(1e16)]],
        ]),
        [],
      ],
    ],
    ["text", "two\nlines"],
  ]);
  expect(formatYaml(document)).toBe(`version: 1
columns:
  '1':
    data_type: text
  'on': {}
rules:
- re:^id$
- it's
- '2024-01-02'
- ${"a".repeat(200)}
list:
- a: 1
  b:
  - true
  - null
  - 1.0
  - 1.0e+16
- []
text: "two\\nlines"
`);
});

describe("plain scalars", () => {
  it.each<[text: string, value: JsonValue]>([
    ["~", null],
    ["", null],
    ["Yes", true],
    ["off", false],
    ["y", "y"],
    ["0o7", "0o7"],
    ["010", 8],
    ["+0x1F", 31],
    ["-0b11", -3],
    ["1_000", 1000],
    ["1:30", 90],
    ["9007199254740993", 9007199254740993n],
    ["1e3", "1e3"],
    ["1.5e+3", float(1500)],
    ["1.", float(1)],
    [".5", 0.5],
    ["-1:30.5", -90.5],
    ["-.inf", float(-Infinity)],
    [".NaN", float(Number.NaN)],
    ["2024-01-02", "2024-01-02"],
    ["2024-01-02 03:04:05+00:00", "2024-01-02T03:04:05Z"],
    ["2024-1-2t3:04:05.5", "2024-01-02T03:04:05.500000"],
    ["2024-01-02 03:04:05.1234567 -2", "2024-01-02T03:04:05.123456-02:00"],
    ["'2024-01-02'", "2024-01-02"],
    ['"a\\n\\\n  b"', "a\nb"],
  ])("reads %j", (text, value) => {
    expect(told(parseYaml(`key: ${text}`))).toBe(told(new Map([["key", value]])));
  });

  it.each([
    ["2024-13-01", 6],
    ["2024-02-30 00:00:00", 6],
    ["<<", 6],
    ["!!python/object/apply:datetime.date [1]", 6],
  ])("refuses %j", (text, column) => {
    expect(() => parseYaml(`a: 1\nkey: ${text}`)).toThrow(new RegExp(`^line 2, column ${column}: `));
  });
});

describe("documents", () => {
  it("may repeat a part by its anchor, as PyYAML writes lists that are used twice", () => {
    const read = parseYaml("a: &id001\n- x\nb: *id001\n");
    expect(told(read)).toBe('{"a":["x"],"b":["x"]}');
  });

  it.each([
    ["a: 1\na: 2", 'line 2, column 1: The key "a" stands here twice'],
    ["on: 1", "line 1, column 1: A key is not a text; put it in quotes"],
    ["a: [1", "line 1, column 6"],
    ["a: 1\n---\nb: 2", "line 2, column 1"],
    ["a: *b", "line 1, column 4: There is no `&b` before"],
    ["a: &a [*a]", "line 1, column 8: There is no `&a` before"],
    ["a:\n\tb: 1", "line 2, column 1"],
  ])("refuse %j", (text, message) => {
    expect(() => parseYaml(text)).toThrow(YamlProblem);
    expect(() => parseYaml(text)).toThrow(message);
  });

  it("cannot grow without a bound", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
    expect(() => parseYaml(`a0: &a0 [x]\n${lines.join("\n")}`)).toThrow("Too much is repeated by anchors");
  });

  it("of many keys are read in linear time", { timeout: 30_000 }, () => {
    const columns = new Map(
      Array.from({ length: 50_000 }, (_, index) => [`column_${index}`, new Map([["data_type", "text"]])]),
    );
    const read = parseYaml(formatYaml(columns)) as ReadonlyMap<string, JsonValue>;
    expect(read.size).toBe(50_000);
  });
});

test("what is nested thousands of levels deep is refused", () => {
  expect(() => parseYaml(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toThrow(YamlProblem);
});
