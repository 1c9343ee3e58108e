/** Without the characters that Python's `str.strip` takes off both ends. */
export function trimText(text: string): string {
  return text.replace(leadingSpace, "").replace(trailingSpace, "");
}

/** Trimmed, with every decimal digit of Unicode as its ASCII digit. */
export function asciiNumberText(text: string): string {
  const trimmed = trimText(text);
  return onlyAscii.test(trimmed) ? trimmed : trimmed.replace(anyDigit, asciiDigit);
}

/** Reads an integer: decimal, or hexadecimal after `0x`; `_` may stand between digits. `null` for any other text. */
export function parseInteger(text: string): bigint | null {
  const digits = asciiNumberText(text);
  if (hexadecimal.test(digits)) return BigInt(digits.replaceAll("_", ""));
  if (!decimal.test(digits)) return null;
  const magnitude = BigInt(digits.replace(/^[+-]/, "").replaceAll("_", ""));
  return digits.startsWith("-") ? -magnitude : magnitude;
}

/** Reads a double: fraction, exponent, `nan`, `inf`, `infinity`; `_` may stand between digits. `null` for any other text. */
export function parseDouble(text: string): number | null {
  const digits = asciiNumberText(text);
  if (float.test(digits)) return Number(digits.replaceAll("_", ""));
  const special = notFinite.exec(digits);
  if (special === null) return null;
  if (special[2] !== undefined) return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

// Unlike `trim`, Python counts U+001C to U+001F and U+0085 as white space, and U+FEFF not.
const leadingSpace = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const trailingSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;
const onlyAscii = /^[\0-\x7f]*$/;
const anyDigit = /\p{Nd}/gu;
const hexadecimal = /^0x[0-9a-fA-F]+(_[0-9a-fA-F]+)*$/;
const decimal = /^[+-]?\d+(_\d+)*$/;
const float = /^[+-]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)([eE][+-]?\d+(_\d+)*)?$/;
const notFinite = /^([+-]?)(?:inf(?:inity)?|(nan))$/i;

// Unicode has decimal digits only in runs from zero to nine, so the distance to the start of the run tells the value.
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let start = code;
  while (isDigit.test(String.fromCodePoint(start - 1))) start--;
  return `${(code - start) % 10}`;
}
const isDigit = /^\p{Nd}$/u;
