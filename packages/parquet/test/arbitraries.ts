import type { ColumnBatch, ColumnType, FileColumn, FileTable } from "@dlt/core";
import fc from "fast-check";
import { type Cell, columnOf, dictionaryColumnOf } from "./columns.js";
import type { Rows } from "./readers.js";

/** Batches for a table, and the rows that they hold. */
export interface Sample {
  readonly table: FileTable;
  readonly batches: readonly ColumnBatch[];
  readonly rows: Rows;
}

const columnType: fc.Arbitrary<ColumnType> = fc.oneof(
  fc.constantFrom<ColumnType>(
    { dataType: "text" },
    { dataType: "json" },
    { dataType: "binary" },
    { dataType: "binary", precision: 4 },
    { dataType: "double" },
    { dataType: "bool" },
    { dataType: "date" },
    { dataType: "time" },
    { dataType: "timestamp" },
    { dataType: "timestamp", timezone: true, precision: 3 },
    { dataType: "timestamp", timezone: false },
    { dataType: "bigint" },
    { dataType: "bigint", precision: 64 },
    { dataType: "decimal" },
    { dataType: "wei" },
  ),
  fc.integer({ min: 1, max: 32 }).map((precision): ColumnType => ({ dataType: "bigint", precision })),
  fc
    .tuple(fc.constantFrom("decimal", "wei"), fc.integer({ min: 1, max: 38 }), fc.nat({ max: 38 }))
    .map(([dataType, precision, scale]): ColumnType => ({ dataType, precision, scale: Math.min(precision, scale) })),
);

/** A value of a type, in the range of every reader. */
function cellOf(type: ColumnType): fc.Arbitrary<Cell> {
  switch (type.dataType) {
    case "text":
      return fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "a", "\u0000", "\u{10ffff}".repeat(60)));
    case "json":
      return fc.json();
    case "binary":
      return fc.uint8Array({ maxLength: 20 });
    case "double":
      return fc.double();
    case "bool":
      return fc.boolean();
    case "date":
      return fc.integer({ min: -700_000, max: 2_900_000 });
    case "time":
      return fc.bigInt({ min: 0n, max: 86_399_999_999n });
    case "timestamp":
      return fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n });
    case "bigint": {
      const bits = type.precision ?? 64;
      const size = 1n << BigInt((bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64) - 1);
      return fc.bigInt({ min: -size, max: size - 1n });
    }
    case "decimal":
    case "wei": {
      const largest = 10n ** BigInt(type.precision ?? 38) - 1n;
      return fc.bigInt({ min: -largest, max: largest });
    }
  }
}

/** How many rows a batch may have. */
export interface RowCounts {
  readonly minRows: number;
  readonly maxRows: number;
}

/** Batches with any columns. A column may be missing in a batch, in another place, and of layout `dictionary`. */
export function sample({ minRows, maxRows }: RowCounts): fc.Arbitrary<Sample> {
  const column = fc.record({ type: columnType, nullable: fc.boolean() });
  return fc.array(column, { minLength: 1, maxLength: 5 }).chain((drawn) => {
    const columns = drawn.map(({ type, nullable }, index): FileColumn => ({ ...type, name: `c${index} ü"`, nullable }));
    const batch = fc.integer({ min: minRows, max: maxRows }).chain((rowCount) => batchOf(columns, rowCount));
    return fc.array(batch, { maxLength: 3 }).map((batches) => ({
      table: { name: "t", columns },
      batches: batches.map(({ batch }) => batch),
      rows: batches.flatMap(({ rows }) => rows),
    }));
  });
}

interface BatchSample {
  readonly batch: ColumnBatch;
  readonly rows: Rows;
}

function batchOf(columns: readonly FileColumn[], rowCount: number): fc.Arbitrary<BatchSample> {
  const given = columns.map((column) => {
    const cell = cellOf(column);
    const cells = fc.array(cell, { minLength: rowCount, maxLength: rowCount });
    const few = fc
      .array(cell, { minLength: 1, maxLength: 3 })
      .chain((values) => fc.array(fc.constantFrom(...values), { minLength: rowCount, maxLength: rowCount }));
    const present = fc.oneof(cells, few);
    const gaps = fc.array(fc.boolean(), { minLength: rowCount, maxLength: rowCount });
    const withGaps = fc
      .tuple(present, gaps)
      .map(([values, missing]) => values.map((value, row) => (missing[row] ? null : value)));
    return fc.record({
      cells: column.nullable
        ? fc.oneof(present, withGaps, fc.constant(Array.from({ length: rowCount }, () => null)))
        : present,
      layout: fc.constantFrom("plain", "dictionary"),
      unused: fc.array(cell, { maxLength: 2 }),
      isLeftOut: fc.boolean(),
      isFirst: fc.boolean(),
    });
  });
  return fc.tuple(...given).map((drawn) => {
    const batchColumns = drawn.flatMap(({ cells, layout, unused, isLeftOut }, index) => {
      const { name, nullable, ...type } = columns[index] as FileColumn;
      if (isLeftOut && cells.every((cell) => cell === null)) return [];
      return [layout === "plain" ? columnOf(name, type, cells) : dictionaryColumnOf(name, type, cells, unused)];
    });
    const rows = Array.from({ length: rowCount }, (_, row) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, drawn[index]?.cells[row] ?? null])),
    );
    return { batch: { rowCount, columns: drawn[0]?.isFirst ? batchColumns : batchColumns.toReversed() }, rows };
  });
}
