import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { deep, deepDocuments, deepSeed } from "./deep.js";

test("the same seed gives the same documents; other documents have another seed", () => {
  const digest = createHash("sha256")
    .update(JSON.stringify([...deepDocuments(100, 20)]))
    .digest("hex")
    .slice(0, 16);
  expect({ seed: deepSeed, digest }).toEqual({ seed: 20260403, digest: "2d64dc0f029f018e" });
});

test.each([5, 20])("documents of %i levels have that many objects and lists in turn, and 242 values", (levels) => {
  for (const document of deepDocuments(20, levels)) {
    expect(levelsBelow(document)).toBe(levels);
    expect(valueCount(document)).toBe(242);
  }
});

test("each list has a table, below that of the list it is in", () => {
  expect(Object.entries(deep.beside[0]?.dataset(1).tables ?? {})).toEqual([
    ["deep", null],
    ["deep__items", "deep"],
    ["deep__items__part__items", "deep__items"],
    ["deep__items__part__items__part__items", "deep__items__part__items"],
  ]);
  expect(Object.keys(deep.dataset(1).tables)).toHaveLength(11);
});

/** Lists below keys, and objects below keys. */
function levelsBelow(object: object): number {
  const levels = Object.values(object).map((value: unknown) => {
    if (Array.isArray(value)) return 1 + Math.max(...value.map(levelsBelow));
    return typeof value === "object" && value !== null ? 1 + levelsBelow(value) : 0;
  });
  return Math.max(0, ...levels);
}

function valueCount(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, child) => sum + valueCount(child), 0);
}
