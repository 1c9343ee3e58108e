import type { ByteBuffer } from "./byte-buffer.js";
import { varintLength } from "./byte-buffer.js";

// The hybrid of run lengths and bit packing: https://github.com/apache/parquet-format/blob/master/Encodings.md#RLE

/** Codes `from … to`, which take `width` bits each; preceded by a byte with the width, as in data pages. */
export interface Codes {
  readonly codes: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** Bits that hold every code below `count`; at least 1, because not every reader takes 0. */
export function codeWidth(count: number): number {
  return Math.max(1, 32 - Math.clz32(count - 1));
}

/** Writes one run: of a value repeated if there is no other, otherwise packed. */
export function writeCodes(out: ByteBuffer, { codes, from, to, width }: Codes): void {
  const valueBytes = (width + 7) >> 3;
  out.byte(width);
  if (isConstant(codes, from, to)) {
    out.varint((to - from) * 2);
    const code = codes[from] as number;
    for (let byte = 0; byte < valueBytes; byte++) out.byte((code >> (byte * 8)) & 0xff);
    return;
  }
  const groups = (to - from + 7) >> 3;
  out.varint(groups * 2 + 1);
  out.reserve(groups * width);
  pack(out.bytes, out.length, { codes, from, to, width });
  out.length += groups * width;
}

/** Bytes that `writeCodes` writes. */
export function codesLength({ codes, from, to, width }: Codes): number {
  if (isConstant(codes, from, to)) return 1 + varintLength((to - from) * 2) + ((width + 7) >> 3);
  const groups = (to - from + 7) >> 3;
  return 1 + varintLength(groups * 2 + 1) + groups * width;
}

function isConstant(codes: Int32Array, from: number, to: number): boolean {
  const first = codes[from];
  for (let index = from + 1; index < to; index++) {
    if (codes[index] !== first) return false;
  }
  return true;
}

function pack(bytes: Uint8Array, at: number, { codes, from, to, width }: Codes): void {
  let position = at;
  let pending = 0;
  let pendingBits = 0;
  for (let index = from; index < to; index++) {
    pending |= (codes[index] as number) << pendingBits;
    pendingBits += width;
    while (pendingBits >= 8) {
      bytes[position++] = pending;
      pending >>>= 8;
      pendingBits -= 8;
    }
  }
  if (pendingBits > 0) bytes[position++] = pending;
  bytes.fill(0, position, at + ((to - from + 7) >> 3) * width);
}
