import type { Column, ColumnBatch } from "../contract/batch.js";
import { isSet, setBits } from "./bitmap.js";
import { maxColumnBytes, tooManyBytes } from "./byte-limit.js";
import { indexedValues } from "./indexed-values.js";
import { type Numbers, numbersLike } from "./numbers.js";
import { sliceBatch } from "./slice-batch.js";

/** These rows of a batch, in their order. One run of neighbours is a view; otherwise values are copied, those of dictionaries not. */
export function takeRows(batch: ColumnBatch, rows: Int32Array): ColumnBatch {
  const first = rows[0] ?? 0;
  const isRun = (rows[rows.length - 1] ?? -1) - first === rows.length - 1 && isAscending(rows);
  if (isRun) return sliceBatch(batch, first, first + rows.length);
  return { ...batch, rowCount: rows.length, columns: batch.columns.map((column) => takeColumn(column, rows)) };
}

function isAscending(rows: Int32Array): boolean {
  for (let i = 1; i < rows.length; i++) if ((rows[i] as number) <= (rows[i - 1] as number)) return false;
  return true;
}

/** The column with the values of these rows; -1 stands for a missing value. */
function takeColumn(column: Column, rows: Int32Array): Column {
  const { name, type } = column;
  const base = { name, type, validity: takeValidity(column.validity, rows) };
  switch (column.layout) {
    case "fixed":
      return { ...base, layout: "fixed", values: takeNumbers(column.values, rows) };
    case "bits":
      return { ...base, layout: "bits", values: takeBits(column.values, rows) };
    case "bytes":
      return { ...base, layout: "bytes", ...takeBytes(column, rows) };
    case "decimal128":
      return { ...base, layout: "decimal128", words: takeNumbers(column.words, rows, 2), scale: column.scale };
    case "dictionary":
      return { ...base, layout: "dictionary", indices: takeNumbers(column.indices, rows), values: column.values };
  }
}

/** The column with each value at its row: the same, unless its layout is `dictionary`. */
export function withoutDictionary(column: Column, rowCount: number): Column {
  if (column.layout !== "dictionary") return column;
  const { values, indices } = indexedValues(column, rowCount);
  const { name, type } = column;
  return takeColumn({ ...values, name, type, validity: null }, indices ?? new Int32Array(0));
}

/** A copy with the numbers of these rows, `width` for each. */
function takeNumbers<Kind extends Numbers>(values: Kind, rows: Int32Array, width: 1 | 2 = 1): Kind {
  // All as words of 32 bits: a bigint for each value would cost an object.
  const wordsPerRow = (width * values.BYTES_PER_ELEMENT) / 4;
  const from = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  const to = new Int32Array(rows.length * wordsPerRow);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (row < 0) continue;
    for (let word = 0; word < wordsPerRow; word++)
      to[i * wordsPerRow + word] = from[row * wordsPerRow + word] as number;
  }
  return numbersLike(values, to.buffer);
}

function takeBits(bits: Uint8Array, rows: Int32Array): Uint8Array {
  const taken = new Uint8Array((rows.length + 7) >> 3);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (row >= 0 && isSet(bits, row)) taken[i >> 3] = (taken[i >> 3] as number) | (1 << (i & 7));
  }
  return taken;
}

function takeValidity(validity: Uint8Array | null, rows: Int32Array): Uint8Array | null {
  if (validity !== null) return takeBits(validity, rows);
  if (!rows.includes(-1)) return null;
  const taken = new Uint8Array((rows.length + 7) >> 3);
  for (let i = 0; i < rows.length; i++) if ((rows[i] as number) >= 0) setBits(taken, i, i + 1, true);
  return taken;
}

function takeBytes(
  { name, offsets, data }: Column & { readonly layout: "bytes" },
  rows: Int32Array,
): { readonly offsets: Int32Array; readonly data: Uint8Array } {
  const takenOffsets = new Int32Array(rows.length + 1);
  let length = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (row >= 0) length += (offsets[row + 1] as number) - (offsets[row] as number);
    if (length > maxColumnBytes) throw tooManyBytes(name);
    takenOffsets[i + 1] = length;
  }
  const taken = new Uint8Array(length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (row >= 0) copyBytes(taken, takenOffsets[i] as number, data, offsets[row] as number, offsets[row + 1] as number);
  }
  return { offsets: takenOffsets, data: taken };
}

/** From this many bytes on, a call that copies them is faster than a loop. */
const longValue = 64;

function copyBytes(to: Uint8Array, at: number, from: Uint8Array, start: number, end: number): void {
  if (end - start >= longValue) to.set(from.subarray(start, end), at);
  else for (let i = start; i < end; i++) to[at + i - start] = from[i] as number;
}
