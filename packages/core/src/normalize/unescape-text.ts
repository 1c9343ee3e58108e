import type { BytesBuilder } from "../columns/column-builder.js";

const quote = 0x22;
const backslash = 0x5c;
const step = 256;

/**
 * Copies the rest of a JSON string, from its first backslash at `from`, behind `at` in the data of a text column, with escapes
 * resolved. Gives the position behind the closing quote and the end of the copy, or `null` for what is not valid or has no UTF-8
 * form (a lone surrogate).
 */
export function copyEscapedText(
  bytes: Uint8Array,
  from: number,
  text: BytesBuilder,
  out: number,
): { readonly end: number; readonly copied: number } | null {
  let at = from;
  let copied = out;
  let data = text.ensure(copied, step);
  let room = copied + step - 4;
  for (;;) {
    if (copied >= room) {
      data = text.ensure(copied, step);
      room = copied + step - 4;
    }
    const byte = bytes[at++];
    if (byte === quote) return { end: at, copied };
    if (byte === undefined || byte < 0x20) return null;
    if (byte !== backslash) {
      data[copied++] = byte;
      continue;
    }
    const escaped = bytes[at++];
    if (escaped === 0x75) {
      let code = fourHexDigits(bytes, at);
      if (code < 0) return null;
      at += 4;
      if (code >= 0xd800 && code <= 0xdfff) {
        const low = bytes[at] === backslash && bytes[at + 1] === 0x75 ? fourHexDigits(bytes, at + 2) : -1;
        if (code > 0xdbff || low < 0xdc00 || low > 0xdfff) return null;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
      }
      copied = writeUtf8(data, copied, code);
      continue;
    }
    const character = unescaped(escaped);
    if (character < 0) return null;
    data[copied++] = character;
  }
}

function unescaped(escaped: number | undefined): number {
  switch (escaped) {
    case quote:
    case backslash:
    case 0x2f:
      return escaped;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return -1;
  }
}

function fourHexDigits(bytes: Uint8Array, from: number): number {
  let code = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[from + i] ?? 0;
    const digit =
      byte >= 0x30 && byte <= 0x39
        ? byte - 0x30
        : byte >= 0x61 && byte <= 0x66
          ? byte - 0x57
          : byte >= 0x41 && byte <= 0x46
            ? byte - 0x37
            : -1;
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

function writeUtf8(data: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    data[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    data[at] = 0xc0 | (code >> 6);
    data[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    data[at] = 0xe0 | (code >> 12);
    data[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    data[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  data[at] = 0xf0 | (code >> 18);
  data[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  data[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  data[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}
