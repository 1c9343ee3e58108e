import { expect, test } from "vitest";
import type { JsonText } from "../contract/batch.js";
import { rememberText, unchangedText } from "./page-text.js";
import { parseJson } from "./parse-json.js";

const source = '[{"a": 1.0, "b": [1, {"c": 9007199254740993}], "__proto__": 2}, 5, null]';
const text: JsonText = { jsonText: new TextEncoder().encode(source), framing: "array" };
const page = (): Record<string, unknown>[] => rememberText(parseJson(source) as Record<string, unknown>[], () => text);

test("a page gives its text as long as its rows are what the text says", () => {
  expect(unchangedText(page())).toBe(text);
  const equal = page();
  equal[0] = { ...equal[0], b: [1, { c: 9007199254740993n }] };
  expect(unchangedText(equal)).toBe(text);
  expect(unchangedText([1, 2])).toBeNull();
  expect(unchangedText(rememberText([1], () => null))).toBeNull();
});

type Row = Record<string, unknown>;
test.each<[string, (rows: Row[], first: Row) => unknown]>([
  ["a row that is gone", (rows) => rows.pop()],
  ["another row", (rows) => rows.push({})],
  ["the order", (rows) => rows.reverse()],
  ["a value", (_, first) => Object.assign(first, { a: 2 })],
  ["a value deep within", (_, first) => (first["b"] as unknown[]).push(1)],
  ["another kind", (_, first) => Object.assign(first, { a: "1" })],
  ["a new field", (_, first) => Object.assign(first, { z: undefined })],
  ["a field that is gone", (_, first) => delete first["a"]],
  ["a renamed field", (_, first) => Object.assign(first, { z: 1 }) && delete first["a"]],
  ["an object of a class", (_, first) => Object.assign(first, { b: new Date(0) })],
  ["an object in place of a list", (_, first) => Object.assign(first, { b: { 0: 1 } })],
])("changed: %s", (_, change) => {
  const rows = page();
  change(rows, rows[0] as Row);
  expect(unchangedText(rows)).toBeNull();
});

test("the text is no property that anybody would meet", () => {
  expect(Object.keys(page())).toEqual(["0", "1", "2"]);
  expect(JSON.stringify(rememberText([1], () => text))).toBe("[1]");
});

test("very deep rows count as changed", () => {
  const deep = `${"[".repeat(1000)}${"]".repeat(1000)}`;
  const own: JsonText = { jsonText: new TextEncoder().encode(deep), framing: "array" };
  expect(unchangedText(rememberText(JSON.parse(deep) as unknown[], () => own))).toBeNull();
});
