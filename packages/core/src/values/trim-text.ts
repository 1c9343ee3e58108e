/** Without white space on both ends, as Python's `str.strip` has it. */
export function trimText(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start++;
  while (start < end && isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** True for text that has nothing but white space. */
export function isBlank(text: string): boolean {
  return trimText(text) === "";
}

// Unlike `trim`, Python counts U+001C to U+001F and U+0085, and U+FEFF not.
function isWhiteSpace(code: number): boolean {
  if (code > 0x20 && code < 0x85) return false;
  return (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x20) || otherSpaces.has(code);
}

const otherSpaces: ReadonlySet<number> = new Set([
  0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028,
  0x2029, 0x202f, 0x205f, 0x3000,
]);
