import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { wide, wideRows, wideSeed } from "./wide.js";

const rows = [...wideRows(300, 200)];

test("the same seed gives the same rows; other rows have another seed", () => {
  const digest = createHash("sha256").update(JSON.stringify(rows)).digest("hex").slice(0, 16);
  expect({ seed: wideSeed, digest }).toEqual({ seed: 20260402, digest: "a15265b368297add" });
});

test("a fifth of the rows lacks keys, a tenth has them in another order, 5 % of the values are null", () => {
  const sorted = Object.keys(rows.find((row) => Object.keys(row).length === 200) ?? {}).toSorted(byNumber);
  const full = rows.filter((row) => Object.keys(row).length === 200);
  expect(1 - full.length / rows.length).toBeCloseTo(0.2, 1);
  expect(full.filter((row) => Object.keys(row).join() !== sorted.join()).length / rows.length).toBeCloseTo(0.1, 1);
  const values = rows.flatMap((row) => Object.values(row));
  expect(values.filter((value) => value === null).length / values.length).toBeCloseTo(0.05, 2);
  expect(new Set(values.map((value) => typeof value))).toEqual(new Set(["number", "string", "boolean", "object"]));
});

test("rows of 100 columns have as many values and bytes as those of 1,000", () => {
  const [narrow] = wide.beside;
  const bytes = (all: Iterable<unknown>) => [...all].reduce<number>((sum, row) => sum + JSON.stringify(row).length, 0);
  const ratio = bytes(narrow?.dataset(100).rows() ?? []) / bytes(wide.dataset(100).rows());
  expect(ratio).toBeCloseTo(1, 1);
  expect(narrow?.dataset(100).rowCount).toBe(1000);
});

function byNumber(one: string, other: string): number {
  return Number(one.slice(-4)) - Number(other.slice(-4));
}
