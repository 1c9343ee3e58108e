import type { Column, ColumnBatch } from "../contract/batch.js";
import { maxColumnBytes, tooManyBytes } from "./byte-limit.js";
import { appendBits } from "./copy-bits.js";
import { type Numbers, numbersLike } from "./numbers.js";
import { withoutDictionary } from "./take-rows.js";

/** A column with the number of its rows. */
export interface ColumnPart {
  readonly column: Column;
  readonly rowCount: number;
}

/** True when `joinBatches` takes both: columns of the same names, types and layouts in the same order. */
export function haveSameColumns(one: ColumnBatch, other: ColumnBatch): boolean {
  return (
    one.columns.length === other.columns.length &&
    one.columns.every((column, index) => isSameKind(column, other.columns[index] as Column))
  );
}

function isSameKind(one: Column, other: Column): boolean {
  return (
    one.name === other.name &&
    one.layout === other.layout &&
    one.type.dataType === other.type.dataType &&
    one.type.precision === other.type.precision &&
    one.type.scale === other.type.scale &&
    one.type.timezone === other.type.timezone
  );
}

/** Batches with the same columns as one, rows in order. */
export function joinBatches(batches: readonly ColumnBatch[]): ColumnBatch {
  const [first] = batches;
  if (first === undefined) return { rowCount: 0, columns: [] };
  if (batches.length === 1) return first;
  const nullColumns = new Set(batches.flatMap((batch) => batch.nullColumns ?? []));
  return {
    rowCount: batches.reduce((sum, { rowCount }) => sum + rowCount, 0),
    columns: first.columns.map((_, index) =>
      joinColumns(batches.map(({ columns, rowCount }) => ({ column: columns[index] as Column, rowCount }))),
    ),
    ...(nullColumns.size > 0 && { nullColumns: [...nullColumns] }),
  };
}

/** Columns of one name, type and layout, one behind the other. At least one. */
export function joinColumns(parts: readonly ColumnPart[]): Column {
  const { column: first } = parts[0] as ColumnPart;
  if (parts.length === 1) return first;
  const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
  const { name, type } = first;
  const base = { name, type, validity: joinedValidity(parts, rowCount) };
  switch (first.layout) {
    case "fixed":
      return { ...base, layout: "fixed", values: joinedNumbers(parts, first.values, (column) => numbersOf(column)) };
    case "bits":
      return { ...base, layout: "bits", values: joinedBits(parts, rowCount) };
    case "bytes":
      return { ...base, layout: "bytes", ...joinedBytes(name, parts, rowCount) };
    case "decimal128": {
      const words = joinedNumbers(
        parts,
        first.words,
        (column) => (column.layout === "decimal128" ? column.words : null),
        2,
      );
      return { ...base, layout: "decimal128", words, scale: first.scale };
    }
    case "dictionary":
      return joinedDictionaries(parts, base);
  }
}

function numbersOf(column: Column): Numbers | null {
  return column.layout === "fixed" ? column.values : null;
}

function joinedNumbers<Kind extends Numbers>(
  parts: readonly ColumnPart[],
  like: Kind,
  numbers: (column: Column) => Numbers | null,
  width = 1,
): Kind {
  const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
  const bytesPerRow = width * like.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(rowCount * bytesPerRow);
  let at = 0;
  for (const { column, rowCount: count } of parts) {
    const values = numbers(column);
    if (values !== null) bytes.set(new Uint8Array(values.buffer, values.byteOffset, count * bytesPerRow), at);
    at += count * bytesPerRow;
  }
  return numbersLike(like, bytes.buffer);
}

function joinedValidity(parts: readonly ColumnPart[], rowCount: number): Uint8Array | null {
  if (parts.every(({ column }) => column.validity === null)) return null;
  const bits = new Uint8Array((rowCount + 7) >> 3);
  let at = 0;
  for (const { column, rowCount: count } of parts) {
    appendBits(bits, at, { bits: column.validity ?? new Uint8Array((count + 7) >> 3).fill(0xff), count });
    at += count;
  }
  return bits;
}

function joinedBits(parts: readonly ColumnPart[], rowCount: number): Uint8Array {
  const bits = new Uint8Array((rowCount + 7) >> 3);
  let at = 0;
  for (const { column, rowCount: count } of parts) {
    if (column.layout === "bits") appendBits(bits, at, { bits: column.values, count });
    at += count;
  }
  return bits;
}

function joinedBytes(
  name: string,
  parts: readonly ColumnPart[],
  rowCount: number,
): { readonly offsets: Int32Array; readonly data: Uint8Array } {
  const offsets = new Int32Array(rowCount + 1);
  const pieces: Uint8Array[] = [];
  let row = 0;
  let length = 0;
  for (const { column, rowCount: count } of parts) {
    if (column.layout !== "bytes") continue;
    const from = column.offsets[0] as number;
    const to = column.offsets[count] as number;
    if (length + to - from > maxColumnBytes) throw tooManyBytes(name);
    for (let i = 1; i <= count; i++) offsets[row + i] = (column.offsets[i] as number) - from + length;
    pieces.push(column.data.subarray(from, to));
    row += count;
    length += to - from;
  }
  const data = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  return { offsets, data };
}

/** One dictionary where all parts share it; otherwise each value at its row. */
function joinedDictionaries(parts: readonly ColumnPart[], base: Pick<Column, "name" | "type" | "validity">): Column {
  const [first] = parts;
  const values = first?.column.layout === "dictionary" ? first.column.values : null;
  const isShared = parts.every(({ column }) => column.layout === "dictionary" && column.values === values);
  if (values === null || !isShared)
    return joinColumns(
      parts.map(({ column, rowCount }) => ({ column: withoutDictionary(column, rowCount), rowCount })),
    );
  const indices = joinedNumbers(parts, new Int32Array(0), (column) =>
    column.layout === "dictionary" ? column.indices : null,
  );
  return { ...base, layout: "dictionary", indices, values };
}
