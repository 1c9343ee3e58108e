import type { Column, ColumnBatch, ColumnType } from "../contract/batch.js";
import { SchemaError } from "../errors/index.js";
import { checkColumn, valueCount } from "./check-column.js";

// The form of an encoded batch. Numbers are little-endian, every part begins at a multiple of eight.
//
//   0  `dltcols`, then the version of the form in one byte
//   8  checksum of everything from 12 on (32 bits)
//  12  length of the header in bytes (32 bits)
//  16  length of the whole in bytes (double)
//  24  header: `StoredBatch` as JSON
//   …  the buffers of each column: validity if it has one, then those of its layout in the order of `ColumnData`

const magic = new TextEncoder().encode("dltcols");
const version = 1;
const checkedFrom = 12;
const headerFrom = 24;

interface StoredBatch {
  readonly rowCount: number;
  readonly columns: readonly StoredColumn[];
  readonly nullColumns?: readonly string[];
}

interface StoredColumnBase {
  readonly name: string;
  readonly type: ColumnType;
  readonly rowCount: number;
  readonly hasValidity: boolean;
}

type StoredColumn = StoredColumnBase &
  (
    | { readonly layout: "fixed"; readonly values: "int32" | "int64" | "float64" }
    | { readonly layout: "bits" }
    | { readonly layout: "bytes"; readonly dataBytes: number }
    | { readonly layout: "decimal128"; readonly scale: number }
    | { readonly layout: "dictionary"; readonly values: StoredColumn }
  );

/**
 * A batch as bytes that describe themselves, for a file or another process. Only what its rows need is kept of its buffers.
 *
 * @throws SchemaError `BATCH_INVALID` when a buffer is too short, points outside of another, or is not of the column's data type
 */
