import type { ByteBuffer } from "./byte-buffer.js";
import { definitionLevelsLength, writeDefinitionLevels } from "./definition-levels.js";
import { plainLength, writePlain } from "./plain.js";
import type { Presence, RowRange } from "./presence.js";
import { everyRow, nextRange, noRange } from "./presence.js";
import { codesLength, codeWidth, writeCodes } from "./run-length.js";
import type { ThriftStruct } from "./thrift.js";
import { i32, struct } from "./thrift.js";
import type { Values } from "./values.js";

/** What the pages of a column chunk hold. */
export interface ChunkContent {
  /** A value for each row; of a coded chunk, for each code. */
  readonly values: Values;
  /** `null`: rows hold their values themselves. Otherwise the code of each row that has a value, in order. */
  readonly coded: { readonly codes: Int32Array; readonly count: number } | null;
  readonly present: Presence;
  /** A column that is not nullable has no definition levels. */
  readonly nullable: boolean;
}

/** A page that is planned but not written. */
export interface Page {
  readonly kind: "dictionary" | "data";
  /** Bytes that `write` writes. */
  readonly length: number;
  /** Writes what follows the header. Room for `length` bytes has to be reserved. */
  readonly write: (out: ByteBuffer) => void;
  readonly header: ThriftStruct;
}

/** Bytes of a page before compression, about. A value that is larger has a page of its own. */
const maxPageBytes = 1 << 20;

/** Ids of the Parquet format. */
export const encodings = { plain: 0, rle: 3, rleDictionary: 8 } as const;

/** The pages of a column chunk in their order, the dictionary first. */
export function pagesOf(content: ChunkContent): readonly Page[] {
  const { values, coded, present } = content;
  const pages = coded === null ? [] : [dictionaryPage(values, coded.count)];
  for (let range = noRange; range.to < present.rowCount; ) {
    range = nextRange(present, range, pageEnd(content, range.to));
    pages.push(dataPage(content, range));
  }
  return pages;
}

function dictionaryPage(values: Values, codeCount: number): Page {
  const all = everyRow(codeCount);
  const range = nextRange(all, noRange, codeCount);
  return {
    kind: "dictionary",
    length: plainLength(values, all, range),
    write: (out) => writePlain(out, values, all, range),
    header: struct([1, i32(codeCount)], [2, i32(encodings.plain)]),
  };
}

function dataPage({ values, coded, present, nullable }: ChunkContent, range: RowRange): Page {
  const { firstValue: from, endValue: to } = range;
  const codes = coded === null || from === to ? null : { codes: coded.codes, from, to, width: codeWidth(coded.count) };
  const valueBytes = codes !== null ? codesLength(codes) : from === to ? 0 : plainLength(values, present, range);
  return {
    kind: "data",
    length: valueBytes + (nullable ? definitionLevelsLength(range) : 0),
    write: (out) => {
      if (nullable) writeDefinitionLevels(out, present, range);
      if (codes !== null) writeCodes(out, codes);
      else if (from < to) writePlain(out, values, present, range);
    },
    header: struct(
      [1, i32(range.to - range.from)],
      [2, i32(codes === null ? encodings.plain : encodings.rleDictionary)],
      [3, i32(encodings.rle)],
      [4, i32(encodings.rle)],
    ),
  };
}

/** The row after the last of the page that starts with row `from`. */
function pageEnd({ values, coded, present: { rowCount, count } }: ChunkContent, from: number): number {
  if (count === 0) return rowCount;
  if (coded === null && values.kind === "bytes") return bytesEnd(values.offsets, rowCount, from);
  const valueBits = coded !== null ? codeWidth(coded.count) : values.kind === "words" ? values.wordsPerValue * 32 : 1;
  return Math.min(rowCount, from + (Math.floor((maxPageBytes * 8) / valueBits) & ~7));
}

function bytesEnd(offsets: Int32Array, rowCount: number, from: number): number {
  const limit = (offsets[from] as number) + from * 4 + maxPageBytes;
  let end = from + 1;
  for (let beyond = rowCount + 1; end + 1 < beyond; ) {
    const middle = (end + beyond) >> 1;
    if ((offsets[middle] as number) + middle * 4 <= limit) end = middle;
    else beyond = middle;
  }
  return end;
}
