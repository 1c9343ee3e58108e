import fc from "fast-check";
import { expect, test } from "vitest";
import { Decimal } from "../values/decimal.js";
import { float } from "../values/float.js";
import { encodeJson } from "./encode.js";
import { encodePage, encodeRows } from "./encode-rows.js";

const lines = (rows: readonly unknown[]) => new TextDecoder().decode(encodeRows(rows)).split("\n").slice(0, -1);
const line = (row: unknown) => lines([row])[0];

test("plain rows are written as JSON.stringify writes them", () => {
  const rows = [
    { a: 1, b: "ż\n", c: null, d: [1.5, true, undefined], e: undefined, f: { g: Number.NaN } },
    5,
    "x",
    [1],
    null,
  ];
  expect(lines(rows)).toEqual(rows.map((row) => JSON.stringify(row)));
  expect(encodeRows([])).toEqual(new Uint8Array());
});

test("rows are the same whether or not another row needs more than JSON", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (rows) => {
      const apart = lines(rows).map((text) => JSON.parse(text));
      expect(
        lines([...rows, 1n])
          .slice(0, -1)
          .map((text) => JSON.parse(text)),
      ).toEqual(apart);
    }),
  );
});

test("numbers: integral ones are integers up to 2^53 - 1 and doubles beyond", () => {
  expect(line({ a: 1, b: 2 ** 53 })).toBe('{"a":1,"b":9007199254740992.0}');
  expect(line([1e20, 1e21, 2n ** 63n, float(2), Number.POSITIVE_INFINITY])).toBe(
    "[1e+20,1e+21,9223372036854775808,2.0,null]",
  );
});

class Quantity {
  readonly unit = "kg";
}

test.each<[string, readonly unknown[], "text" | "objects"]>([
  ["bigint alone", [{ a: 1n, b: [{ c: 2n ** 60n }], d: 1.5, e: "x" }, { a: null }], "text"],
  [
    "bigint in maps, beside typed values",
    [new Map([["a", 1n]]), { a: float(1), b: new Date(0), c: new Decimal("1") }],
    "text",
  ],
  ["a number among them", [{ a: 1n }, { b: [[2]] }], "objects"],
  ["a number beside a bigint", [{ a: [1n, { b: 2 }] }], "objects"],
  ["no integers", [{ a: 1.5, b: "x", c: 1e20 }], "objects"],
  ["an object of a class", [{ a: 1n, b: new Quantity() }], "objects"],
])("integers are exact if all are bigint: %s", (_, rows, numbers) => {
  expect(encodePage(rows).numbers).toBe(numbers);
});

class Money {
  readonly amount = 5;
  readonly #secret = 1;
  get secret() {
    return this.#secret;
  }
}
class Point {
  toJSON() {
    return { x: 1, at: new Date(0) };
  }
}
class Itself {
  readonly a = 1;
  toJSON() {
    return this;
  }
}
/** An object with the methods of its class, as libraries make them. */
const instance = (members: object) => Object.create(Object.create({}, Object.getOwnPropertyDescriptors(members)));
const temporal = (tag: string, text: string) => instance({ [Symbol.toStringTag]: tag, toString: () => text });
const decimal = (text: string) =>
  Object.assign(instance({ toFixed: () => "", toString: () => text }), { s: 1, e: 0, c: [1, 5] });

