import { trimText } from "./trim-text.js";

/** Trimmed, with every decimal digit of Unicode as its ASCII digit. */
export function asciiNumberText(text: string): string {
  return asciiDigits(trimText(text));
}

/** Every decimal digit of Unicode as its ASCII digit. */
export function asciiDigits(text: string): string {
  return text.replace(otherDigit, asciiDigit);
}

/**
 * Reads an integer in hexadecimal after `0x`, then with all that Python's `int(text, 16)` takes: white space, a sign, a second
 * `0x`, `_` between digits. `null` for any other text.
 */
export function parseHexInteger(text: string): bigint | null {
  const trimmed = trimText(text);
  if (!trimmed.startsWith("0x")) return null;
  const match = hexadecimal.exec(asciiNumberText(trimmed.slice(2)));
  if (match?.[2] === undefined) return null;
  const magnitude = BigInt(`0x${match[2].replaceAll("_", "")}`);
  return match[1] === "-" ? -magnitude : magnitude;
}

/**
 * Reads an integer: decimal of up to 4300 digits, or hexadecimal after `0x`; `_` may stand between digits. `null` for any other
 * text.
 */
export function parseInteger(text: string): bigint | null {
  const digits = asciiNumberText(text);
  if (!decimal.test(digits)) return parseHexInteger(text);
  const plain = digits.replace(/^[+-]/, "").replaceAll("_", "");
  if (plain.length > maxDecimalDigits) return null;
  return digits.startsWith("-") ? -BigInt(plain) : BigInt(plain);
}

// Python's limit for the conversion of text, which takes time that grows with the square of the length.
const maxDecimalDigits = 4300;

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
const hexadecimal = /^([+-]?)(?:0[xX]_?)?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)$/;
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
