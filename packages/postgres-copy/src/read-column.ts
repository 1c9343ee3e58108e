import type { Column, ColumnData } from "@dlt/core";
import { type CopyType, jsonbVersion } from "./copy-type.js";
import type { DecodedColumn } from "./decoder.js";
import { epochDays, epochMicros, infiniteDate, isInfiniteTimestamp } from "./epoch.js";
import { numericText, readDecimal128 } from "./numeric-text.js";
import { invalidStream } from "./stream-head.js";

/** Where the fields of rows are: for each field its first byte and its length, -1 for null. */
export interface Fields {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly places: Int32Array;
  readonly columnCount: number;
  readonly rowCount: number;
}

export function readColumn(fields: Fields, index: number, { name, type, columnType }: DecodedColumn): Column {
  const column = fieldsOf(fields, index);
  return { name, type: columnType, validity: column.validity, ...readValues(column, type, columnType.scale) };
}

/** The fields of one column. */
export interface ColumnFields extends Pick<Fields, "bytes" | "view" | "rowCount"> {
  readonly starts: Int32Array;
  /** -1 for null. */
  readonly lengths: Int32Array;
  readonly validity: Uint8Array | null;
}

function fieldsOf({ bytes, view, places, columnCount, rowCount }: Fields, index: number): ColumnFields {
  const starts = new Int32Array(rowCount);
  const lengths = new Int32Array(rowCount);
  const bits = new Uint8Array((rowCount + 7) >> 3);
  let present = 0;
  for (let row = 0; row < rowCount; row++) {
    const place = 2 * (row * columnCount + index);
    starts[row] = places[place] as number;
    const length = places[place + 1] as number;
    lengths[row] = length;
    if (length < 0) continue;
    bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7));
    present++;
  }
  return { bytes, view, rowCount, starts, lengths, validity: present === rowCount ? null : bits };
}

function readValues(fields: ColumnFields, type: CopyType, scale: number | undefined): ColumnData {
  switch (type) {
    case "int2":
      return integers(fields, ({ view }, at) => view.getInt16(at));
    case "int4":
      return integers(fields, ({ view }, at) => view.getInt32(at));
    case "int8":
    case "time":
    case "float8":
      return eightBytes(fields, type);
    case "timestamp":
    case "timestamptz":
      return timestamps(fields);
    case "date":
      return dates(fields);
    case "bool":
      return bools(fields);
    case "text":
    case "bytea":
      return bytes(fields, 0);
    case "jsonb":
      for (let row = 0; row < fields.rowCount; row++) {
        if ((fields.lengths[row] as number) >= 0 && fields.bytes[fields.starts[row] as number] !== jsonbVersion)
          throw invalidStream("a document is of a version that is not known");
      }
      return bytes(fields, 1);
    case "numeric":
      return (scale === undefined ? null : readDecimal128(fields, scale)) ?? texts(fields, numericText);
    case "uuid":
      return texts(fields, uuidText);
  }
}

function integers(fields: ColumnFields, read: (fields: ColumnFields, at: number) => number): ColumnData {
  const values = new BigInt64Array(fields.rowCount);
  const words = new Int32Array(values.buffer);
  for (let row = 0; row < fields.rowCount; row++) {
    if ((fields.lengths[row] as number) < 0) continue;
    const value = read(fields, fields.starts[row] as number);
    words[row * 2] = value;
    words[row * 2 + 1] = value >> 31;
  }
  return { layout: "fixed", values };
}

function eightBytes({ view, rowCount, starts, lengths }: ColumnFields, type: "int8" | "time" | "float8"): ColumnData {
  const values = type === "float8" ? new Float64Array(rowCount) : new BigInt64Array(rowCount);
  const words = new Int32Array(values.buffer);
  for (let row = 0; row < rowCount; row++) {
    if ((lengths[row] as number) < 0) continue;
    words[row * 2 + 1] = view.getInt32(starts[row] as number);
    words[row * 2] = view.getInt32((starts[row] as number) + 4);
  }
  return { layout: "fixed", values };
}

function timestamps({ view, rowCount, starts, lengths }: ColumnFields): ColumnData {
  const values = new BigInt64Array(rowCount);
  const words = new Int32Array(values.buffer);
  for (let row = 0; row < rowCount; row++) {
    if ((lengths[row] as number) < 0) continue;
    const high = view.getInt32(starts[row] as number);
    const low = view.getInt32((starts[row] as number) + 4);
    const isInfinite = isInfiniteTimestamp(low, high);
    const lowSum = (low >>> 0) + (isInfinite ? 0 : epochMicros.low);
    words[row * 2] = lowSum;
    words[row * 2 + 1] = high + (isInfinite ? 0 : epochMicros.high) + (lowSum >= 2 ** 32 ? 1 : 0);
  }
  return { layout: "fixed", values };
}

function dates({ view, rowCount, starts, lengths }: ColumnFields): ColumnData {
  const values = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    if ((lengths[row] as number) < 0) continue;
    const day = view.getInt32(starts[row] as number);
    values[row] = day === infiniteDate.after || day === infiniteDate.before ? day : day + epochDays;
  }
  return { layout: "fixed", values };
}

function bools({ bytes, rowCount, starts, lengths }: ColumnFields): ColumnData {
  const values = new Uint8Array((rowCount + 7) >> 3);
  for (let row = 0; row < rowCount; row++) {
    if ((lengths[row] as number) < 0 || bytes[starts[row] as number] === 0) continue;
    values[row >> 3] = (values[row >> 3] as number) | (1 << (row & 7));
  }
  return { layout: "bits", values };
}

function bytes({ bytes: source, rowCount, starts, lengths }: ColumnFields, skipped: number): ColumnData {
  const offsets = new Int32Array(rowCount + 1);
  for (let row = 0; row < rowCount; row++)
    offsets[row + 1] = (offsets[row] as number) + Math.max(0, (lengths[row] as number) - skipped);
  const data = new Uint8Array(offsets[rowCount] as number);
  for (let row = 0; row < rowCount; row++) {
    const length = (lengths[row] as number) - skipped;
    const start = (starts[row] as number) + skipped;
    if (length > 0) data.set(source.subarray(start, start + length), offsets[row]);
  }
  return { layout: "bytes", offsets, data };
}

/** Values that are text only here. */
function texts(fields: ColumnFields, textOf: (fields: ColumnFields, row: number) => string): ColumnData {
  const { rowCount, lengths } = fields;
  const parts: string[] = [];
  const offsets = new Int32Array(rowCount + 1);
  let length = 0;
  for (let row = 0; row < rowCount; row++) {
    if ((lengths[row] as number) >= 0) {
      const text = textOf(fields, row);
      parts.push(text);
      // The texts have ASCII characters only.
      length += text.length;
    }
    offsets[row + 1] = length;
  }
  return { layout: "bytes", offsets, data: new TextEncoder().encode(parts.join("")) };
}

function uuidText({ bytes: source, starts }: ColumnFields, row: number): string {
  const start = starts[row] as number;
  const hex = Buffer.from(source.buffer, source.byteOffset + start, 16).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
