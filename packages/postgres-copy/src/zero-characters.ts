import type { ByteValues } from "./wire-column.js";

/** The first row whose text has the character U+0000, -1 for none. Documents have it as the escape `\u0000`. */
export function rowWithZero(
  { offsets, data, indices }: ByteValues,
  { rowCount, isJson }: { readonly rowCount: number; readonly isJson: boolean },
): number {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.indexOf(isJson ? "\\u0000" : 0) < 0) return -1;
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index < 0) continue;
    const value = bytes.subarray(offsets[index] as number, offsets[index + 1] as number);
    if (isJson ? hasEscapedZero(value) : value.includes(0)) return row;
  }
  return -1;
}

/** A backslash before the escape may itself be escaped, which makes `u0000` mere letters. */
function hasEscapedZero(json: Buffer): boolean {
  for (let at = json.indexOf("\\u0000"); at >= 0; at = json.indexOf("\\u0000", at + 1)) {
    let before = at;
    while (before > 0 && json[before - 1] === backslash) before--;
    if ((at - before) % 2 === 0) return true;
  }
  return false;
}

const backslash = 0x5c;
