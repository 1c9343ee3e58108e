import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowsOfObjects, rowsOfText } from "../../test/normalized.js";
import { inherited } from "../../test/prototypes.js";
import { isDltError } from "../errors/index.js";

/** The one root row that comes of a row; and that its second copy, which goes another way, comes out the same. */
function objectRow(value: unknown): unknown {
  const items = rowsOfObjects([value, value]).get("items");
  expect(items?.[1]).toEqual(items?.[0]);
  return items?.[0];
}

function textRow(text: string): unknown {
  const items = rowsOfText(`${text}\n${text}`).get("items");
  expect(items?.[1]).toEqual(items?.[0]);
  return items?.[0];
}

function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (!isDltError(error)) throw error;
    return `${error.code} ${error.message}`;
  }
  return "no error";
}

/** What an action gives; `null` when it throws an error of the library. */
function rowsOrError<Result>(action: () => Result): Result | null {
  try {
    return action();
  } catch (error) {
    if (isDltError(error)) return null;
    throw error;
  }
}

describe("values of objects", { timeout: 30_000 }, () => {
  test.each<[string, unknown, unknown]>([
    ["undefined", { a: undefined, b: 1 }, { b: 1n }],
    [
      "NaN and infinities",
      { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY, d: 1 },
      { d: 1n },
    ],
    ["a number box of NaN", { a: new Number(Number.NaN), b: 1 }, { b: 1n }],
    ["a date that is none", { a: new Date(Number.NaN), b: 1 }, { b: 1n }],
    ["the first date", { a: new Date("0001-01-01T00:00:00Z") }, { a: -62_135_596_800_000_000n }],
    ["the last date", { a: new Date("9999-12-31T23:59:59.999Z") }, { a: 253_402_300_799_999_000n }],
    ["a date of a class of its own", { a: new (class extends Date {})(0) }, { a: 0n }],
    ["half a surrogate pair", { a: "x\ud800y" }, { a: "x\ufffdy" }],
    ["the character 0", { a: "x\0y" }, { a: "x\0y" }],
    ["a byte order mark", { a: "\ufeffx" }, { a: "\ufeffx" }],
    ["symbols as keys", { [Symbol("k")]: 1, a: 2 }, { a: 2n }],
    [
      "boxes",
      { a: new Number(1), b: new String("x"), c: new Boolean(false), d: Object(5n) },
      { a: 1n, b: "x", c: false, d: 5n },
    ],
    ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1n }],
    ["a proxy", new Proxy({ a: 1 }, {}), { a: 1n }],
    ["keys that are integers", { 2: "a", 1: "b" }, { _1: "b", _2: "a" }],
    ["an object that two keys share", (({ x }) => ({ a: x, b: x }))({ x: { y: 1 } }), { a__y: 1n, b__y: 1n }],
    ["bytes", { a: new Uint8Array([1]), b: new Uint8Array([2]).buffer }, { a: Uint8Array.of(1), b: Uint8Array.of(2) }],
    ["what toJSON makes undefined", { a: { toJSON: () => undefined }, b: 1 }, { b: 1n }],
    ["the largest integer of 64 bits without sign", { a: 2n ** 64n - 1n }, { a: 2n ** 64n - 1n }],
    ["an empty object of a class", { a: new (class Empty {})(), b: 1 }, { b: 1n }],
  ])("%s", (_, value, row) => {
    expect(objectRow(value)).toEqual(row);
  });

  test("holes in a list are nulls", () => {
    const list = [1, 2, 3];
    delete list[1];
    expect(rowsOfObjects([{ l: list }]).get("items__l")).toEqual([{ value: 1n }, {}, { value: 3n }]);
  });

  const cycle: Record<string, unknown> = { a: [{}] };
  cycle["a"] = [{ b: cycle }];
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const endless: ProxyHandler<object> = {
    ownKeys: () => ["a"],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: new Proxy({}, endless) }),
    get: () => new Proxy({}, endless),
  };

  test.each<[string, unknown, string]>([
    ["a cycle", cycle, "`a[0].b` of row 1 is part of itself"],
    ["a function", { a: { f: () => 1 } }, "`a.f` of row 1 is a function"],
    ["a symbol", { a: [Symbol("s")] }, "`a[0]` of row 1 is a symbol"],
    ["a box of a symbol", { a: Object(Symbol("s")) }, "`a` of row 1 is a symbol"],
    ["an integer beyond 64 bits", { a: 2n ** 64n }, "`a` of row 1 is an integer beyond 64 bits"],
    [
      "a year before 1",
      { a: new Date("0000-12-31T00:00:00Z") },
      "`a` of row 1 is a date outside of the years 1 to 9999",
    ],
    [
      "a year after 9999",
      { a: new Date("+010000-01-01T00:00:00Z") },
      "`a` of row 1 is a date outside of the years 1 to 9999",
    ],
    ["the last date of JavaScript", { a: new Date(8.64e15) }, "`a` of row 1 is a date outside of the years 1 to 9999"],
    ["a promise", { a: Promise.resolve(1) }, "`a` of row 1 is a promise that was not awaited"],
    ["an error", { a: new Error("hunter2") }, "`a` of row 1 is an error"],
    ["a regular expression", { a: /hunter2/ }, "`a` of row 1 is a value of the kind RegExp"],
    ["a weak map", { a: new WeakMap() }, "`a` of row 1 is a value of the kind WeakMap"],
    [
      "search parameters",
      { a: new URLSearchParams("b=hunter2") },
      "`a` of row 1 is a value of the kind URLSearchParams",
    ],
    ["a map with an object as key", new Map([[{}, 1]]), "Row 1 is a map with a key that has no text"],
    [
      "a getter that throws",
      {
        a: {
          b: 1,
          get c() {
            throw new Error("hunter2");
          },
        },
      },
      "`a.c` of row 1 is a value that throws an error when it is read",
    ],
    [
      "toJSON that throws",
      {
        a: {
          toJSON: () => {
            throw new Error("hunter2");
          },
        },
      },
      "`a` of row 1 is a value that throws an error when it is read",
    ],
    [
      "a proxy that throws",
      {
        a: new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error("hunter2");
            },
          },
        ),
      },
      "`a` of row 1 is a value that throws an error when it is read",
    ],
    ["a revoked proxy", { a: revoked.proxy }, "`a` of row 1 is a value that throws an error when it is read"],
    ["a proxy without end", { a: new Proxy({}, endless) }, "of row 1 is nested more than 200,000 levels deep"],
    [
      "a list of four thousand million holes",
      { a: Object.assign([], { length: 2 ** 32 - 1 }) },
      "`a` of row 1 is a list of more elements than a text can hold",
    ],
  ])("%s is refused", (_, value, message) => {
    const error = errorOf(() => rowsOfObjects([value]));
    expect(error).toContain(message);
    expect(error).toMatch(/^SOURCE_ROW_INVALID /);
    expect(error).not.toContain("hunter2");
    expect(error.length).toBeLessThan(400);
  });
});

