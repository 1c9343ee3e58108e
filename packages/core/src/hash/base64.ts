/** Base64 of RFC 4648, standard alphabet, without the padding at the end unless asked for. */
export function encodeBase64(bytes: Uint8Array, { padding = false } = {}): string {
  const out = new Uint8Array(base64Length(bytes.length, { padding }));
  encodeBase64Into(bytes, 0, bytes.length, out, 0);
  if (padding) out.fill(equals, unpaddedLength(bytes.length));
  return decoder.decode(out);
}

/** Number of characters that `byteLength` bytes take. */
export function base64Length(byteLength: number, { padding = false } = {}): number {
  return padding ? Math.ceil(byteLength / 3) * 4 : unpaddedLength(byteLength);
}

/**
 * Writes `bytes[start … end]` as Base64 without padding to `out` from `outOffset` on, an ASCII code per byte.
 * Gives the offset after the last one.
 */
export function encodeBase64Into(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outOffset: number,
): number {
  let at = outOffset;
  let i = start;
  for (; i + 2 < end; i += 3) {
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    out[at++] = alphabet[bits >> 18] as number;
    out[at++] = alphabet[(bits >> 12) & 63] as number;
    out[at++] = alphabet[(bits >> 6) & 63] as number;
    out[at++] = alphabet[bits & 63] as number;
  }
  if (i + 1 === end) {
    const bits = (bytes[i] as number) << 4;
    out[at++] = alphabet[bits >> 6] as number;
    out[at++] = alphabet[bits & 63] as number;
  } else if (i + 2 === end) {
    const bits = ((bytes[i] as number) << 10) | ((bytes[i + 1] as number) << 2);
    out[at++] = alphabet[bits >> 12] as number;
    out[at++] = alphabet[(bits >> 6) & 63] as number;
    out[at++] = alphabet[bits & 63] as number;
  }
  return at;
}

/** Decodes padded Base64, standard alphabet. `null` for any other text; bits left over at the end are ignored. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padded = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const length = text.length - padded;
  const bytes = new Uint8Array((length * 3) >> 2);
  let at = 0;
  let bits = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const sextet = code < 128 ? (sextets[code] as number) : invalid;
    if (sextet === invalid) return null;
    bits = (bits << 6) | sextet;
    if ((i & 3) !== 0) bytes[at++] = bits >> (6 - 2 * (i & 3));
  }
  return bytes;
}

function unpaddedLength(byteLength: number): number {
  return Math.ceil((byteLength * 4) / 3);
}

const alphabet = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const equals = 0x3d;
const invalid = 0xff;
const sextets = new Uint8Array(128).fill(invalid);
for (let i = 0; i < 64; i++) sextets[alphabet[i] as number] = i;
const decoder = new TextDecoder();
