import type { ByteBuffer } from "./byte-buffer.js";
import type { ChunkContent } from "./chunk-content.js";
import { definitionLevelsLength, writeDefinitionLevels } from "./definition-levels.js";
import { plainLength, writePlain } from "./plain.js";
import type { RowRange } from "./presence.js";
import { nextRange, noRange, rowAt } from "./presence.js";
import { codesLength, codeWidth, writeCodes } from "./run-length.js";
import type { ThriftStruct } from "./thrift.js";
import { i32, struct } from "./thrift.js";
import type { ByteValues, ValueList } from "./values.js";

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

/** The pages of a column chunk in their order, the dictionary first. A column that is not nullable has no definition levels. */
export function pagesOf(content: ChunkContent, nullable: boolean): readonly Page[] {
  const { present, list, codes } = content;
  const pages = codes === null ? [] : [dictionaryPage(list)];
  for (let range = noRange; range.to < present.rowCount; ) {
    range = nextRange(present, range, pageEnd(content, range));
    pages.push(dataPage(content, range, nullable));
  }
  return pages;
}

function dictionaryPage(list: ValueList): Page {
  const all = { list, from: 0, to: list.count };
  return {
    kind: "dictionary",
    length: plainLength(all),
    write: (out) => writePlain(out, all),
    header: struct([1, i32(list.count)], [2, i32(encodings.plain)]),
  };
}

function dataPage({ present, list, codes }: ChunkContent, range: RowRange, nullable: boolean): Page {
  const { firstValue: from, endValue: to } = range;
  const plain = { list, from, to };
  const coded = codes !== null && from < to ? { codes, from, to, width: codeWidth(list.count) } : null;
  const levelBytes = nullable ? definitionLevelsLength(range) : 0;
  return {
    kind: "data",
    length: levelBytes + (coded === null ? plainLength(plain) : codesLength(coded)),
    write: (out) => {
      if (nullable) writeDefinitionLevels(out, present, range);
      if (coded === null) writePlain(out, plain);
      else writeCodes(out, coded);
    },
    header: struct(
      [1, i32(range.to - range.from)],
      [2, i32(coded === null ? encodings.plain : encodings.rleDictionary)],
      [3, i32(encodings.rle)],
      [4, i32(encodings.rle)],
    ),
  };
}

/** The row after the last of the page that comes after `previous`. */
function pageEnd({ present, list, codes }: ChunkContent, previous: RowRange): number {
  const { values } = list;
  if (codes === null && values.kind === "bytes") {
    const end = bytesEnd(values, list, previous.endValue);
    return end === list.count ? present.rowCount : rowAt(present, end);
  }
  const valueBits = codes !== null ? codeWidth(list.count) : values.kind === "words" ? values.wordsPerValue * 32 : 1;
  return Math.min(present.rowCount, previous.to + (Math.floor((maxPageBytes * 8) / valueBits) & ~7));
}

/** The position after the last of the values that fit in a page. */
function bytesEnd({ offsets }: ByteValues, list: ValueList, from: number): number {
  const { indices, count } = list;
  if (indices === null && plainLength({ list, from, to: count }) <= maxPageBytes) return count;
  let length = 0;
  for (let position = from; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    length += 4 + (offsets[index + 1] as number) - (offsets[index] as number);
    if (length > maxPageBytes && position > from) return position;
  }
  return count;
}
