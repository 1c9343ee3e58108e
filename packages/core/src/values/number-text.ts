import { trimText } from "./trim-text.js";

/** Trimmed, with every decimal digit of Unicode as its ASCII digit. */
export function asciiNumberText(text: string): string {
  return trimText(text).replace(otherDigit, asciiDigit);
}

/** Reads an integer in hexadecimal after `0x`. `null` for any other text. */
export function parseHexInteger(text: string): bigint | null {
  const digits = trimText(text);
  return hexadecimal.test(digits) ? BigInt(digits.replaceAll("_", "")) : null;
}

/** Reads an integer: decimal, or hexadecimal after `0x`; `_` may stand between digits. `null` for any other text. */
export function parseInteger(text: string): bigint | null {
  const digits = asciiNumberText(text);
  if (!decimal.test(digits)) return parseHexInteger(text);
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

const otherDigit = /(?![0-9])\p{Nd}/gu;
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
