import { copyBits } from "./bits.js";
import type { ByteBuffer } from "./byte-buffer.js";
import type { BitValues, ByteValues, ValueList, WordValues } from "./values.js";

// https://github.com/apache/parquet-format/blob/master/Encodings.md#PLAIN

/** The values `from … to` of a list. */
export interface ListRange {
  readonly list: ValueList;
  readonly from: number;
  readonly to: number;
}

/** Writes values. Room for `plainLength` bytes has to be reserved. */
export function writePlain(out: ByteBuffer, range: ListRange): void {
  const { values } = range.list;
  switch (values.kind) {
    case "words":
      writeWords(out, values, range);
      return;
    case "bits":
      writeBits(out, values, range);
      return;
    case "bytes":
      writeBytes(out, values, range);
  }
}

/** Bytes that `writePlain` writes. */
export function plainLength({ list: { values, indices }, from, to }: ListRange): number {
  switch (values.kind) {
    case "words":
      return (to - from) * values.wordsPerValue * 4;
    case "bits":
      return (to - from + 7) >> 3;
    case "bytes": {
      const { offsets } = values;
      let length = (to - from) * 4;
      if (indices === null) return length + (offsets[to] as number) - (offsets[from] as number);
      for (let position = from; position < to; position++) {
        const index = indices[position] as number;
        length += (offsets[index + 1] as number) - (offsets[index] as number);
      }
      return length;
    }
  }
}

function writeWords(
  out: ByteBuffer,
  { words, wordsPerValue }: WordValues,
  { list: { indices }, from, to }: ListRange,
): void {
  if (indices === null) {
    const bytesPerValue = wordsPerValue * 4;
    out.append(new Uint8Array(words.buffer, words.byteOffset + from * bytesPerValue, (to - from) * bytesPerValue));
    return;
  }
  const { view } = out;
  let at = out.length;
  for (let position = from; position < to; position++) {
    const first = (indices[position] as number) * wordsPerValue;
    for (let word = first; word < first + wordsPerValue; word++, at += 4)
      view.setInt32(at, words[word] as number, true);
  }
  out.length = at;
}

function writeBits(out: ByteBuffer, { bits }: BitValues, { list: { indices }, from, to }: ListRange): void {
  const target = out.take((to - from + 7) >> 3);
  if (indices === null) {
    copyBits(target, bits, { from, to });
    return;
  }
  let pending = 0;
  for (let position = from; position < to; position++) {
    const index = indices[position] as number;
    const count = position - from;
    pending |= (((bits[index >> 3] as number) >> (index & 7)) & 1) << (count & 7);
    if ((count & 7) === 7 || position === to - 1) {
      target[count >> 3] = pending;
      pending = 0;
    }
  }
}

/** From this many bytes on, a call that copies them is faster than a loop. */
const longValue = 192;

function writeBytes(
  out: ByteBuffer,
  { offsets, data, isText }: ByteValues,
  { list: { indices }, from, to }: ListRange,
): void {
  const { bytes, view } = out;
  const source = new DataView(data.buffer, data.byteOffset, data.byteLength);
  // Short text is copied eight bytes at a time; what is too much, the next value overwrites. The bytes travel as doubles, which
  // keep their bits unless they are NaN: that takes a byte above 0xEF before one of 0x7F or 0xFF, which UTF-8 never has.
  const lastWord = isText ? data.byteLength - 8 : -1;
  let at = out.length;
  for (let position = from; position < to; position++) {
    const index = indices === null ? position : (indices[position] as number);
    let start = offsets[index] as number;
    const end = offsets[index + 1] as number;
    view.setInt32(at, end - start, true);
    at += 4;
    const next = at + end - start;
    if (end <= lastWord && end - start < longValue) {
      for (; at < next; at += 8, start += 8) view.setFloat64(at, source.getFloat64(start, true), true);
    } else {
      bytes.set(data.subarray(start, end), at);
    }
    at = next;
  }
  out.length = at;
}
