import { describe, expect, test } from "vitest";
import { countsOf, type NormalizeOptions, rowsOfText } from "../../test/normalized.js";
import { decodeJson } from "../json/decode.js";
import { encodeJson } from "../json/encode.js";
import { encodeRows } from "../json/encode-rows.js";
import { plainValue } from "../reading/plain-value.js";
import { newSchema } from "../schema/new-schema.js";
import { applyUpdate } from "../schema/update-table.js";

const levels = 100_000;

/** `{"v":…}` with values in each other: as text, and as the object that it is. */
const texts = {
  objects: `{"v":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`,
  lists: `{"v":${"[".repeat(levels)}1${"]".repeat(levels)}}`,
  both: `{"v":${'[{"a":'.repeat(levels / 2)}1${"}]".repeat(levels / 2)}}`,
};

function maxNesting(limit: number): NormalizeOptions {
  return { schema: newSchema("src", { maxTableNesting: limit }) };
}

const jsonColumn: NormalizeOptions = {
  schema: applyUpdate(newSchema("src"), [
    { name: "items", columns: new Map([["v", { name: "v", dataType: "json" }]]) },
  ]),
};

describe.each(["objects", "lists", "both"] as const)(`${levels} levels of %s`, { timeout: 60_000 }, (kind) => {
  const text = texts[kind];
  const value = plainValue(decodeJson(text));

  test("are written as they were read, as objects and as decoded values", () => {
    expect(encodeJson(value)).toBe(text);
    expect(encodeJson(decodeJson(text))).toBe(text);
    expect(new TextDecoder().decode(encodeRows([value]))).toBe(`${text}\n`);
  });

  test.each<[string, NormalizeOptions, number]>([
    ["the usual nesting", {}, { objects: 1, lists: 501, both: 1001 }[kind]],
    ["no limit to nesting", maxNesting(1e9), { objects: 1, lists: 501, both: 1001 }[kind]],
    ["nesting of 5", maxNesting(5), { objects: 1, lists: 4, both: 6 }[kind]],
    ["no nesting", maxNesting(0), 1],
    ["a json column", jsonColumn, 1],
  ])("become tables with %s", (_, options, tables) => {
    const counts = Object.values(countsOf(text, options));
    expect(counts).toHaveLength(tables);
    expect(new Set(counts)).toEqual(new Set([1]));
  });

  test("are the same document in a json column", () => {
    const [row] = rowsOfText(text, jsonColumn).get("items") ?? [];
    expect(`{"v":${row?.["v"]}}`).toBe(text);
  });
});

test("rows that are nested more deeply than the scanner reads are as they are with few levels", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: [nested(depth - 1), depth] });
  const rows = [nested(250), nested(250)];
  const counts = Object.values(countsOf(rows));
  // The innermost list has two elements for each row, like all others.
  expect(counts).toEqual([2, ...Array.from({ length: 250 }, () => 4)]);
});