test.each([
  [new Date(Date.UTC(2024, 0, 2, 3, 4, 5, 678)), '"\uf0272024-01-02T03:04:05.678000+00:00"'],
  [new Date(Number.NaN), "null"],
  [new Decimal("1.10"), '"\uf0261.10"'],
  [Uint8Array.of(0, 255), '"\uf02bAP8="'],
  [Uint8Array.of(0, 255).buffer, '"\uf02bAP8="'],
  [new DataView(Uint8Array.of(1, 0, 255).buffer, 1), '"\uf02bAP8="'],
  [Int16Array.of(1, -1), "[1,-1]"],
  [
    new Map<unknown, unknown>([
      ["b", 1],
      [1, 2],
      [null, 3],
      [1.5, undefined],
      ["a", new Set([1])],
    ]),
    '{"b":1,"1":2,"null":3,"a":[1]}',
  ],
  [new Money(), '{"amount":5}'],
  [new Point(), '{"x":1,"at":"\uf0271970-01-01T00:00:00+00:00"}'],
  [new Itself(), '{"a":1}'],
  [new URL("http://a.test/b"), '"http://a.test/b"'],
  [Object.create(null, { a: { value: 1n, enumerable: true } }), '{"a":1}'],
  [[new Number(1), new String("a"), new Boolean(false)], '[1,"a",false]'],
  [temporal("Temporal.Instant", "2024-01-02T03:04:05.123456789Z"), '"\uf0272024-01-02T03:04:05.123456+00:00"'],
  [temporal("Temporal.ZonedDateTime", "2024-01-02T03:04:05+01:00[Europe/Paris]"), '"\uf0272024-01-02T03:04:05+01:00"'],
  [temporal("Temporal.PlainDateTime", "2024-01-02T03:04:05"), '"\uf0272024-01-02T03:04:05"'],
  [temporal("Temporal.PlainDate", "2024-01-02[u-ca=japanese]"), '"\uf0282024-01-02"'],
  [temporal("Temporal.PlainTime", "03:04:05.5"), '"\uf02d03:04:05.500000"'],
  [decimal("1.5"), '"\uf0261.5"'],
  [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
  [undefined, "null"],
  ["a\ud83d", '"a\ufffd"'],
])("%o becomes %s", (value, text) => {
  expect(line(value)).toBe(text);
  expect(lines([1n, value])[1]).toBe(text);
});

const cycle: { a: unknown[] } = { a: [] };
cycle.a.push({ b: cycle });

test.each([
  [{ a: { f: () => 1 } }, "`a.f` of row 8 is a function, which no column can hold."],
  [[1, Symbol("s")], "`[1]` of row 8 is a symbol, which no column can hold."],
  [
    { "a b": [{ c: -(2n ** 63n) - 1n }] },
    "`a b[0].c` of row 8 is an integer beyond 64 bits, which no column can hold.",
  ],
  [Promise.resolve(1), "Row 8 is a promise that was not awaited, which no column can hold."],
  [{ at: new Date(8.64e15) }, "`at` of row 8 is a date outside of the years 1 to 9999, which no column can hold."],
  [
    temporal("Temporal.PlainDate", "+012024-01-02"),
    "Row 8 is a date outside of the years 1 to 9999, which no column can hold.",
  ],
  [new Map([[{}, 1]]), "Row 8 is a map with a key that has no text, which no column can hold."],
])("%o is refused", (value, message) => {
  expect(() => encodeRows([{}, value], { firstRow: 6 })).toThrow(message);
  expect(() => encodeRows([{}, value], { firstRow: 6 })).toThrow(
    expect.objectContaining({ code: "SOURCE_ROW_INVALID" }),
  );
});

test("cycles are refused with the row", () => {
  expect(() => encodeRows([cycle])).toThrow(/of row 1 is part of itself/);
});

test("a value encodes as one row as it does alone", () => {
  expect(line(new Map([["a", new Decimal("1")]]))).toBe(
    encodeJson(new Map([["a", new Decimal("1")]]), { typed: true }),
  );
});

test("rows are encoded until there are as many bytes as asked for", () => {
  const rows = ["a", "b", "c", "d"];
  expect(encodePage(rows, { maxBytes: 5 })).toMatchObject({
    rowCount: 2,
    bytes: new TextEncoder().encode('"a"\n"b"\n'),
  });
  expect(encodePage(rows.slice(2), { maxBytes: 1 }).rowCount).toBe(1);
  expect(encodePage(rows).rowCount).toBe(4);
  expect(encodePage([], { maxBytes: 5 })).toMatchObject({ rowCount: 0, bytes: new Uint8Array() });
});

test("rows may together be longer than a text can be", { timeout: 60_000 }, () => {
  const text = "x".repeat(30_000_000);
  const { bytes, rowCount } = encodePage(Array.from({ length: 20 }, () => text));
  expect([bytes.length, rowCount]).toEqual([20 * (text.length + 3), 20]);
});
