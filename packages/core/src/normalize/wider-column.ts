import type { ColumnDecision } from "../contract/column-origin.js";
import type { NormalizeRun } from "../contract/normalizer.js";
import type { ColumnSchema } from "../contract/schema.js";
import type { CompleteColumn } from "../schema/predicates.js";
import { sizedType } from "../schema/sized-type.js";
import type { DataValue } from "../values/data-value.js";
import { Decimal } from "../values/decimal.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { Wei } from "../values/wei.js";

/** Digits that 128 bits hold. */
const maxDecimalDigits = 38;
/** Fractional digits of a second that values have. */
const microDigits = 6;

/** True for a column whose precision may be too small for a value of its data type. */
export function isNarrow({ dataType, precision }: CompleteColumn): boolean {
  if (typeof precision !== "number") return false;
  switch (dataType) {
    case "bigint":
      return precision < 64;
    case "timestamp":
    case "time":
      return precision < microDigits;
    case "text":
    case "binary":
    case "decimal":
      return true;
    default:
      return false;
  }
}

/**
 * The column with a precision, and for decimals a scale, that also holds a value of its data type; `null` when the value fits as it
 * is, or fits no column of that data type. Lengths grow to the next power of two, so that a column seldom grows.
 */
export function widerColumn(
  column: CompleteColumn,
  value: DataValue,
  { maxTimestampPrecision }: Pick<NormalizeRun, "maxTimestampPrecision">,
): ColumnSchema | null {
  if (!isNarrow(column)) return null;
  const precision = column.precision ?? 0;
  switch (column.dataType) {
    case "bigint":
      return wider(
        column,
        [8, 16, 32, 64].find((bits) => bits > precision && fitsBits(value, bits)),
        fitsBits(value, precision),
      );
    case "text": {
      const length = typeof value === "string" ? lengthOf(value, precision) : 0;
      return wider(column, powerOfTwoFrom(length), length <= precision);
    }
    case "binary": {
      const length = value instanceof Uint8Array ? value.length : 0;
      return wider(column, powerOfTwoFrom(length), length <= precision);
    }
    case "timestamp":
    case "time": {
      const digits = fractionDigits(value);
      return wider(
        column,
        Math.min(digits, maxTimestampPrecision),
        digits <= precision || maxTimestampPrecision <= precision,
      );
    }
    default:
      return widerDecimal(column, precision, value);
  }
}

/** What became of a column, for whoever asks why it is as it is. */
export function widerDecision(before: ColumnSchema, after: ColumnSchema): ColumnDecision {
  return { kind: "wider", before: sizedType(before), after: sizedType(after) };
}

function wider(column: CompleteColumn, precision: number | undefined, fits: boolean): ColumnSchema | null {
  return fits || precision === undefined ? null : { ...column, precision };
}

function fitsBits(value: DataValue, bits: number): boolean {
  if (typeof value !== "number" && typeof value !== "bigint") return true;
  const limit = 2n ** BigInt(bits - 1);
  const integer = BigInt(value);
  return integer >= -limit && integer < limit;
}

/** In code points, as far as it matters: text whose UTF-16 length is within the limit is not counted. */
function lengthOf(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

function powerOfTwoFrom(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(length, 1)));
}

function fractionDigits(value: DataValue): number {
  const micros =
    value instanceof Timestamp ? value.microseconds : value instanceof TimeOfDay ? value.micros % 1_000_000 : 0;
  return String(micros).padStart(microDigits, "0").replace(/0+$/, "").length;
}

function widerDecimal(column: CompleteColumn, precision: number, value: DataValue): ColumnSchema | null {
  const decimal = value instanceof Wei ? value.decimal : value;
  if (!(decimal instanceof Decimal) || decimal.special !== null) return null;
  const scale = column.scale ?? 0;
  const digits = decimal.digits.replace(/0+$/, "");
  const exponent = decimal.exponent + decimal.digits.length - digits.length;
  const integerDigits = digits === "" ? 0 : Math.max(0, digits.length + exponent);
  const ownScale = digits === "" ? 0 : Math.max(0, -exponent);
  if (integerDigits <= precision - scale && ownScale <= scale) return null;
  const newScale = Math.max(scale, ownScale);
  const newPrecision = Math.max(precision - scale, integerDigits) + newScale;
  return newPrecision > maxDecimalDigits ? null : { ...column, precision: newPrecision, scale: newScale };
}
