const quote = 0x22;
const backslash = 0x5c;

/**
 * Position behind the JSON value at `from`: for a string behind its closing quote, for a document behind the bracket that closes it,
 * for anything else where a separator follows. Looks at quotes and brackets only: whether the value is valid is for its decoder.
 */
export function valueEnd(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  let depth = 0;
  for (let at = from; at < length; at++) {
    switch (bytes[at]) {
      case quote:
        at = stringEnd(bytes, at + 1);
        if (depth === 0) return at + 1;
        break;
      case 0x7b:
      case 0x5b:
        depth += 1;
        break;
      case 0x7d:
      case 0x5d:
        depth -= 1;
        if (depth === 0) return at + 1;
        if (depth < 0) return at;
        break;
      case 0x2c:
      case 0x20:
      case 0x0a:
      case 0x0d:
      case 0x09:
        if (depth === 0) return at;
        break;
      default:
    }
  }
  return length;
}

/** Position of the quote that ends the string whose text begins at `from`. */
function stringEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at += 1;
  return at;
}
