import * as flechette from "@uwdata/flechette";
import * as arrow from "apache-arrow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArrowSample, arrowSample, kinds } from "../../test/arrow-columns.js";
import { readValue } from "../columns/column-reader.js";
import type { ArrowTable, Column, ColumnBatch } from "../contract/batch.js";
import { isDltError } from "../errors/index.js";
import { arrowBatches, arrowRowCount, isArrowTable } from "./arrow-batches.js";

/** The values of a column over all batches. */
function cellsOf(batches: readonly ColumnBatch[], name: string): unknown[] {
  return batches.flatMap(({ rowCount, columns }) => {
    const column = columns.find((other) => other.name === name);
    return Array.from({ length: rowCount }, (_, row) => (column === undefined ? undefined : readValue(column, row)));
  });
}

function read(table: unknown): readonly ColumnBatch[] {
  if (!isArrowTable(table)) throw new Error("It is not known as an Arrow table.");
  const batches = [...arrowBatches(table)];
  expect(batches.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(arrowRowCount(table));
  return batches;
}

function expectColumn(
  batches: readonly ColumnBatch[],
  name: string,
  { type, cells }: Omit<ArrowSample, "vector">,
): void {
  expect(cellsOf(batches, name)).toEqual(cells);
  for (const { columns } of batches) expect(columns.find((column) => column.name === name)?.type).toEqual(type);
}

/** Columns of all the same length. */
const samples = (minRows: number): fc.Arbitrary<readonly ArrowSample[]> =>
  fc
    .tuple(fc.integer({ min: minRows, max: 40 }), fc.subarray(Object.values(kinds), { minLength: 1, maxLength: 4 }))
    .chain(([rowCount, chosen]) => fc.tuple(...chosen.map((kind) => arrowSample(kind, rowCount))));

const tableOf = (columns: readonly ArrowSample[]): arrow.Table =>
  new arrow.Table(Object.fromEntries(columns.map(({ vector }, index) => [`c${index}`, vector])));

/** Views cannot be written by the package. */
const overTheWire = Object.entries(kinds).filter(([name]) => !name.endsWith("View"));

describe("a table of apache-arrow", () => {
  test.each(Object.entries(kinds))("gives the values of %s", (_, kind) => {
    fc.assert(
      fc.property(
        fc.nat({ max: 30 }).chain((rowCount) => arrowSample(kind, rowCount)),
        (sample) => {
          expectColumn(read(new arrow.Table({ c: sample.vector })), "c", sample);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("may be cut anywhere, and consist of several record batches", () => {
    fc.assert(
      fc.property(samples(1), fc.array(fc.nat({ max: 40 }), { maxLength: 3 }), (columns, cuts) => {
        const table = tableOf(columns);
        const bounds = [0, ...cuts.map((cut) => cut % (table.numRows + 1)).sort((a, b) => a - b), table.numRows];
        const parts = bounds.slice(1).map((to, index) => table.slice(bounds[index], to));
        const joined = new arrow.Table(parts.flatMap(({ batches }) => batches));
        const batches = read(joined);
        columns.forEach((column, index) => {
          expectColumn(batches, `c${index}`, column);
        });
        for (const [index, part] of parts.entries()) {
          const [from, to] = [bounds[index], bounds[index + 1]];
          columns.forEach((column, at) => {
            expectColumn(read(part), `c${at}`, { ...column, cells: column.cells.slice(from, to) });
          });
        }
      }),
    );
  });

  test("gives record batches that count by themselves", () => {
    fc.assert(
      fc.property(samples(1), (columns) => {
        const [batch] = tableOf(columns).batches;
        columns.forEach((column, index) => {
          expectColumn(read(batch), `c${index}`, column);
        });
      }),
      { numRuns: 30 },
    );
  });

  test("may have been read from bytes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...overTheWire.map(([, kind]) => kind)).chain((kind) => arrowSample(kind, 9)),
        (sample) => {
          const bytes = arrow.tableToIPC(new arrow.Table({ c: sample.vector }));
          expectColumn(read(arrow.tableFromIPC(bytes)), "c", sample);
        },
      ),
    );
  });

  test("shares its memory where the layout is the same", () => {
    const table = new arrow.Table({
      int64: arrow.vectorFromArray([1n, null, 3n], new arrow.Int64()),
      float64: arrow.vectorFromArray([1, 2, 3], new arrow.Float64()),
      utf8: arrow.vectorFromArray(["a", "b", null], new arrow.Utf8()),
      bool: arrow.vectorFromArray([true, null, false], new arrow.Bool()),
      micros: new arrow.Vector([
        arrow.makeData({ type: new arrow.TimestampMicrosecond(), data: BigInt64Array.of(1n, 2n, 3n) }),
      ]),
    });
    const children = table.batches[0]?.data.children ?? [];
    const [batch] = read(table);
    expect(batch?.columns.map(memoryOf)).toEqual(children.map(({ values }) => values.buffer));
    expect(batch?.columns[0]?.validity?.buffer).toBe(children[0]?.nullBitmap.buffer);
  });

  test("without rows has a batch with the types of its columns", () => {
    const schema = new arrow.Schema(
      Object.entries(kinds).map(([name, kind]) => new arrow.Field(name, kind.vector([]).type, true)),
    );
    const [batch, ...others] = read(new arrow.Table(schema));
    expect(others).toEqual([]);
    expect(batch?.rowCount).toBe(0);
    expect(batch?.columns.map(({ name, type }) => [name, type])).toEqual(
      Object.entries(kinds).map(([name, { type }]) => [name, type]),
    );
  });

  test("names columns of nothing but nulls", () => {
    const table = new arrow.Table({
      n: arrow.vectorFromArray([null, null], new arrow.Null()),
      a: arrow.vectorFromArray([1, 2], new arrow.Int32()),
    });
    const [batch] = read(table);
    expect(batch?.nullColumns).toEqual(["n"]);
    expect(batch?.columns.map(({ name }) => name)).toEqual(["a"]);
  });

  test("may have maps with keys that are no text", () => {
    const entries = new arrow.Struct([
      new arrow.Field("key", new arrow.Int32()),
      new arrow.Field("value", new arrow.Utf8(), true),
    ]);
    const type = new arrow.Map_(new arrow.Field("entries", entries as never)) as arrow.DataType;
    const vector = arrow.vectorFromArray(
      [
        new Map([
          [1, "a"],
          [2, null],
        ]),
      ],
      type,
    );
    expect(cellsOf(read(new arrow.Table({ m: vector })), "m")).toEqual([
      '[{"key":1,"value":"a"},{"key":2,"value":null}]',
    ]);
  });

  test("keeps typed values in documents as text", () => {
    const type = new arrow.Struct([
      new arrow.Field("at", new arrow.TimestampMillisecond("UTC"), true),
      new arrow.Field("on", new arrow.DateDay(), true),
      new arrow.Field("big", new arrow.Int64(), true),
      new arrow.Field("bytes", new arrow.Binary(), true),
      new arrow.Field("f", new arrow.Float64(), true),
    ]);
    const vector = arrow.vectorFromArray(
      [{ at: new Date(5), on: new Date(86_400_000), big: 2n ** 60n, bytes: Uint8Array.of(1, 2), f: 2 }],
      type,
    );
    expect(cellsOf(read(new arrow.Table({ m: vector })), "m")).toEqual([
      '{"at":"1970-01-01T00:00:00.005000Z","on":"1970-01-02","big":1152921504606846976,"bytes":"AQI=","f":2.0}',
    ]);
  });
});

describe("a table of flechette", () => {
  test.each(overTheWire)("gives the values of %s", (_, kind) => {
    fc.assert(
      // Without rows the package does not read dictionaries.
      fc.property(
        fc.integer({ min: 1, max: 30 }).chain((rowCount) => arrowSample(kind, rowCount)),
        (sample) => {
          const bytes = arrow.tableToIPC(new arrow.Table({ c: sample.vector }));
          expectColumn(read(flechette.tableFromIPC(bytes)), "c", sample);
          expectColumn(
            read(flechette.tableFromIPC(bytes, { useDate: true, useBigInt: true, useDecimalInt: true })),
            "c",
            sample,
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test("may have columns in pieces of different lengths", () => {
    fc.assert(
      fc.property(
        samples(1).filter((columns) => columns.every(({ vector }) => !/View/.test(String(vector.type)))),
        fc.array(fc.array(fc.nat({ max: 40 }), { maxLength: 3 }), { minLength: 4, maxLength: 4 }),
        (columns, cuts) => {
          const pieced = columns.map(({ vector }, index) => {
            const bounds = [
              0,
              ...(cuts[index] ?? []).map((cut) => cut % (vector.length + 1)).sort((a, b) => a - b),
              vector.length,
            ];
            const data = bounds.slice(1).flatMap((to, at) => {
              // Without rows the package does not read dictionaries.
              if (bounds[at] === to) return [];
              const part = new arrow.Table({ c: vector.slice(bounds[at], to) });
              return flechette.tableFromIPC(arrow.tableToIPC(part)).children[0]?.data ?? [];
            });
            return [`c${index}`, new flechette.Column([...data])] as const;
          });
          const batches = read(flechette.tableFromColumns(Object.fromEntries(pieced)));
          columns.forEach((column, index) => {
            expectColumn(batches, `c${index}`, column);
          });
        },
      ),
    );
  });

  const { columnFromArray, tableFromColumns } = flechette;
  const cases: readonly (readonly [string, flechette.DataType, readonly unknown[], Omit<ArrowSample, "vector">])[] = [
    [
      "decimal32",
      flechette.decimal32(9, 2),
      [125n, null, -300n],
      { type: { dataType: "decimal", precision: 9, scale: 2 }, cells: ["1.25", null, "-3.00"] },
    ],
    [
      "decimal64",
      flechette.decimal64(18, 1),
      [-2.5, 7n],
      { type: { dataType: "decimal", precision: 18, scale: 1 }, cells: ["-2.5", "0.7"] },
    ],
    [
      "run-end encoded",
      flechette.runEndEncoded(flechette.int32(), flechette.utf8()),
      ["a", "a", null, null, "b"],
      { type: { dataType: "text" }, cells: ["a", "a", null, null, "b"] },
    ],
    [
      "large list",
      flechette.largeList(flechette.int8()),
      [[1, 2], null, []],
      { type: { dataType: "json" }, cells: ["[1,2]", null, "[]"] },
    ],
    [
      "dense union",
      flechette.union(1, [flechette.int32(), flechette.utf8()], [0, 1], (value) => (typeof value === "string" ? 1 : 0)),
      [5, "x", 7],
      { type: { dataType: "json" }, cells: ["5", '"x"', "7"] },
    ],
    [
      "sparse union",
      flechette.union(0, [flechette.int32(), flechette.utf8()], [0, 1], (value) => (typeof value === "string" ? 1 : 0)),
      [5, "x", 7],
      { type: { dataType: "json" }, cells: ["5", '"x"', "7"] },
    ],
    [
      "struct",
      flechette.struct({ a: flechette.int8(), l: flechette.list(flechette.bool()) }),
      [{ a: 1, l: [true] }, null, { a: 2, l: null }],
      { type: { dataType: "json" }, cells: ['{"a":1,"l":[true]}', null, '{"a":2,"l":null}'] },
    ],
    [
      "map",
      flechette.map(flechette.utf8(), flechette.int8()),
      [[["k", 1]], null],
      { type: { dataType: "json" }, cells: ['{"k":1}', null] },
    ],
  ];
  test.each(cases)("gives the values of %s", (_, type, values, expected) => {
    expectColumn(read(tableFromColumns({ c: columnFromArray([...values], type) })), "c", expected);
  });

  test("without rows has a batch with types", () => {
    const [batch] = read(
      flechette.tableFromArrays({ a: [], s: [] }, { types: { a: flechette.int16(), s: flechette.utf8() } }),
    );
    expect(batch?.columns.map(({ name, type }) => [name, type])).toEqual([
      ["a", { dataType: "bigint", precision: 16 }],
      ["s", { dataType: "text" }],
    ]);
  });
});

describe("what would have to be changed", () => {
  const int64 = (type: arrow.DataType, values: readonly bigint[]): arrow.Table =>
    new arrow.Table({
      c: new arrow.Vector([arrow.makeData({ type: type as arrow.Int64, data: BigInt64Array.from(values) })]),
    });

  test.each([
    ["nanoseconds", int64(new arrow.TimestampNanosecond(), [1000n, 1001n]), "nanoseconds"],
    ["a date with a time of day", int64(new arrow.DateMillisecond(), [0n, 5n]), "time of day"],
    ["seconds beyond 64 bits", int64(new arrow.TimestampSecond(), [0n, 2n ** 62n]), "64 bits"],
  ])("is refused: %s", (_, table, reason) => {
    const error = caught(() => read(table));
    expect(error.code).toBe("ARROW_VALUE_UNSUPPORTED");
    expect(error.message).toContain(reason);
    expect(error.context).toEqual({ column: "c", row: 1 });
  });

  test("is refused: a duration", () => {
    const error = caught(() => read(int64(new arrow.DurationSecond(), [0n])));
    expect(error.code).toBe("ARROW_TYPE_UNSUPPORTED");
    expect(error.context).toEqual({ column: "c", type: "Duration" });
  });
});

test("rows, batches and iterables are no Arrow tables", () => {
  const fields: unknown[] = [];
  const others = [
    { schema: { fields }, batches: [] },
    { rowCount: 0, columns: [] },
    [],
    new Map(),
    null,
    "x",
    new Date(),
  ];
  expect(others.filter(isArrowTable)).toEqual([]);
});

test("types of the packages are known as Arrow tables", () => {
  const tables: readonly ArrowTable[] = [
    new arrow.Table({ c: arrow.vectorFromArray([1]) }),
    ...new arrow.Table({ c: arrow.vectorFromArray([1]) }).batches,
    flechette.tableFromArrays({ c: [1] }),
  ];
  expect(tables.map(arrowRowCount)).toEqual([1, 1, 1]);
});

function memoryOf(column: Column): ArrayBufferLike {
  switch (column.layout) {
    case "bytes":
      return column.data.buffer;
    case "decimal128":
      return column.words.buffer;
    case "dictionary":
      return column.indices.buffer;
    default:
      return column.values.buffer;
  }
}

function caught(run: () => unknown): { readonly code: string; readonly message: string; readonly context: object } {
  try {
    run();
  } catch (error) {
    if (isDltError(error)) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}
