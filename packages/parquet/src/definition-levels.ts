import { copyBits } from "./bits.js";
import type { ByteBuffer } from "./byte-buffer.js";
import { varintLength } from "./byte-buffer.js";
import type { Presence, RowRange } from "./presence.js";

/**
 * Writes for each row whether it has a value, as one run: a bit per row, or the bit that they share. Preceded by the length.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md#RLE
 */
export function writeDefinitionLevels(out: ByteBuffer, { bits }: Presence, range: RowRange): void {
  const rowCount = range.to - range.from;
  const valueCount = range.endValue - range.firstValue;
  out.int32(definitionLevelsLength(range) - 4);
  if (bits === null || valueCount === rowCount || valueCount === 0) {
    out.varint(rowCount * 2);
    out.byte(valueCount === 0 ? 0 : 1);
    return;
  }
  const groups = (rowCount + 7) >> 3;
  out.varint(groups * 2 + 1);
  copyBits(out.take(groups), bits, range);
}

/** Bytes that `writeDefinitionLevels` writes. */
export function definitionLevelsLength({ from, to, firstValue, endValue }: RowRange): number {
  const rowCount = to - from;
  const valueCount = endValue - firstValue;
  if (valueCount === rowCount || valueCount === 0) return 4 + varintLength(rowCount * 2) + 1;
  const groups = (rowCount + 7) >> 3;
  return 4 + varintLength(groups * 2 + 1) + groups;
}
