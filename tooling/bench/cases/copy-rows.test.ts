import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { copyBatch, copyColumns, copyRowsSeed } from "./copy-rows.js";

test("the same seed gives the same rows; other rows have another seed", () => {
  const hash = createHash("sha256");
  for (const column of copyBatch(1000, 200).columns)
    hash.update(JSON.stringify(column, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)));
  expect({ seed: copyRowsSeed, digest: hash.digest("hex").slice(0, 16) }).toEqual({
    seed: 20260711,
    digest: "ff9fc3b2026cbc47",
  });
});

test("rows have 17 columns of all usual types, an eighth of the values of nullable ones missing", () => {
  expect(copyColumns).toHaveLength(17);
  expect(new Set(copyColumns.map(({ dataType }) => dataType))).toEqual(
    new Set(["bigint", "decimal", "double", "bool", "timestamp", "date", "time", "text", "json"]),
  );
  const { columns, rowCount } = copyBatch(0, 8000);
  for (const [index, { validity }] of columns.entries()) {
    expect(validity === null).toBe(copyColumns[index]?.nullable !== true);
    if (validity === null) continue;
    const present = validity.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    expect(present / rowCount).toBeCloseTo(7 / 8, 1);
  }
});
