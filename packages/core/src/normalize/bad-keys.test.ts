import { describe, expect, test } from "vitest";
import { countsOf, rowsOfObjects, rowsOfText } from "../../test/normalized.js";
import { inherited, inheritedNames } from "../../test/prototypes.js";
import { newSchema } from "../schema/new-schema.js";

/** A row with a value under each key, also under `__proto__`; as an object and as text. */
const bothWays = (text: string): readonly ReturnType<typeof rowsOfText>[] => [
  rowsOfObjects([JSON.parse(text), JSON.parse(text)]),
  rowsOfText(`${text}\n${text}`),
];
const members = (value: string) => `{${inheritedNames.map((name) => `"${name}":${value}`).join(",")}}`;

describe("keys that objects inherit", () => {
  const columns = ["proto", "constructor", "prototype", "to_string", "has_own_property", "value_of", "then"];

  test("are columns like any other", () => {
    const before = inherited();
    for (const tables of bothWays(members("1"))) {
      const row = Object.fromEntries(columns.map((column) => [column, 1n]));
      expect(tables.get("items")).toEqual([row, row]);
    }
    expect(inherited()).toEqual(before);
  });

  test("are parts of columns, and tables", () => {
    const before = inherited();
    for (const tables of bothWays(members('{"polluted":[{"__proto__":1,"constructor":{"prototype":2}}]}'))) {
      const row = { proto: 1n, constructor__prototype: 2n };
      for (const column of columns) expect(tables.get(`items__${column}__polluted`)).toEqual([row, row]);
    }
    expect(inherited()).toEqual(before);
    expect("polluted" in {}).toBe(false);
  });

  test("keep their spelling where the naming convention keeps it", () => {
    const before = inherited();
    const schema = newSchema("src", { names: "direct" });
    const text = members("1");
    for (const tables of [rowsOfObjects([JSON.parse(text)], { schema }), rowsOfText(text, { schema })]) {
      const [row] = tables.get("items") ?? [];
      expect(Object.entries(row ?? {})).toEqual(inheritedNames.map((name) => [name, 1n]));
    }
    const counts = countsOf([JSON.parse('{"__proto__":[1,2],"constructor":[1]}')], { schema });
    expect(Object.entries(counts)).toEqual([
      ["items", 1],
      ["items▶__proto__", 2],
      ["items▶constructor", 1],
    ]);
    expect(inherited()).toEqual(before);
  });
});

describe("other keys", () => {
  test.each<[string, string, unknown]>([
    ["an empty key", '{"":1}', { _empty: 1n }],
    ["several blank keys", '{"":1," ":2,"\\t":3}', { _empty: 3n }],
    ["empty keys within", '{"":{"":1}}', { _empty___empty: 1n }],
    ["half a surrogate pair", '{"\\ud800":1,"b":2}', { x: 1n, b: 2n }],
    ["the character 0", '{"a\\u0000b":1}', { a_b: 1n }],
    ["a byte order mark", '{"\ufeffa":1}', { _a: 1n }],
    ["an escaped key", '{"\\u0061":1}', { a: 1n }],
    ["two spellings of a key", '{"a":1,"\\u0061":2}', { a: 2n }],
    ["keys of one column", '{"userName":1,"user_name":2,"UserName":3}', { user_name: 3n }],
  ])("%s", (_, text, row) => {
    for (const tables of bothWays(text)) expect(tables.get("items")).toEqual([row, row]);
  });

  test("lists under an empty key are a table", () => {
    for (const tables of bothWays('{"":[1]}'))
      expect(tables.get("items___empty")).toEqual([{ value: 1n }, { value: 1n }]);
  });

  test("keys of 10,000 characters are shortened, and those that differ at the end only stay apart", () => {
    const key = "k".repeat(10_000);
    for (const tables of bothWays(JSON.stringify({ [`${key}a`]: 1, [`${key}b`]: 2, [key]: [{ [key]: 3 }] }))) {
      const [row = {}] = tables.get("items") ?? [];
      const names = Object.keys(row);
      expect(Object.values(row)).toEqual([1n, 2n]);
      const tableNames = [...tables.keys()];
      expect(tableNames).toHaveLength(2);
      for (const name of [...names, ...tableNames]) expect(name.length).toBeLessThanOrEqual(63);
    }
  });
});

describe("many keys", { timeout: 60_000 }, () => {
  const numbered = <Value>(count: number, value: (index: number) => Value): Readonly<Record<string, Value>> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, value(index)]));

  test("a row of 100,000 keys", () => {
    const row = numbered(100_000, (index) => index);
    expect(countsOf([row, row])).toEqual({ items: 2 });
  });

  test("a new key with each of 20,000 rows", () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ id: index, [`key${index}`]: index }));
    expect(countsOf(rows)).toEqual({ items: 20_000 });
  });

  test("20,000 keys of one column", () => {
    const row = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`a${"!".repeat((i % 141) + 1)}${"?".repeat(i / 141)}`, i]),
    );
    expect(countsOf([row])).toEqual({ items: 1 });
  });

  test("10,000 nested tables", () => {
    const counts = countsOf([numbered(10_000, (index) => [index])]);
    expect(Object.keys(counts)).toHaveLength(10_001);
  });
});