describe("values of JSON text", () => {
  test.each<[string, string, unknown]>([
    ["half a surrogate pair", '{"a":"x\\ud800y"}', { a: "x\ufffdy" }],
    ["halves in the wrong order", '{"a":"\\udc00\\ud800"}', { a: "\ufffd\ufffd" }],
    ["the character 0", '{"a":"x\\u0000y"}', { a: "x\0y" }],
    ["a byte order mark in a text", '{"a":"\ufeffx"}', { a: "\ufeffx" }],
    ["a key twice", '{"a":1,"b":2,"a":3}', { a: 3n, b: 2n }],
    ["a key twice, first with an object", '{"a":{"x":1},"a":2}', { a: 2n }],
    ["a key twice, first with a list", '{"a":[1],"a":2}', { a: 2n }],
    [
      "integers of 64 bits",
      '{"a":9223372036854775807,"b":-9223372036854775808}',
      { a: 2n ** 63n - 1n, b: -(2n ** 63n) },
    ],
    ["an integer beyond 64 bits", '{"a":123456789012345678901234567890}', { a: 123456789012345678901234567890n }],
    ["a number too small for a double", '{"a":1e-400}', { a: 0 }],
    ["the year 0", '{"a":"0000-01-01T00:00:00Z"}', { a: "0000-01-01T00:00:00Z" }],
    ["the year 10000", '{"a":"+010000-01-01T00:00:00Z"}', { a: "+010000-01-01T00:00:00Z" }],
    ["year 10000 in UTC", '{"a":"9999-12-31T23:59:59-10:00"}', { a: "9999-12-31T23:59:59-10:00" }],
    ["year 0 in UTC", '{"a":"0001-01-01T00:00:00+10:00"}', { a: "0001-01-01T00:00:00+10:00" }],
    ["a mark of a type before what is none", '{"a":"\uf027nonsense"}', { a: "\uf027nonsense" }],
    ["a decimal of a thousand million digits", '{"a":"\uf0261E+1000000000"}', { a: "1E+1000000000" }],
  ])("%s", (_, text, row) => {
    expect(textRow(text)).toEqual(row);
  });

  test("a date-time that a timestamp column cannot hold goes to a text column", () => {
    const text = '{"a":"2024-01-01T00:00:00Z"}\n{"a":"9999-12-31T23:59:59-10:00"}\n{"a":"0000-01-01T00:00:00Z"}';
    expect(rowsOfText(text).get("items")).toEqual([
      { a: 1_704_067_200_000_000n },
      { a__v_text: "9999-12-31T23:59:59-10:00" },
      { a__v_text: "0000-01-01T00:00:00Z" },
    ]);
  });

  test.each([
    "NaN",
    "Infinity",
    "-Infinity",
    "undefined",
    "1e400",
    "01",
    "+1",
    "0x1",
    "'x'",
    '"x\ny"',
    '"x\0y"',
    '"x',
    "[1",
    "[1}",
    "1,",
    "hunter2",
  ])("%j is refused", (value) => {
    for (const before of ["", '{"a":1}\n', '{"a":"x"}\n', '{"a":1.5}\n']) {
      const error = errorOf(() => rowsOfText(`${before}{"a":${value}}`));
      expect(error).toMatch(/^ROW_TEXT_INVALID Row [01] for table `items` is not valid JSON/);
      expect(error).not.toContain("hunter2");
    }
  });

  test.each<[string, readonly number[]]>([
    ["a byte that begins nothing", [0xff]],
    ["an overlong form", [0xc0, 0x80]],
    ["an encoded surrogate", [0xed, 0xa0, 0x80]],
    ["a cut character", [0xe2, 0x82]],
  ])("text that is not UTF-8 is refused: %s", (_, bytes) => {
    const encode = (text: string) => new TextEncoder().encode(text);
    for (const before of ["", '{"a":"x"}\n']) {
      for (const [head, tail] of [
        ['{"a":"', '"}'],
        ['{"', '":1}'],
      ] as const) {
        const text = Uint8Array.of(...encode(before + head), ...bytes, ...encode(tail));
        expect(errorOf(() => rowsOfText(text))).toMatch(/^ROW_TEXT_INVALID/);
      }
    }
  });

  test.each(["", "{}", '[{"a":1}', '[{"a":1},', '[{"a":1},]', '[{"a":1}] x', '[{"a":1}]]', '[{"a":1} {"a":2}]', "[,]"])(
    "%j is not one array of rows",
    (text) => {
      expect(errorOf(() => rowsOfText(text, { framing: "array" }))).toMatch(/^ROW_TEXT_INVALID/);
    },
  );
});

describe("anything at all", () => {
  const options = {
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  } as const;

  test("gives rows or an error of the library, and leaves what objects inherit alone", () => {
    const before = inherited();
    fc.assert(
      fc.property(fc.array(fc.anything({ ...options, maxDepth: 4 }), { maxLength: 5 }), (rows) => {
        const given = rowsOrError(() => rowsOfObjects(rows));
        if (given !== null) expect(given.get("items")?.length ?? 0).toBe(rows.length);
      }),
    );
    expect(inherited()).toEqual(before);
  });

  test("as bytes of text gives rows or an error of the library", () => {
    const piece = fc.constantFrom(
      '{"a":',
      "[",
      "]",
      "}",
      ",",
      '"',
      "\\",
      "1",
      "e9",
      ".",
      "-",
      " ",
      "\n",
      "null",
      "tru",
      "é",
      '{"__proto__":',
      "\\ud800",
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.array(piece, { maxLength: 12 }).map((pieces) => new TextEncoder().encode(pieces.join(""))),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom("lines" as const, "array" as const), (text, framing) => {
        rowsOrError(() => rowsOfText(text, { framing }));
      }),
    );
  });
});