export function encodeBatch(batch: ColumnBatch): Uint8Array {
  const { rowCount, nullColumns = [] } = batch;
  const buffers: Uint8Array[] = [];
  const stored: StoredBatch = {
    rowCount,
    columns: batch.columns.map((column) => store(column, rowCount, buffers)),
    ...(nullColumns.length > 0 && { nullColumns }),
  };
  const header = new TextEncoder().encode(JSON.stringify(stored));
  let length = aligned(headerFrom + header.length);
  for (const buffer of buffers) length = aligned(length + buffer.length);
  const bytes = new Uint8Array(length);
  bytes.set(magic);
  bytes[magic.length] = version;
  bytes.set(header, headerFrom);
  let at = aligned(headerFrom + header.length);
  for (const buffer of buffers) {
    bytes.set(buffer, at);
    at = aligned(at + buffer.length);
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(12, header.length, true);
  view.setFloat64(16, length, true);
  view.setInt32(8, checksum(bytes), true);
  return bytes;
}

/**
 * The batch that `encodeBatch` made bytes of. Its columns are views on `bytes` where their position in memory allows it.
 *
 * @throws SchemaError `BATCH_DAMAGED` for other bytes, `BATCH_VERSION_UNKNOWN` for those of a newer form
 */
export function decodeBatch(bytes: Uint8Array): ColumnBatch {
  const source = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const headerLength = openEncoded(source);
  const header = source.subarray(headerFrom, headerFrom + headerLength);
  // The checksum says that this is what `encodeBatch` wrote.
  const { columns, ...batch } = JSON.parse(new TextDecoder().decode(header)) as StoredBatch;
  const buffers = new BufferReader(source, aligned(headerFrom + headerLength));
  return { ...batch, columns: columns.map((column) => restore(column, buffers)) };
}

/** Checks that the bytes are a complete batch of this form; gives the length of its header. */
function openEncoded(bytes: Uint8Array): number {
  if (bytes.length < headerFrom || magic.some((byte, index) => bytes[index] !== byte))
    throw damaged("it does not begin like one");
  if (bytes[magic.length] !== version) {
    throw new SchemaError(
      "BATCH_VERSION_UNKNOWN",
      `A stored column batch is of version ${bytes[magic.length]}; version ${version} is known here.`,
      {
        hint: "Run the version of the library that wrote it, or extract again.",
      },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getFloat64(16, true);
  if (length !== bytes.length) throw damaged(`it has ${bytes.length} bytes instead of ${length}`);
  if (view.getInt32(8, true) !== checksum(bytes)) throw damaged("its checksum does not match");
  return view.getUint32(12, true);
}

function damaged(reason: string): SchemaError {
  return new SchemaError("BATCH_DAMAGED", `A stored column batch cannot be read: ${reason}.`, {
    hint: "Restore the file from a copy, or delete the load package and extract again.",
  });
}

/** Describes a column and adds its buffers, cut to its rows. */
function store(column: Column, rowCount: number, buffers: Uint8Array[]): StoredColumn {
  checkColumn(column, rowCount);
  const { name, validity } = column;
  const { dataType, precision, scale, timezone } = column.type;
  const type: ColumnType = {
    dataType,
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(timezone !== undefined && { timezone }),
  };
  const base = { name, type, rowCount, hasValidity: validity !== null };
  if (validity !== null) buffers.push(bitsOf(validity, rowCount));
  switch (column.layout) {
    case "fixed": {
      const { values } = column;
      buffers.push(bytesOf(values, rowCount));
      const element = values instanceof Int32Array ? "int32" : values instanceof Float64Array ? "float64" : "int64";
      return { ...base, layout: "fixed", values: element };
    }
    case "bits":
      buffers.push(bitsOf(column.values, rowCount));
      return { ...base, layout: "bits" };
    case "bytes": {
      const { offsets, data } = column;
      const from = offsets[0] as number;
      const to = offsets[rowCount] as number;
      const kept = offsets.subarray(0, rowCount + 1);
      buffers.push(
        bytesOf(from === 0 ? kept : kept.map((offset) => offset - from), rowCount + 1),
        data.subarray(from, to),
      );
      return { ...base, layout: "bytes", dataBytes: to - from };
    }
    case "decimal128":
      buffers.push(bytesOf(column.words, rowCount * 2));
      return { ...base, layout: "decimal128", scale: column.scale };
    case "dictionary": {
      buffers.push(bytesOf(column.indices, rowCount));
      return { ...base, layout: "dictionary", values: store(column.values, valueCount(column, rowCount), buffers) };
    }
  }
}

/** Undoes `store`. */
function restore(stored: StoredColumn, buffers: BufferReader): Column {
  const { name, type, rowCount } = stored;
  const bitBytes = (rowCount + 7) >> 3;
  const validity = stored.hasValidity ? buffers.uint8(bitBytes) : null;
  const base = { name, type, validity };
  switch (stored.layout) {
    case "fixed": {
      const { values } = stored;
      if (values === "int32") return { ...base, layout: "fixed", values: buffers.int32(rowCount) };
      if (values === "int64") return { ...base, layout: "fixed", values: buffers.int64(rowCount) };
      return { ...base, layout: "fixed", values: buffers.float64(rowCount) };
    }
    case "bits":
      return { ...base, layout: "bits", values: buffers.uint8(bitBytes) };
    case "bytes":
      return { ...base, layout: "bytes", offsets: buffers.int32(rowCount + 1), data: buffers.uint8(stored.dataBytes) };
    case "decimal128":
      return { ...base, layout: "decimal128", words: buffers.int64(rowCount * 2), scale: stored.scale };
    case "dictionary":
      return {
        ...base,
        layout: "dictionary",
        indices: buffers.int32(rowCount),
        values: restore(stored.values, buffers),
      };
  }
}

/** Takes views on the buffers of encoded bytes, one after the other. */
class BufferReader {
  private readonly bytes: Uint8Array;
  private at: number;

  constructor(bytes: Uint8Array, from: number) {
    this.bytes = bytes;
    this.at = bytes.byteOffset + from;
  }

  uint8(length: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, this.take(length), length);
  }

  int32(length: number): Int32Array {
    return new Int32Array(this.bytes.buffer, this.take(length * 4), length);
  }

  int64(length: number): BigInt64Array {
    return new BigInt64Array(this.bytes.buffer, this.take(length * 8), length);
  }

  float64(length: number): Float64Array {
    return new Float64Array(this.bytes.buffer, this.take(length * 8), length);
  }

  private take(byteLength: number): number {
    const from = this.at;
    this.at = aligned(from + byteLength);
    return from;
  }
}

type NumberArray = Int32Array | BigInt64Array | Float64Array;

/** The bytes of the first `count` numbers. */
function bytesOf(values: NumberArray, count: number): Uint8Array {
  const kept = values.subarray(0, count);
  return new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength);
}

/** The first `count` bits; what follows in the last byte becomes 0, so that equal columns give equal bytes. */
function bitsOf(bits: Uint8Array, count: number): Uint8Array {
  const kept = new Uint8Array(bits.subarray(0, (count + 7) >> 3));
  const last = kept.length - 1;
  if ((count & 7) !== 0) kept[last] = (kept[last] as number) & ((1 << (count & 7)) - 1);
  return kept;
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** FNV-1a over 32-bit words with a rotation. Each step can be undone, so that a change within one word always shows. */
function checksum(bytes: Uint8Array): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + checkedFrom, (bytes.length - checkedFrom) >> 2);
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ (words[i] as number), 0x01000193);
  }
  return hash;
}
