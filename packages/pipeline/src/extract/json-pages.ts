import type { JsonText } from "@dlt/core";
import { JsonScanner } from "@dlt/core/engine";
import type { ByteReader } from "./byte-reader.js";
import { ownText } from "./own-text.js";

/** `lines`: one value a line, which is cut without looking at it; `values`: values of any form, or one array of them. */
export type JsonLayout = "lines" | "values";

/** The first page is small, so that the shape of the rows is known early. */
const firstPageBytes = 256 * 1024;
const pageBytes = 8 * 1024 * 1024;
/** For bytes that trickle in: each page is as large as what came. */
const trickleBytes = 64 * 1024;

/**
 * JSON as pages of whole values. Nothing is parsed, bytes are read to where they stay, and no more is held than a page, or the
 * largest value.
 * @throws SourceError `JSON_TEXT_CUT` when values are cut off
 */
export async function* jsonPages(bytes: ByteReader, layout: JsonLayout): AsyncGenerator<JsonText> {
  const scanner = layout === "lines" ? null : new JsonScanner(null);
  let page = new Uint8Array(bytes.isReady ? firstPageBytes : trickleBytes);
  let filled = 0;
  let end = 0;
  let isFirst = true;
  for (;;) {
    if (filled === page.length) page = larger(page);
    const count = await bytes.read(page, filled);
    if (count === 0) break;
    let from = filled;
    filled += count;
    if (isFirst) {
      // A byte order mark is cut off where it stands; shorter text cannot hold anything but the beginning of one.
      if (filled < 3) continue;
      isFirst = false;
      from = hasByteOrderMark(page) ? 3 : 0;
      page.fill(0x20, 0, from);
    }
    const last = scanner === null ? endOfLines(page, from, filled) : scanner.scan(page, from, filled);
    if (last > 0) end = last;
    if (end === 0 || (bytes.isReady && filled < page.length)) continue;
    const rest = page.subarray(end, filled);
    if (bytes.isReady) {
      const next = new Uint8Array(Math.max(pageBytes, rest.length * 2));
      next.set(rest);
      yield ownText(page.subarray(0, end));
      page = next;
    } else {
      yield ownText(page.slice(0, end));
      page.copyWithin(0, end, filled);
    }
    filled = rest.length;
    end = 0;
  }
  scanner?.end();
  const remaining = page.slice(0, filled);
  if (!remaining.every(isSpace)) yield ownText(remaining);
}

/** Position after the last line break in `page[from … to]`; 0 when there is none. */
function endOfLines(page: Uint8Array, from: number, to: number): number {
  return page.subarray(from, to).lastIndexOf(0x0a) < 0 ? 0 : page.subarray(0, to).lastIndexOf(0x0a) + 1;
}

function larger(page: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(page.length * 2);
  copy.set(page);
  return copy;
}

function isSpace(byte: number): boolean {
  return byte <= 0x20;
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
