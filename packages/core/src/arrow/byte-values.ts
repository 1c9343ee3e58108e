import { isSet } from "../columns/bitmap.js";
import { maxColumnBytes, tooManyBytes } from "../columns/byte-limit.js";
import type { ArrowArray } from "./arrow-array.js";

/** Bytes of each row, as columns hold them. */
interface ByteRows {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
}

/** Text or bytes with an offset for each value. The same memory where offsets have 32 bits. */
export function offsetBytes(name: string, { offsets, values, length }: ArrowArray): ByteRows {
  // Without values there may be no offset at all.
  if (length === 0) return { offsets: new Int32Array(1), data: new Uint8Array(0) };
  if (offsets instanceof Int32Array) return { offsets: offsets.subarray(0, length + 1), data: values };
  const from = Number(offsets[0] ?? 0n);
  const bytes = Number(offsets[length] ?? 0n) - from;
  if (bytes > maxColumnBytes) throw tooManyBytes(name);
  const narrow = new Int32Array(length + 1);
  const halves = new Int32Array(offsets.buffer, offsets.byteOffset, offsets.length * 2);
  const low = from % 2 ** 32;
  // Within 2 GiB the low halves tell the distances.
  for (let row = 0; row <= length; row++) narrow[row] = ((halves[row * 2] as number) - low) >>> 0;
  return { offsets: narrow, data: values.subarray(from, from + bytes) };
}

/** Text or bytes of fixed width. */
export function fixedBytes({ values, length }: ArrowArray, width: number): ByteRows {
  const offsets = new Int32Array(length + 1);
  for (let row = 1; row <= length; row++) offsets[row] = row * width;
  return { offsets, data: values };
}

const bytesPerView = 16;
/** A longer value is elsewhere: its view has four bytes of it, the number of the buffer, and the position there. */
const bytesWithinView = 12;

/** Text or bytes behind views. */
export function viewBytes(name: string, { values, buffers, validity, length }: ArrowArray): ByteRows {
  const views = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const offsets = new Int32Array(length + 1);
  let bytes = 0;
  for (let row = 0; row < length; row++) {
    if (isSet(validity, row)) bytes += views.getInt32(row * bytesPerView, true);
    if (bytes > maxColumnBytes) throw tooManyBytes(name);
    offsets[row + 1] = bytes;
  }
  const data = new Uint8Array(bytes);
  for (let row = 0; row < length; row++) {
    const at = offsets[row] as number;
    const size = (offsets[row + 1] as number) - at;
    if (size === 0) continue;
    const view = row * bytesPerView;
    const isWithin = size <= bytesWithinView;
    const buffer = isWithin ? values : buffers[views.getInt32(view + 8, true)];
    const start = isWithin ? view + 4 : views.getInt32(view + 12, true);
    if (buffer !== undefined) data.set(buffer.subarray(start, start + size), at);
  }
  return { offsets, data };
}
