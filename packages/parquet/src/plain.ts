import type { ByteBuffer } from "./byte-buffer.js";
import type { RowRange } from "./definition-levels.js";
import { copyBits } from "./definition-levels.js";
import type { Presence } from "./presence.js";
import { isSet } from "./presence.js";
import type { BitValues, ByteValues, Values, WordValues } from "./values.js";

// https://github.com/apache/parquet-format/blob/master/Encodings.md#PLAIN

/** Writes the values that are present in a range of rows. */
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
export function plainLength(values: Values, { bits }: Presence, range: RowRange): number {
  switch (values.kind) {
    case "words":
      return range.present * values.wordsPerValue * 4;
    case "bits":
      return (range.present + 7) >> 3;
    case "bytes": {
      const { offsets } = values;
      if (bits === null) return range.present * 4 + (offsets[range.to] as number) - (offsets[range.from] as number);
      let length = range.present * 4;
      for (let row = range.from; row < range.to; row++) {
        if (isSet(bits, row)) length += (offsets[row + 1] as number) - (offsets[row] as number);
      }
      return length;
    }
  }
}

function writeWords(out: ByteBuffer, { words, wordsPerValue }: WordValues, { bits }: Presence, range: RowRange): void {
  if (bits === null) {
    const from = range.from * wordsPerValue;
    out.append(new Uint8Array(words.buffer, words.byteOffset + from * 4, (range.to - range.from) * wordsPerValue * 4));
    return;
  }
  const dense = new Int32Array(range.present * wordsPerValue);
  let position = 0;
  for (let row = range.from; row < range.to; row++) {
    if (!isSet(bits, row)) continue;
    const at = row * wordsPerValue;
    for (let word = 0; word < wordsPerValue; word++) dense[position++] = words[at + word] as number;
  }
  out.append(new Uint8Array(dense.buffer));
}

function writeBits(out: ByteBuffer, { bits: values }: BitValues, { bits }: Presence, range: RowRange): void {
  const length = (range.present + 7) >> 3;
  out.reserve(length);
  const target = out.bytes.subarray(out.length, out.length + length);
  if (bits === null) {
    copyBits(values, range, target);
  } else {
    target.fill(0);
    let position = 0;
    for (let row = range.from; row < range.to; row++) {
      if (!isSet(bits, row)) continue;
      if (isSet(values, row)) target[position >> 3] = (target[position >> 3] as number) | (1 << (position & 7));
      position++;
    }
  }
  out.length += length;
}

function writeBytes(out: ByteBuffer, { offsets, data }: ByteValues, { bits }: Presence, range: RowRange): void {
  for (let row = range.from; row < range.to; row++) {
    if (bits !== null && !isSet(bits, row)) continue;
    const start = offsets[row] as number;
    const end = offsets[row + 1] as number;
    out.int32(end - start);
    out.append(data.subarray(start, end));
  }
}
