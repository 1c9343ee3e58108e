import type { TextBuffer } from "./text-buffer.js";

/** Writes `data[from … to]` between quotes, with every quote in it doubled. */
export function writeQuoted(out: TextBuffer, data: Uint8Array, from: number, to: number): void {
  out.reserve(to - from + 2);
  let { bytes, length } = out;
  bytes[length++] = quote;
  for (let i = from; i < to; i++) {
    const byte = data[i] as number;
    if (byte === quote) {
      // Room for both quotes, the rest of the text and the quote at the end.
      out.length = length;
      out.reserve(to - i + 2);
      bytes = out.bytes;
      bytes[length++] = quote;
    }
    bytes[length++] = byte;
  }
  bytes[length++] = quote;
  out.length = length;
}

/** Puts what was written from `start` on between quotes. */
export function quoteFrom(out: TextBuffer, start: number): void {
  const text = out.bytes.slice(start, out.length);
  out.length = start;
  writeQuoted(out, text, 0, text.length);
}

/** True when what was written from `start` on would be misread without quotes. */
export function needsQuotes(out: TextBuffer, start: number, delimiter: number): boolean {
  const { bytes, length } = out;
  for (let i = start; i < length; i++) {
    const byte = bytes[i] as number;
    if (byte === delimiter || byte === quote || byte === lineFeed || byte === carriageReturn) return true;
  }
  return false;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
