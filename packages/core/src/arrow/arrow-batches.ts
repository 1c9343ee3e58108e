import { sliceColumn } from "../columns/slice-batch.js";
import type { ArrowTable, Column, ColumnBatch } from "../contract/batch.js";
import { SchemaError } from "../errors/index.js";
import { arrowArray, emptyArray } from "./arrow-array.js";
import { arrowColumn, type Dictionaries } from "./arrow-column.js";
import type { RawData, RawField } from "./raw-arrow.js";

/** The members by which tables of both packages, and record batches, are known and read. */
interface RawTable {
  readonly schema: { readonly fields: readonly RawField[] };
  /** Record batches of a table. */
  readonly batches?: readonly { readonly data: RawData }[];
  /** Columns of a record batch. */
  readonly data?: RawData;
  /** Columns of a table that has them in pieces. */
  readonly children?: readonly { readonly data: readonly RawData[] }[];
  readonly names?: readonly unknown[];
}

/** True for tables and record batches of the packages `apache-arrow` and `@uwdata/flechette`, of any copy. */
export function isArrowTable(value: unknown): value is ArrowTable {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Rows may have such members, too, but are no instances.
  if (prototype === Object.prototype || prototype === null) return false;
  const { schema, batches, data, children, names } = value as Partial<RawTable>;
  if (typeof schema !== "object" || schema === null || !Array.isArray(schema.fields)) return false;
  return (
    Array.isArray(batches) ||
    (typeof data === "object" && data !== null && Array.isArray(data.children)) ||
    (Array.isArray(children) && Array.isArray(names))
  );
}

/** How many rows an Arrow table has. */
export function arrowRowCount(table: ArrowTable): number {
  const { batches, data, children } = table as unknown as RawTable;
  if (batches !== undefined) return batches.reduce((sum, batch) => sum + batch.data.length, 0);
  return data === undefined ? lengthOf(children?.[0]?.data ?? []) : data.length;
}

/**
 * The rows of an Arrow table, a batch for each of its record batches; one without rows for a table without. Types are those of
 * `arrowColumn`. Columns of nothing but nulls become `nullColumns`. Iterating again converts again.
 *
 * @throws SourceError `ARROW_TYPE_UNSUPPORTED`, `ARROW_VALUE_UNSUPPORTED`; SchemaError `BATCH_INVALID` when columns differ in length
 */
export function arrowBatches(table: ArrowTable): Iterable<ColumnBatch> {
  return { [Symbol.iterator]: () => batchesOf(table as unknown as RawTable) };
}

function* batchesOf(table: RawTable): Generator<ColumnBatch> {
  const { fields } = table.schema;
  const rowCount = arrowRowCount(table as ArrowTable);
  const pieces = fields.map((_, index) => piecesOf(table, index).filter(({ length }) => length > 0));
  const dictionaries: Dictionaries = new Map();
  if (rowCount === 0) {
    yield batchOf(
      fields.map(({ name, type }) => [name, arrowColumn(name, emptyArray(type), dictionaries)] as const),
      0,
    );
    return;
  }
  for (const [index, { name }] of fields.entries()) {
    const length = lengthOf(pieces[index] ?? []);
    if (length !== rowCount) throw lengthsDiffer(name, length, rowCount);
  }
  const columns = fields.map(({ name }, index) => new PiecedColumn(name, pieces[index] ?? [], dictionaries));
  for (let from = 0; from < rowCount; ) {
    const count = columns.reduce((least, column) => Math.min(least, column.remaining), rowCount - from);
    yield batchOf(
      columns.map((column) => [column.name, column.take(count)] as const),
      count,
    );
    from += count;
  }
}

function piecesOf({ batches, data, children }: RawTable, index: number): readonly RawData[] {
  if (batches !== undefined) return batches.flatMap((batch) => batch.data.children?.[index] ?? []);
  if (data !== undefined) return [data.children?.[index] ?? []].flat();
  return children?.[index]?.data ?? [];
}

/** A column in pieces, taken from front to back. Pieces of different columns may begin at different rows. */
class PiecedColumn {
  readonly name: string;
  readonly #pieces: readonly RawData[];
  readonly #dictionaries: Dictionaries;
  #piece = 0;
  #taken = 0;
  #column: Column | null = null;

  constructor(name: string, pieces: readonly RawData[], dictionaries: Dictionaries) {
    this.name = name;
    this.#pieces = pieces;
    this.#dictionaries = dictionaries;
  }

  /** Rows that are left of the piece at hand. */
  get remaining(): number {
    return this.#length() - this.#taken;
  }

  /** The next rows, at most those that remain. `null` for a column without a type. */
  take(count: number): Column | null {
    const raw = this.#pieces[this.#piece];
    if (raw === undefined) return null;
    if (this.#taken === 0) this.#column = arrowColumn(this.name, arrowArray(raw), this.#dictionaries);
    const column = this.#column;
    const from = this.#taken;
    this.#taken += count;
    const isWhole = from === 0 && count === this.#length();
    if (this.#taken === this.#length()) {
      this.#piece += 1;
      this.#taken = 0;
      this.#column = null;
    }
    return column === null || isWhole ? column : sliceColumn(column, from, from + count);
  }

  #length(): number {
    return this.#pieces[this.#piece]?.length ?? 0;
  }
}

function batchOf(columns: readonly (readonly [name: string, column: Column | null])[], rowCount: number): ColumnBatch {
  const nullColumns = columns.flatMap(([name, column]) => (column === null ? [name] : []));
  return {
    rowCount,
    columns: columns.flatMap(([, column]) => column ?? []),
    ...(nullColumns.length > 0 && { nullColumns }),
  };
}

function lengthOf(pieces: readonly RawData[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function lengthsDiffer(name: string, length: number, rowCount: number): SchemaError {
  return new SchemaError(
    "BATCH_INVALID",
    `Column \`${name}\` of an Arrow table has ${length} rows instead of ${rowCount}.`,
    { hint: "Give every column of the table the same length.", context: { column: name } },
  );
}
