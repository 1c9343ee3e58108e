import type { BitValues, ByteValues, FixedValues, WireColumn } from "./wire-column.js";

/** Rows that are written together: few enough to stay near the processor while each column adds its fields. */
const rowsOfBlock = 256;

/** Rows as COPY takes them: for each a count of fields, then for each field its length, -1 for null, and its bytes. */
export function encodeRows(columns: readonly WireColumn[], rowCount: number): Uint8Array {
  const out = new Uint8Array(totalBytes(columns, rowCount));
  const view = new DataView(out.buffer);
  const block: Block = { out, view, cursors: new Int32Array(rowsOfBlock), first: 0, count: 0 };
  let start = 0;
  for (block.first = 0; block.first < rowCount; block.first += rowsOfBlock) {
    block.count = Math.min(rowsOfBlock, rowCount - block.first);
    start = placeRows(block, columns, start);
    for (const column of columns) writeFields(block, column);
  }
  return out;
}

/** Consecutive rows that are being written. */
interface Block {
  readonly out: Uint8Array;
  readonly view: DataView;
  /** Where the next field of each row goes. */
  readonly cursors: Int32Array;
  first: number;
  count: number;
}

/** Sets each cursor to the first field of its row and writes the counts of fields; gives where the next block begins. */
function placeRows({ view, cursors, first, count }: Block, columns: readonly WireColumn[], start: number): number {
  let common = 2 + 4 * columns.length;
  for (const column of columns) {
    if (column.kind === "fixed" && column.indices === null) common += column.bytes;
    if (column.kind === "bits" && column.indices === null) common += 1;
  }
  cursors.fill(common, 0, count);
  for (const column of columns) if (column.kind !== "none") addSizes(cursors, column, first, count);
  let next = start;
  for (let i = 0; i < count; i++) {
    const size = cursors[i] as number;
    view.setInt16(next, columns.length);
    cursors[i] = next + 2;
    next += size;
  }
  return next;
}

/** Adds what the values of a column take, unless that is the same for each row. */
function addSizes(sizes: Int32Array, column: BitValues | FixedValues | ByteValues, first: number, count: number): void {
  const { indices } = column;
  if (column.kind === "bytes") {
    const { offsets } = column;
    const more = column.prefix === null ? 0 : 1;
    for (let i = 0; i < count; i++) {
      const index = indices === null ? first + i : (indices[first + i] as number);
      if (index >= 0)
        sizes[i] = (sizes[i] as number) + (offsets[index + 1] as number) - (offsets[index] as number) + more;
    }
  } else if (indices !== null) {
    const bytes = column.kind === "bits" ? 1 : column.bytes;
    for (let i = 0; i < count; i++) if ((indices[first + i] as number) >= 0) sizes[i] = (sizes[i] as number) + bytes;
  }
}

function writeFields(block: Block, column: WireColumn): void {
  if (column.kind === "none") writeNulls(block);
  else if (column.kind === "bits") writeBits(block, column);
  else if (column.kind === "bytes") writeBytes(block, column);
  else if (column.bytes === 8) writeEight(block, column);
  else if (column.bytes === 4) writeFour(block, column);
  else writeTwo(block, column);
}

function writeNulls({ view, cursors, count }: Block): void {
  for (let i = 0; i < count; i++) {
    const at = cursors[i] as number;
    view.setInt32(at, -1);
    cursors[i] = at + 4;
  }
}

function writeBits({ view, cursors, first, count }: Block, { bits, indices }: BitValues): void {
  for (let i = 0; i < count; i++) {
    const index = indices === null ? first + i : (indices[first + i] as number);
    const at = cursors[i] as number;
    if (index < 0) {
      view.setInt32(at, -1);
      cursors[i] = at + 4;
    } else {
      view.setInt32(at, 1);
      view.setUint8(at + 4, ((bits[index >> 3] as number) >> (index & 7)) & 1);
      cursors[i] = at + 5;
    }
  }
}

function writeEight({ view, cursors, first, count }: Block, { words, indices }: FixedValues): void {
  for (let i = 0; i < count; i++) {
    const index = indices === null ? first + i : (indices[first + i] as number);
    const at = cursors[i] as number;
    if (index < 0) {
      view.setInt32(at, -1);
      cursors[i] = at + 4;
    } else {
      view.setInt32(at, 8);
      view.setInt32(at + 4, words[index * 2 + 1] as number);
      view.setInt32(at + 8, words[index * 2] as number);
      cursors[i] = at + 12;
    }
  }
}

function writeFour({ view, cursors, first, count }: Block, { words, stride, indices }: FixedValues): void {
  for (let i = 0; i < count; i++) {
    const index = indices === null ? first + i : (indices[first + i] as number);
    const at = cursors[i] as number;
    if (index < 0) {
      view.setInt32(at, -1);
      cursors[i] = at + 4;
    } else {
      view.setInt32(at, 4);
      view.setInt32(at + 4, words[index * stride] as number);
      cursors[i] = at + 8;
    }
  }
}

function writeTwo({ view, cursors, first, count }: Block, { words, stride, indices }: FixedValues): void {
  for (let i = 0; i < count; i++) {
    const index = indices === null ? first + i : (indices[first + i] as number);
    const at = cursors[i] as number;
    if (index < 0) {
      view.setInt32(at, -1);
      cursors[i] = at + 4;
    } else {
      view.setInt32(at, 2);
      view.setInt16(at + 4, words[index * stride] as number);
      cursors[i] = at + 6;
    }
  }
}

function writeBytes({ out, view, cursors, first, count }: Block, column: ByteValues): void {
  const { offsets, data, indices, prefix } = column;
  for (let i = 0; i < count; i++) {
    const index = indices === null ? first + i : (indices[first + i] as number);
    let at = cursors[i] as number;
    if (index < 0) {
      view.setInt32(at, -1);
      cursors[i] = at + 4;
      continue;
    }
    const from = offsets[index] as number;
    const to = offsets[index + 1] as number;
    view.setInt32(at, to - from + (prefix === null ? 0 : 1));
    at += 4;
    if (prefix !== null) out[at++] = prefix;
    // Below this, a loop is faster than the view that `set` needs.
    if (to - from < 64) for (let source = from; source < to; source++) out[at++] = data[source] as number;
    else {
      out.set(data.subarray(from, to), at);
      at += to - from;
    }
    cursors[i] = at;
  }
}

function totalBytes(columns: readonly WireColumn[], rowCount: number): number {
  let total = rowCount * (2 + 4 * columns.length);
  for (const column of columns) if (column.kind !== "none") total += valueBytesOf(column, rowCount);
  return total;
}

function valueBytesOf(column: BitValues | FixedValues | ByteValues, rowCount: number): number {
  const { indices } = column;
  if (column.kind !== "bytes") return presentCount(indices, rowCount) * (column.kind === "bits" ? 1 : column.bytes);
  const { offsets } = column;
  const prefixes = column.prefix === null ? 0 : presentCount(indices, rowCount);
  if (indices === null) return prefixes + (offsets[rowCount] ?? 0) - (offsets[0] ?? 0);
  let total = prefixes;
  for (let row = 0; row < rowCount; row++) {
    const index = indices[row] as number;
    if (index >= 0) total += (offsets[index + 1] as number) - (offsets[index] as number);
  }
  return total;
}

function presentCount(indices: Int32Array | null, rowCount: number): number {
  if (indices === null) return rowCount;
  let count = 0;
  for (let row = 0; row < rowCount; row++) if ((indices[row] as number) >= 0) count++;
  return count;
}
