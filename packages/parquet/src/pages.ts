import type { ByteBuffer } from "./byte-buffer.js";
import type { Codec } from "./compression.js";
import { definitionLevelsLength, writeDefinitionLevels } from "./definition-levels.js";
import { plainLength, writePlain } from "./plain.js";
import type { Presence } from "./presence.js";
import { countPresent, presence } from "./presence.js";
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

/** Bytes of a page before compression, about. A value that is larger has a page of its own. */
const maxPageBytes = 1 << 20;

export const encodings = { plain: 0, rle: 3, rleDictionary: 8 } as const;
const pageTypes = { data: 0, dictionary: 2 } as const;

/** Writes the values of the codes. Returns the bytes of the page before compression. */
export function writeDictionaryPage(target: PageTarget, values: Values, codeCount: number): number {
  const all = presence(null, codeCount);
  const range = { from: 0, to: codeCount, present: codeCount };
  const header = struct([1, i32(codeCount)], [2, i32(encodings.plain)]);
  return writePage(target, {
    length: plainLength(values, all, range),
    write: (out) => writePlain(out, values, all, range),
    header: (length, stored) => struct([1, i32(pageTypes.dictionary)], [2, i32(length)], [3, i32(stored)], [7, header]),
  });
}

/** Writes the rows, in pages of bounded size. Returns their bytes before compression. */
export function writeDataPages(target: PageTarget, { values, coded, present, nullable }: ChunkContent): number {
  const width = coded === null ? 0 : codeWidth(coded.count);
  let bytes = 0;
  let firstCode = 0;
  for (let from = 0; from < present.rowCount; ) {
    const to = coded === null ? plainPageEnd(values, present, from) : boundedEnd(present, from, width);
    const range = { from, to, present: countPresent(present, from, to) };
    const run =
      coded !== null && range.present > 0
        ? { codes: coded.codes, from: firstCode, to: firstCode + range.present, width }
        : null;
    const encoding = run === null ? encodings.plain : encodings.rleDictionary;
    const header = struct([1, i32(to - from)], [2, i32(encoding)], [3, i32(encodings.rle)], [4, i32(encodings.rle)]);
    const valueBytes = range.present === 0 ? 0 : run === null ? plainLength(values, present, range) : codesLength(run);
    bytes += writePage(target, {
      length: (nullable ? definitionLevelsLength(range) : 0) + valueBytes,
      write: (out) => {
        if (nullable) writeDefinitionLevels(out, present, range);
        if (run !== null) writeCodes(out, run);
        else if (range.present > 0) writePlain(out, values, present, range);
      },
      header: (length, stored) => struct([1, i32(pageTypes.data)], [2, i32(length)], [3, i32(stored)], [5, header]),
    });
    from = to;
    firstCode += range.present;
  }
  return bytes;
}

/** The row after the last of the page that starts with row `from`. */
function plainPageEnd(values: Values, present: Presence, from: number): number {
  switch (values.kind) {
    case "words":
      return boundedEnd(present, from, values.wordsPerValue * 32);
    case "bits":
      return boundedEnd(present, from, 1);
    case "bytes": {
      if (present.count === 0) return present.rowCount;
      const { offsets } = values;
      const limit = (offsets[from] as number) + from * 4 + maxPageBytes;
      let end = from + 1;
      for (let beyond = present.rowCount + 1; end + 1 < beyond; ) {
        const middle = (end + beyond) >> 1;
        if ((offsets[middle] as number) + middle * 4 <= limit) end = middle;
        else beyond = middle;
      }
      return end;
    }
  }
}

function boundedEnd({ rowCount }: Presence, from: number, valueBits: number): number {
  return Math.min(rowCount, from + (Math.floor((maxPageBytes * 8) / valueBits) & ~7));
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
  write(scratch);
  const stored = codec.compress(scratch.bytes.subarray(0, length));
  writeStruct(out, header(length, stored.length));
  const headerBytes = out.length - start;
  out.append(stored);
  return headerBytes + length;
}
