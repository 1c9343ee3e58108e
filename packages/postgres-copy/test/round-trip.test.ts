import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStreamHead } from "../src/index.js";
import { cellsOf, columnOf, decoded, fileOf, sample } from "./columns.js";

describe("what is encoded decodes to the same", () => {
  test("in one piece", async () => {
    await fc.assert(
      fc.asyncProperty(sample(30), async ({ table, batch, cells }) => {
        const [read, ...others] = decoded(await fileOf(table, [batch]), table);
        expect(others).toEqual([]);
        const rowCount = read?.rowCount ?? 0;
        expect(rowCount).toBe(batch.rowCount);
        if (read !== undefined) expect(read.columns.map((column) => cellsOf(column, rowCount))).toEqual(cells);
      }),
      { numRuns: 200 },
    );
  });

  test("across blocks of rows", async () => {
    await fc.assert(
      fc.asyncProperty(sample(700), async ({ table, batch, cells }) => {
        const [read] = decoded(await fileOf(table, [batch]), table);
        const rowCount = read?.rowCount ?? 0;
        expect(rowCount).toBe(batch.rowCount);
        if (read !== undefined) expect(read.columns.map((column) => cellsOf(column, rowCount))).toEqual(cells);
      }),
      { numRuns: 30 },
    );
  });

  test("in several batches, and however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(sample(20), fc.integer({ min: 1, max: 200 }), async ({ table, batch, cells }, pieceBytes) => {
        const file = await fileOf(table, [batch, batch]);
        const read = decoded(file, table, pieceBytes);
        const all = table.columns.map((_, index) =>
          read.flatMap(({ columns, rowCount }) => {
            const column = columns[index];
            return column === undefined ? [] : cellsOf(column, rowCount);
          }),
        );
        expect(all).toEqual(cells.map((column) => [...column, ...column]));
      }),
      { numRuns: 100 },
    );
  });
});

test("numbers of any length come back as text, digit by digit", async () => {
  const texts = [
    "0",
    "0.0",
    "1",
    "-1",
    "9999",
    "10000",
    "10001.10",
    "0.0001",
    "0.00001",
    "-0.000000000000000000000000000000001",
    "123456789012345678901234567890123456789012345678901234567890.123456789012345678901234567890",
    "100000000",
    "NaN",
    "Infinity",
    "-Infinity",
    `1${"0".repeat(77)}`,
    `0.${"0".repeat(77)}1`,
    `${"9".repeat(78)}.${"9".repeat(78)}`,
  ];
  const forms = [
    ["+5", "5"],
    ["1E+3", "1000"],
    ["-1.5e-10", "-0.00000000015"],
    ["007.50", "7.50"],
    [".5", "0.5"],
    ["-0", "0"],
    ["12E2", "1200"],
  ] as const;
  const type = { dataType: "wei" } as const;
  const given = [...texts, null, ...forms.map(([text]) => text)];
  const table = { name: "t", columns: [{ ...type, name: "n", nullable: true }] };
  const batch = { rowCount: given.length, columns: [columnOf("n", type, given)] };
  const [read] = decoded(await fileOf(table, [batch]), table);
  expect(read?.columns.map((column) => cellsOf(column, given.length))).toEqual([
    [...texts, null, ...forms.map(([, text]) => text)],
  ]);
});

test("any decimal text comes back with its digits", async () => {
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), digits, digits), { minLength: 1 }), async (numbers) => {
      const texts = numbers.map(([negative, whole, fraction]) => {
        const shown = whole.replace(/^0+(?=.)/, "");
        const isZero = /^0*$/.test(whole + fraction);
        return {
          given: `${negative ? "-" : ""}${whole}.${fraction}`,
          read: `${negative && !isZero ? "-" : ""}${shown}.${fraction}`,
        };
      });
      const type = { dataType: "decimal" } as const;
      const table = { name: "t", columns: [{ ...type, name: "n", nullable: true }] };
      const batch = {
        rowCount: texts.length,
        columns: [
          columnOf(
            "n",
            type,
            texts.map(({ given }) => given),
          ),
        ],
      };
      const [read] = decoded(await fileOf(table, [batch]), table);
      expect(read?.columns.map((column) => cellsOf(column, texts.length))).toEqual([texts.map((text) => text.read)]);
    }),
  );
});

test("a file says which columns it has", async () => {
  const columns = [
    { name: 'a "quoted" ü', dataType: "bigint", precision: 16, nullable: false },
    { name: "b", dataType: "timestamp", timezone: false, nullable: true },
  ] as const;
  const file = await fileOf({ name: "t", columns }, []);
  expect(readStreamHead(file)).toEqual({
    columns: [
      { name: 'a "quoted" ü', type: "int2" },
      { name: "b", type: "timestamp" },
    ],
    bytes: file.length - 2,
  });
  expect(readStreamHead(file.subarray(0, 25))).toBe(null);
});
