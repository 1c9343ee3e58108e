import type { ByteBuffer } from "./byte-buffer.js";
import type { ChunkSource } from "./chunk-content.js";
import { chunkContent } from "./chunk-content.js";
import type { Codec } from "./compression.js";
import type { Page } from "./pages.js";
import { pagesOf } from "./pages.js";
import type { ChunkLayout } from "./part-layout.js";
import { physicalType } from "./physical-type.js";
import type { ValueRange } from "./statistics.js";
import { rangeOf } from "./statistics.js";
import type { ThriftStruct } from "./thrift.js";
import { i32, struct, writeStruct } from "./thrift.js";

/** The pages of a column, planned but not written. */
export interface ColumnChunk {
  readonly type: number;
  readonly pages: readonly Page[];
  readonly nullCount: number;
  readonly range: ValueRange | null;
  /** Bytes that are enough for the pages before compression, with their headers. */
  readonly maxBytes: number;
}

/** Where pages go. */
export interface PageTarget {
  readonly out: ByteBuffer;
  /** Holds a page before it is compressed. */
  readonly scratch: ByteBuffer;
  readonly codec: Codec;
}

/** The header of a page has at most nine integers. */
const maxHeaderBytes = 64;

/**
 * Plans the pages of a column.
 * @throws SchemaError `FILE_VALUE_NULL`, `FILE_VALUE_OUT_OF_RANGE`, `FILE_COLUMN_TYPE_MISMATCH`
 */
export function columnChunk(source: ChunkSource): ColumnChunk {
  const physical = physicalType(source.place.column);
  const content = chunkContent(source, physical);
  const { present, list } = content;
  const pages = pagesOf(content, source.place.column.nullable);
  return {
    type: physical.type,
    pages,
    nullCount: present.rowCount - present.count,
    range: rangeOf(list, physical.type),
    maxBytes: pages.reduce((sum, { length }) => sum + length + maxHeaderBytes, 0),
  };
}

/** Appends the pages of a column and tells where they are. */
export function writeColumnChunk(target: PageTarget, { type, pages, nullCount, range }: ColumnChunk): ChunkLayout {
  const { out, codec } = target;
  const offset = out.length;
  let uncompressedBytes = 0;
  let dictionaryBytes = 0;
  for (const page of pages) {
    uncompressedBytes += writePage(target, page);
    if (page.kind === "dictionary") dictionaryBytes = out.length - offset;
  }
  const storedBytes = out.length - offset;
  return { type, codec: codec.id, offset, dictionaryBytes, storedBytes, uncompressedBytes, nullCount, range };
}

/** Returns the bytes of the page before compression, with its header. */
function writePage({ out, scratch, codec }: PageTarget, page: Page): number {
  const start = out.length;
  const { length } = page;
  if (codec.compress === null) {
    writeStruct(out, pageHeader(page, length));
    out.reserve(length);
    page.write(out);
    return out.length - start;
  }
  scratch.length = 0;
  scratch.reserve(length);
  page.write(scratch);
  const stored = codec.compress(scratch.written());
  writeStruct(out, pageHeader(page, stored.length));
  const headerBytes = out.length - start;
  out.append(stored);
  return headerBytes + length;
}

function pageHeader({ kind, length, header }: Page, storedBytes: number): ThriftStruct {
  const isData = kind === "data";
  return struct([1, i32(isData ? 0 : 2)], [2, i32(length)], [3, i32(storedBytes)], [isData ? 5 : 7, header]);
}
