import type { TextBuffer } from "./text-buffer.js";

/** Writes `data[from … to]`, which is UTF-8, as a JSON string with the necessary escapes only. */
export function writeJsonString(out: TextBuffer, data: Uint8Array, from: number, to: number): void {
  out.reserve(to - from + 2);
  let { bytes, length } = out;
  bytes[length++] = quote;
  for (let i = from; i < to; i++) {
    const byte = data[i] as number;
    if (byte >= 0x20 && byte !== quote && byte !== backslash) {
      bytes[length++] = byte;
      continue;
    }
    // Room for the escape, the rest of the text and the quote.
    out.length = length;
    out.reserve(to - i + 7);
    bytes = out.bytes;
    bytes[length++] = backslash;
    const short = shortEscapes[byte] as number;
    if (short !== 0) {
      bytes[length++] = short;
    } else {
      bytes[length++] = 0x75;
      bytes[length++] = zero;
      bytes[length++] = zero;
      bytes[length++] = zero + (byte >> 4);
      bytes[length++] = hexDigits.charCodeAt(byte & 15);
    }
  }
  bytes[length++] = quote;
  out.length = length;
}

/** Copies JSON text. White space between values is left out if the text has line breaks. */
export function copyJson(out: TextBuffer, json: Uint8Array): void {
  if (!json.includes(lineFeed) && !json.includes(carriageReturn)) {
    out.append(json, 0, json.length);
    return;
  }
  out.reserve(json.length);
  const { bytes } = out;
  let at = out.length;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] as number;
    if (!inString && byte <= 0x20) continue;
    bytes[at++] = byte;
    if (byte === quote) inString = !inString;
    else if (byte === backslash) bytes[at++] = json[++i] as number;
  }
  out.length = at;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const zero = 0x30;
const backslash = 0x5c;
const hexDigits = "0123456789abcdef";
/** By character: the one behind the backslash; 0 for those that are written as `\u00…`. */
const shortEscapes = new Uint8Array(0x80);
shortEscapes[quote] = quote;
shortEscapes[backslash] = backslash;
shortEscapes[lineFeed] = 0x6e;
shortEscapes[carriageReturn] = 0x72;
shortEscapes[0x08] = 0x62;
shortEscapes[0x09] = 0x74;
shortEscapes[0x0c] = 0x66;
