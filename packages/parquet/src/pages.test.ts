import type { Column, FileColumn } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { bitsOf, columnOf } from "../test/columns.js";
import { ByteBuffer } from "./byte-buffer.js";
import { chunkContent } from "./chunk-content.js";
import { type Page, pagesOf } from "./pages.js";
import { physicalType } from "./physical-type.js";

const megabyte = 1 << 20;

function pages(column: Column, rowCount: number, nullable = true): readonly Page[] {
  const fileColumn: FileColumn = { ...column.type, name: column.name, nullable };
  const content = chunkContent(
    { column, rowCount, place: { table: "t", column: fileColumn } },
    physicalType(fileColumn),
  );
  return pagesOf(content, nullable);
}

/** Bytes that each page says it takes; fails if it takes others. */
function checkedLengths(planned: readonly Page[]): readonly number[] {
  return planned.map(({ length, write }) => {
    const out = new ByteBuffer(0);
    out.reserve(length);
    write(out);
    expect(out.length).toBe(length);
    return length;
  });
}

const count = 300_000;
const everyThird = bitsOf(Array.from({ length: count }, (_, row) => row % 3 === 0));
const bigints = columnOf(
  "x",
  { dataType: "bigint" },
  Array.from({ length: count }, (_, row) => BigInt(row)),
);
const decimals = columnOf(
  "x",
  { dataType: "decimal" },
  Array.from({ length: count }, (_, row) => BigInt(row)),
);
const bools = columnOf(
  "x",
  { dataType: "bool" },
  Array.from({ length: count }, (_, row) => row % 5 === 0),
);
const texts = columnOf(
  "x",
  { dataType: "text" },
  Array.from({ length: count }, (_, row) => `value ${row}`),
);
const repeated = columnOf(
  "x",
  { dataType: "text" },
  Array.from({ length: count }, (_, row) => `value ${row % 9}`),
);

describe("pages are about a megabyte at most and as long as they say", () => {
  test.each([
    ["bigint", bigints, 3],
    ["decimal", decimals, 5],
    ["bool", bools, 1],
    ["text", texts, 5],
  ])("%s", (_name, column, expectedPages) => {
    const lengths = checkedLengths(pages(column, count));
    expect(lengths.length).toBe(expectedPages);
    expect(Math.max(...lengths)).toBeLessThan(megabyte + 100);
  });

  test("with values missing", () => {
    for (const column of [bigints, decimals, bools, texts, repeated]) {
      const lengths = checkedLengths(pages({ ...column, validity: everyThird }, count));
      // Beside the values a page has a bit for each row.
      expect(Math.max(...lengths)).toBeLessThan(megabyte + count / 8 + 100);
    }
  });

  test("without definition levels when the column is not nullable", () => {
    const nullable = checkedLengths(pages(bigints, count));
    const required = checkedLengths(pages(bigints, count, false));
    expect(required.length).toBe(nullable.length);
    expect(required.reduce((sum, length) => sum + length)).toBe(count * 8);
  });
});

test("a value of several megabytes has a page of its own", () => {
  const long = "x".repeat(3 * megabyte);
  const column = columnOf("x", { dataType: "text" }, ["a", long, "b", null, long, "c"]);
  const lengths = checkedLengths(pages(column, 6));
  expect(lengths.map((length) => Math.floor(length / megabyte))).toEqual([0, 3, 0, 3, 0]);
});

test("a page of values that repeat has a bit or more for each, and less when all are the same", () => {
  const [dictionary, data, ...rest] = pages(repeated, count);
  expect([dictionary?.kind, data?.kind, rest]).toEqual(["dictionary", "data", []]);
  expect(dictionary?.length).toBe(9 * (4 + "value 0".length));
  expect(data?.length).toBeLessThan((count * 4) / 8 + 20);

  const constant = columnOf("x", { dataType: "text" }, new Array(count).fill("same"));
  expect(checkedLengths(pages(constant, count)).at(-1)).toBeLessThan(20);
});

test("a column without values is one page of a few bytes", () => {
  const empty = columnOf("x", { dataType: "text" }, new Array(count).fill(null));
  expect(checkedLengths(pages(empty, count))).toEqual([8]);
});
