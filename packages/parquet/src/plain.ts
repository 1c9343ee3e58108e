import { copyBits } from "./bits.js";
import type { ByteBuffer } from "./byte-buffer.js";
import type { Presence, RowRange } from "./presence.js";
import type { BitValues, ByteValues, Values, WordValues } from "./values.js";

// https://github.com/apache/parquet-format/blob/master/Encodings.md#PLAIN

/** Writes the values that are present in a range of rows. Room for `plainLength` bytes has to be reserved. */
export function writePlain(out: ByteBuffer, values: Values, present: Presence, range: RowRange): void {
  switch (values.kind) {
    case "words":
      writeWords(out, values, present, range);
      return;
    case "bits":
      writeBits(out, values, present, range);
      return;
    case "bytes":
      writeBytes(out, values, present, range);
  }
}

/** Bytes that `writePlain` writes. */
export function plainLength(values: Values, { rows }: Presence, range: RowRange): number {
  const count = range.endValue - range.firstValue;
  switch (values.kind) {
    case "words":
      return count * values.wordsPerValue * 4;
    case "bits":
      return (count + 7) >> 3;
    case "bytes": {
      const { offsets } = values;
      let length = count * 4;
      if (rows === null) return length + (offsets[range.to] as number) - (offsets[range.from] as number);
      for (let position = range.firstValue; position < range.endValue; position++) {
        const row = rows[position] as number;
        length += (offsets[row + 1] as number) - (offsets[row] as number);
      }
      return length;
    }
  }
}

function writeWords(out: ByteBuffer, { words, wordsPerValue }: WordValues, { rows }: Presence, range: RowRange): void {
  const length = (range.endValue - range.firstValue) * wordsPerValue * 4;
  if (rows === null) {
    out.append(new Uint8Array(words.buffer, words.byteOffset + range.from * wordsPerValue * 4, length));
    return;
  }
  const { view } = out;
  let at = out.length;
  for (let position = range.firstValue; position < range.endValue; position++) {
    const first = (rows[position] as number) * wordsPerValue;
    for (let word = first; word < first + wordsPerValue; word++, at += 4)
      view.setInt32(at, words[word] as number, true);
  }
  out.length = at;
}

function writeBits(out: ByteBuffer, { bits }: BitValues, { rows }: Presence, range: RowRange): void {
  const target = out.take((range.endValue - range.firstValue + 7) >> 3);
  if (rows === null) {
    copyBits(target, bits, range);
    return;
  }
  let pending = 0;
  let count = 0;
  for (let position = range.firstValue; position < range.endValue; position++) {
    const row = rows[position] as number;
    pending |= (((bits[row >> 3] as number) >> (row & 7)) & 1) << (count & 7);
    count++;
    if ((count & 7) === 0) {
      target[(count >> 3) - 1] = pending;
      pending = 0;
    }
  }
  if ((count & 7) !== 0) target[count >> 3] = pending;
}

/** From this many bytes on, a call that copies them is faster than a loop. */
const longValue = 192;

function writeBytes(out: ByteBuffer, { offsets, data }: ByteValues, { rows }: Presence, range: RowRange): void {
  const { bytes, view } = out;
  const source = new DataView(data.buffer, data.byteOffset, data.byteLength);
  // Short values are copied in words. What the last word copies too much, the next value overwrites.
  const lastWord = data.byteLength - 8;
  let at = out.length;
  for (let position = range.firstValue; position < range.endValue; position++) {
    const row = rows === null ? position : (rows[position] as number);
    let from = offsets[row] as number;
    const to = offsets[row + 1] as number;
    view.setInt32(at, to - from, true);
    at += 4;
    const end = at + to - from;
    if (to - from >= longValue) bytes.set(data.subarray(from, to), at);
    else if (to <= lastWord)
      for (; at < end; at += 8, from += 8) view.setFloat64(at, source.getFloat64(from, true), true);
    else for (; at < end; at++, from++) bytes[at] = data[from] as number;
    at = end;
  }
  out.length = at;
}
