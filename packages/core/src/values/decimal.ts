import { SchemaError } from "../errors/index.js";
import { asciiNumberText } from "./number-text.js";
import { valueKind } from "./value-kind.js";

/** `digits` × 10^`exponent`, or a special value, which has no digits and exponent 0. */
export interface DecimalParts {
  readonly negative: boolean;
  /** Without leading zeros; `"0"` for zero. */
  readonly digits: string;
  readonly exponent: number;
  readonly special: "NaN" | "Infinity" | null;
}

/** An exact decimal number of any size. Trailing zeros and the form count: `1.10` is not written as `1.1`. */
export class Decimal implements DecimalParts {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
  readonly special: "NaN" | "Infinity" | null;

  /**
   * From its text (`"1.10"`, `"1E+3"`, `"NaN"`), an integer, or parts.
   * @throws SchemaError `DECIMAL_TEXT_INVALID` for other text
   */
  constructor(source: string | bigint | DecimalParts) {
    const parts = typeof source === "object" ? source : parseParts(`${source}`);
    if (parts === null) {
      throw new SchemaError("DECIMAL_TEXT_INVALID", "A text is not a decimal number.", {
        hint: "Use digits with an optional sign, fraction and exponent, such as `-12.50` or `1E+3`.",
      });
    }
    this.negative = parts.negative;
    this.digits = parts.digits;
    this.exponent = parts.exponent;
    this.special = parts.special;
  }

  get [valueKind]() {
    return "decimal" as const;
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** Exact, with trailing zeros; scientific as the General Decimal Arithmetic specification has it: `1E+3`, `1.5E-10`. */
  toString(): string {
    const sign = this.negative ? "-" : "";
    if (this.special !== null) return sign + this.special;
    const { digits, exponent } = this;
    const leading = adjustedExponent(this);
    if (exponent > 0 || leading < -6) {
      const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
      return `${sign}${digits.slice(0, 1)}${fraction}E${leading < 0 ? "" : "+"}${leading}`;
    }
    if (exponent === 0) return sign + digits;
    const padded = digits.padStart(1 - exponent, "0");
    return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  /**
   * The integer nearest to the number × 10^`scale`, halves away from zero as SQL rounds; `null` for NaN and infinities, and for
   * more than 10,000 zeros at its end.
   */
  rounded(scale: number): bigint | null {
    const exact = unscaled(this, scale);
    const cut = -(this.exponent + scale);
    if (exact !== null || this.special !== null || cut < 0) return exact;
    const kept = BigInt(this.digits.slice(0, -cut) || "0");
    const next = cut <= this.digits.length ? Number(this.digits.at(-cut)) : 0;
    const magnitude = next >= 5 ? kept + 1n : kept;
    return this.negative ? -magnitude : magnitude;
  }
}

/** Reads a decimal number: trimmed, any digits of Unicode, `_` ignored. `null` for any other text. */
export function parseDecimal(text: string): Decimal | null {
  const parts = parseParts(text);
  return parts === null ? null : new Decimal(parts);
}

/** The exact value of a double: `0.1` has 55 digits after the point. */
export function decimalOfDouble(value: number): Decimal {
  if (!Number.isFinite(value)) {
    return new Decimal({
      negative: value < 0,
      digits: "",
      exponent: 0,
      special: Number.isNaN(value) ? "NaN" : "Infinity",
    });
  }
  const negative = value < 0 || Object.is(value, -0);
  let magnitude = Math.abs(value);
  let halvings = 0;
  // Scaling by two is exact: it moves the point of a binary fraction until none is left.
  for (; !Number.isInteger(magnitude); halvings++) magnitude *= 2;
  // magnitude / 2^halvings = magnitude * 5^halvings / 10^halvings
  const digits = `${BigInt(magnitude) * 5n ** BigInt(halvings)}`;
  return new Decimal({ negative, digits, exponent: 0 - halvings, special: null });
}

/** The integer that a decimal is; `null` when it has a fraction, is not finite, or has more than `maxDigits` digits. */
export function integerOfDecimal(decimal: Decimal, { maxDigits }: { readonly maxDigits: number }): bigint | null {
  if (decimal.special !== null) return null;
  if (isZero(decimal)) return 0n;
  if (adjustedExponent(decimal) >= maxDigits) return null;
  return unscaled(decimal, 0);
}

/** No column has so many digits, and a text as short as `1e1000000000` must not become a number of as many zeros. */
const mostZeros = 10_000;

/**
 * The integer `decimal` × 10^`scale`; `null` when that has a fraction, more than 10,000 zeros at its end, or the decimal is not
 * finite.
 */
export function unscaled(decimal: Decimal, scale: number): bigint | null {
  if (decimal.special !== null) return null;
  if (isZero(decimal)) return 0n;
  const shift = decimal.exponent + scale;
  if (shift > mostZeros) return null;
  const kept = shift < 0 ? decimal.digits.slice(0, shift) : decimal.digits;
  if (shift < 0 && /[^0]/.test(decimal.digits.slice(shift))) return null;
  const magnitude = shift > 0 ? BigInt(kept) * 10n ** BigInt(shift) : BigInt(kept);
  return decimal.negative ? -magnitude : magnitude;
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. Not for NaN. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const signA = signOf(a);
  const signB = signOf(b);
  if (signA !== signB || signA === 0) return signA - signB;
  if (a.special !== null || b.special !== null) {
    return signA * ((a.special === null ? 0 : 1) - (b.special === null ? 0 : 1));
  }
  const magnitude = adjustedExponent(a) - adjustedExponent(b);
  if (magnitude !== 0) return signA * magnitude;
  const length = Math.max(a.digits.length, b.digits.length);
  const digitsA = a.digits.padEnd(length, "0");
  const digitsB = b.digits.padEnd(length, "0");
  return digitsA === digitsB ? 0 : digitsA < digitsB ? -signA : signA;
}

/** False for zero of either sign. */
export function isZero(decimal: Decimal): boolean {
  return decimal.digits === "0";
}

/** Power of ten of the first digit. */
function adjustedExponent(decimal: DecimalParts): number {
  return decimal.exponent + decimal.digits.length - 1;
}

function signOf(decimal: Decimal): number {
  return isZero(decimal) ? 0 : decimal.negative ? -1 : 1;
}

const finite = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const notFinite = /^([+-]?)(?:(inf(?:inity)?)|s?nan\d*)$/i;
// Exponents of the reference have at most 18 digits; what is beyond doubles cannot be counted with.
const maxExponent = Number.MAX_SAFE_INTEGER / 2;

function parseParts(text: string): DecimalParts | null {
  const plain = asciiNumberText(text).replaceAll("_", "");
  const number = finite.exec(plain);
  if (number !== null) {
    const [, sign, whole = "", fraction = "", power = "0"] = number;
    const digits = whole + fraction;
    const exponent = Number(power) - fraction.length;
    if (digits === "" || Math.abs(exponent) > maxExponent) return null;
    return { negative: sign === "-", digits: digits.replace(/^0+(?=.)/, ""), exponent, special: null };
  }
  const special = notFinite.exec(plain);
  if (special === null) return null;
  return {
    negative: special[1] === "-",
    digits: "",
    exponent: 0,
    special: special[2] === undefined ? "NaN" : "Infinity",
  };
}
