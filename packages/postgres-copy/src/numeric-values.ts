import type { Column } from "@dlt/core";
import { NumericBuffer } from "./numeric-buffer.js";
import { type ColumnPlace, valueOutOfRange } from "./refusals.js";
import type { ByteValues } from "./wire-column.js";

/** Where the rows of a column find their values: for each row an index, -1 for none; `null`: the row itself. */
export interface RowIndices {
  readonly rowCount: number;
  readonly indices: Int32Array | null;
  readonly place: ColumnPlace;
}

type Integers = { readonly words: Int32Array; readonly wordsPerValue: 2 | 4; readonly scale: number };

/**
 * Integers × 10^-scale as `numeric`, row by row.
 * @throws SchemaError `FILE_VALUE_OUT_OF_RANGE` for more digits before or after the point than the column has
 */
export function numericOfIntegers({ words, wordsPerValue, scale }: Integers, rows: RowIndices): ByteValues {
  const { precision, scale: wantedScale = 0 } = rows.place.column;
  const digits = precision === undefined ? Number.POSITIVE_INFINITY : precision - wantedScale + scale;
  // What is nearer to the limit than doubles can tell is compared exactly.
  const surelyFits = 10 ** digits * (1 - 1e-12);
  const needsFraction = precision !== undefined && scale > wantedScale;
  const quad = new Int32Array(4);
  return inRowOrder(rows, (buffer, index, row) => {
    const at = index * wordsPerValue;
    const word1 = words[at + 1] as number;
    const sign = wordsPerValue === 4 ? 0 : word1 >> 31;
    const word2 = wordsPerValue === 4 ? (words[at + 2] as number) : sign;
    const word3 = wordsPerValue === 4 ? (words[at + 3] as number) : sign;
    const size = Math.abs(
      word3 * 2 ** 96 + (word2 >>> 0) * 2 ** 64 + (word1 >>> 0) * 2 ** 32 + ((words[at] as number) >>> 0),
    );
    quad[0] = words[at] as number;
    quad[1] = word1;
    quad[2] = word2;
    quad[3] = word3;
    if (size >= surelyFits || needsFraction) {
      const value = integerOf(quad);
      const isTooLong = size >= surelyFits && (value < 0n ? -value : value) >= 10n ** BigInt(Math.max(0, digits));
      if (isTooLong || (needsFraction && value % 10n ** BigInt(scale - wantedScale) !== 0n))
        throw valueOutOfRange(rows.place, row);
    }
    buffer.addWords(quad, 0, scale);
  });
}

/**
 * Decimal text as `numeric`, row by row. Digits beyond the scale of the column are rounded by the server, as SQL does.
 * @throws SchemaError `FILE_VALUE_OUT_OF_RANGE` for more digits before the point than the column has
 */
export function numericOfText({ offsets, data }: Column & { readonly layout: "bytes" }, rows: RowIndices): ByteValues {
  const { precision, scale = 0 } = rows.place.column;
  const most = precision === undefined ? Number.POSITIVE_INFINITY : precision - scale;
  return inRowOrder(rows, (buffer, index, row) => {
    if (!buffer.addText(data, offsets[index] as number, offsets[index + 1] as number, most))
      throw valueOutOfRange(rows.place, row);
  });
}

function inRowOrder(
  { rowCount, indices }: RowIndices,
  add: (buffer: NumericBuffer, index: number, row: number) => void,
): ByteValues {
  const buffer = new NumericBuffer();
  const offsets = new Int32Array(rowCount + 1);
  const rows = indices === null ? null : new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index >= 0) add(buffer, index, row);
    if (rows !== null) rows[row] = index < 0 ? -1 : row;
    offsets[row + 1] = buffer.length;
  }
  return { kind: "bytes", offsets, data: buffer.bytes, indices: rows, prefix: null };
}

function integerOf(quad: Int32Array): bigint {
  let value = BigInt(quad[3] as number);
  for (let i = 2; i >= 0; i--) value = (value << 32n) | BigInt((quad[i] as number) >>> 0);
  return value;
}
