import type { ByteBuffer } from "./byte-buffer.js";
import { varintLength } from "./byte-buffer.js";
import type { Presence } from "./presence.js";

/** Rows `from … to` of a column, `present` of which have a value. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
  readonly present: number;
}

/** Writes for each row whether it has a value, as one run: a bit per row, or the bit they share. Preceded by the length. */
export function writeDefinitionLevels(out: ByteBuffer, { bits }: Presence, range: RowRange): void {
  const rowCount = range.to - range.from;
  out.int32(definitionLevelsLength(range) - 4);
  if (bits === null || range.present === rowCount || range.present === 0) {
    out.varint(rowCount * 2);
    out.byte(range.present === 0 ? 0 : 1);
    return;
  }
  const groups = (rowCount + 7) >> 3;
  out.varint(groups * 2 + 1);
  out.reserve(groups);
  copyBits(bits, range, out.bytes.subarray(out.length, out.length + groups));
  out.length += groups;
}

/** Bytes that `writeDefinitionLevels` writes. */
export function definitionLevelsLength({ from, to, present }: RowRange): number {
  const rowCount = to - from;
  if (present === rowCount || present === 0) return 4 + varintLength(rowCount * 2) + 1;
  const groups = (rowCount + 7) >> 3;
  return 4 + varintLength(groups * 2 + 1) + groups;
}

/** Copies bits `from … to` to the start of `target`; the bits after them in its last byte become 0. */
export function copyBits(
  bits: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  target: Uint8Array,
): void {
  const first = from >> 3;
  const shift = from & 7;
  if (shift === 0) {
    target.set(bits.subarray(first, first + target.length));
  } else {
    for (let byte = 0; byte < target.length; byte++) {
      target[byte] = ((bits[first + byte] as number) >> shift) | ((bits[first + byte + 1] ?? 0) << (8 - shift));
    }
  }
  const rest = (to - from) & 7;
  const last = target.length - 1;
  if (rest !== 0) target[last] = (target[last] as number) & ((1 << rest) - 1);
}
