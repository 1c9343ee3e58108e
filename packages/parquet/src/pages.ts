import type { ByteBuffer } from "./byte-buffer.js";
import type { Codec } from "./compression.js";
import { definitionLevelsLength, writeDefinitionLevels } from "./definition-levels.js";
import { plainLength, writePlain } from "./plain.js";
import type { Presence, RowRange } from "./presence.js";
import { everyRow, nextRange, noRange } from "./presence.js";
import { codesLength, codeWidth, writeCodes } from "./run-length.js";
import type { ThriftStruct } from "./thrift.js";
import { i32, struct, writeStruct } from "./thrift.js";
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

/** Where pages go. */
export interface PageTarget {
  readonly out: ByteBuffer;
  /** Holds a page before it is compressed. */
  readonly scratch: ByteBuffer;
  readonly codec: Codec;
}

/** Ids of the Parquet format. */
export const encodings = { plain: 0, rle: 3, rleDictionary: 8 } as const;
const pageTypes = { data: 0, dictionary: 2 } as const;

/** Writes the values of the codes. Returns the bytes of the page before compression. */
export function writeDictionaryPage(target: PageTarget, values: Values, codeCount: number): number {
  const all = everyRow(codeCount);
  const range = nextRange(all, noRange, codeCount);
  const header = struct([1, i32(codeCount)], [2, i32(encodings.plain)]);
  return writePage(target, {
    length: plainLength(values, all, range),
    write: (out) => writePlain(out, values, all, range),
    header: (length, stored) => struct([1, i32(pageTypes.dictionary)], [2, i32(length)], [3, i32(stored)], [7, header]),
  });
}

/** Writes the rows, in pages of bounded size. Returns their bytes before compression. */
export function writeDataPages(target: PageTarget, content: ChunkContent): number {
  const { present } = content;
  let bytes = 0;
  for (let range = noRange; range.to < present.rowCount; ) {
    range = nextRange(present, range, pageEnd(content, range.to));
    bytes += writeDataPage(target, content, range);
  }
  return bytes;
}

function writeDataPage(
  target: PageTarget,
  { values, coded, present, nullable }: ChunkContent,
  range: RowRange,
): number {
  const { firstValue: from, endValue: to } = range;
  const codes = coded === null || from === to ? null : { codes: coded.codes, from, to, width: codeWidth(coded.count) };
  const valueBytes = codes === null ? (from === to ? 0 : plainLength(values, present, range)) : codesLength(codes);
  const encoding = codes === null ? encodings.plain : encodings.rleDictionary;
  const header = struct(
    [1, i32(range.to - range.from)],
    [2, i32(encoding)],
    [3, i32(encodings.rle)],
    [4, i32(encodings.rle)],
  );
  return writePage(target, {
    length: valueBytes + (nullable ? definitionLevelsLength(range) : 0),
    write: (out) => {
      if (nullable) writeDefinitionLevels(out, present, range);
      if (codes !== null) writeCodes(out, codes);
      else if (valueBytes > 0) writePlain(out, values, present, range);
    },
    header: (length, stored) => struct([1, i32(pageTypes.data)], [2, i32(length)], [3, i32(stored)], [5, header]),
  });
}

/** Bytes of a page before compression, about. A value that is larger has a page of its own. */
const maxPageBytes = 1 << 20;

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

interface Page {
  /** Bytes that `write` writes. */
  readonly length: number;
  readonly write: (out: ByteBuffer) => void;
  readonly header: (length: number, storedLength: number) => ThriftStruct;
}

function writePage({ out, scratch, codec }: PageTarget, { length, write, header }: Page): number {
  const start = out.length;
  if (codec.compress === null) {
    writeStruct(out, header(length, length));
    out.reserve(length);
    write(out);
    return out.length - start;
  }
  scratch.length = 0;
  scratch.reserve(length);
  write(scratch);
  const stored = codec.compress(scratch.bytes.subarray(0, length));
  writeStruct(out, header(length, stored.length));
  const headerBytes = out.length - start;
  out.append(stored);
  return headerBytes + length;
}
