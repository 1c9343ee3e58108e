import type { DataType } from "../contract/schema.js";
import { decodeBase64, encodeBase64 } from "../hash/base64.js";
import { decodeJson } from "../json/decode.js";
import { encodeJson } from "../json/encode.js";
import { mapScalars } from "../json/map-scalars.js";
import { documentValue, removeMarkers } from "../json/typed-values.js";
import { type CalendarDate, dateOfTimestamp, midnight } from "./calendar-date.js";
import type { DataValue } from "./data-value.js";
import { Decimal, decimalOfDouble, integerOfDecimal, isZero, parseDecimal } from "./decimal.js";
import { doubleValue, Float, floatToText } from "./float.js";
import { HexBytes, parseHexBytes } from "./hex-bytes.js";
import { parseIso } from "./iso-text.js";
import { parseDouble, parseHexInteger, parseInteger } from "./number-text.js";
import { normalizeTime, TimeOfDay } from "./time-of-day.js";
import { Timestamp, timestampFromUnixTime } from "./timestamp.js";
import { isWeiInRange, Wei } from "./wei.js";

/**
 * What became of a value: its value in the other type; or a value for the variant column with this suffix instead of that of its
 * type (`v_str`); or it cannot be converted and goes to the variant column of its own type.
 */
export type Coercion =
  | { readonly outcome: "value"; readonly value: DataValue }
  | { readonly outcome: "variant"; readonly suffix: string; readonly value: DataValue }
  | { readonly outcome: "failure" };

/**
 * Converts a value of the data type `from`, not null, to the data type `to`. Of the same type it stays as it is, but texts within
 * json lose their type markers and wei has to be within its range. Timestamps keep their offset: see `normalizeTimestamp`.
 */
export function coerce(value: DataValue, from: DataType, to: DataType): Coercion {
  const converted = from === to ? sameType(value, to) : conversions[to][from]?.(value);
  if (converted === undefined) return failure;
  if (converted instanceof Wei && !isWeiInRange(converted.decimal)) {
    return { outcome: "variant", suffix: "str", value: `${converted}` };
  }
  return { outcome: "value", value: converted };
}

const failure: Coercion = { outcome: "failure" };

/** `undefined` when the value cannot be converted. */
type Conversion = (value: DataValue) => DataValue | undefined;

/** Every conversion that exists, by target and source. */
const conversions: Readonly<Record<DataType, Readonly<Partial<Record<DataType, Conversion>>>>> = {
  text: {
    json: (value) => jsonToText(value),
    bigint: (value) => `${integer(value)}`,
    wei: (value) => `${decimal(value)}`,
    decimal: (value) => `${decimal(value)}`,
    double: (value) => floatToText(double(value)),
    bool: (value) => (value === true ? "True" : "False"),
    binary: (value) => (value instanceof HexBytes ? `${value}` : encodeBase64(value as Uint8Array, { padding: true })),
    timestamp: (value) => `${value as Timestamp}`,
    date: (value) => `${value as CalendarDate}`,
    time: (value) => `${value as TimeOfDay}`,
  },
  binary: {
    text: (value) =>
      (text(value).startsWith("0x") ? parseHexBytes(text(value)) : decodeBase64(text(value))) ?? undefined,
    bigint: (value) => littleEndian(integer(value)),
  },
  bigint: {
    text: (value) => integerValue(parseInteger(text(value))),
    double: (value) => (Number.isInteger(double(value)) ? integerValue(BigInt(double(value))) : undefined),
    decimal: (value) => integerValue(integerOfDecimal(decimal(value), { maxDigits: maxIntegerDigits })),
    wei: (value) => integerValue(integerOfDecimal(decimal(value), { maxDigits: maxIntegerDigits })),
  },
  double: {
    text: (value) => textToDouble(text(value)),
    bigint: (value) => finiteDouble(Number(integer(value))),
    wei: (value) => doubleValue(decimal(value).toNumber()),
    decimal: (value) => doubleValue(decimal(value).toNumber()),
  },
  decimal: {
    text: (value) => textToDecimal(text(value)),
    bigint: (value) => new Decimal(integer(value)),
    wei: (value) => decimal(value),
    double: (value) => decimalOfDouble(double(value)),
  },
  wei: {
    text: (value) => decimalToWei(textToDecimal(text(value))),
    bigint: (value) => new Wei(integer(value)),
    double: (value) => decimalToWei(decimalOfDouble(double(value))),
    decimal: (value) => decimalToWei(decimal(value)),
  },
  bool: {
    text: (value) => booleanTexts.get(text(value).toLowerCase()),
    bigint: (value) => integer(value) !== 0n,
    double: (value) => double(value) !== 0,
    decimal: (value) => !isZero(decimal(value)),
    wei: (value) => !isZero(decimal(value)),
  },
  json: {
    text: (value) => textToJson(text(value)),
  },
  timestamp: {
    text: (value) => textToTimestamp(text(value)),
    bigint: (value) => timestampFromUnixTime(integer(value)) ?? undefined,
    double: (value) => timestampFromUnixTime(double(value)) ?? undefined,
    date: (value) => midnight(value as CalendarDate),
  },
  date: {
    text: (value) => dateOrFailure(textToTimestamp(text(value))),
    timestamp: (value) => dateOrFailure(value as Timestamp),
    bigint: (value) => dateOrFailure(timestampFromUnixTime(integer(value))),
    double: (value) => dateOrFailure(timestampFromUnixTime(double(value))),
  },
  time: {
    text: (value) => textToTime(text(value)),
  },
};

// As many digits as the reference's decimal context has.
const maxIntegerDigits = 28;

const booleanTexts: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "true", "t", "y", "1"].map((word) => [word, true] as const),
  ...["no", "false", "f", "n", "0"].map((word) => [word, false] as const),
]);

function sameType(value: DataValue, type: DataType): DataValue {
  return type === "json" ? removeMarkers(value) : value;
}

function text(value: DataValue): string {
  return value as string;
}

function integer(value: DataValue): bigint {
  return BigInt(value as number | bigint);
}

function double(value: DataValue): number {
  return value instanceof Float ? value.value : (value as number);
}

function decimal(value: DataValue): Decimal {
  return value instanceof Wei ? value.decimal : (value as Decimal);
}

/** The integer as decoded values hold it. */
function integerValue(value: bigint | null): number | bigint | undefined {
  if (value === null) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function finiteDouble(value: number): DataValue | undefined {
  return Number.isFinite(value) ? doubleValue(value) : undefined;
}

function textToDouble(value: string): DataValue | undefined {
  const hexadecimal = parseHexInteger(value);
  if (hexadecimal !== null) return finiteDouble(Number(hexadecimal));
  const parsed = parseDouble(value);
  return parsed === null ? undefined : doubleValue(parsed);
}

function textToDecimal(value: string): Decimal | undefined {
  const hexadecimal = parseHexInteger(value);
  return hexadecimal === null ? (parseDecimal(value) ?? undefined) : new Decimal(hexadecimal);
}

function decimalToWei(value: Decimal | undefined): Wei | undefined {
  return value === undefined || value.special === "NaN" ? undefined : new Wei(value);
}

function jsonToText(value: DataValue): string {
  return encodeJson(documentValue(value), { anyInteger: true });
}

// Half of a surrogate pair and numbers beyond doubles are no JSON of the reference, so they make no document but stay text.
function textToJson(value: string): DataValue | undefined {
  try {
    if (escapedSurrogate.test(value) && escapedSurrogate.test(JSON.stringify(JSON.parse(value)))) return undefined;
    return mapScalars(decodeJson(value), (scalar) => {
      if (typeof scalar !== "bigint") return scalar;
      if (BigInt.asIntN(64, scalar) === scalar || BigInt.asUintN(64, scalar) === scalar) return scalar;
      const double = Number(scalar);
      if (!Number.isFinite(double)) throw new RangeError();
      return new Float(double);
    });
  } catch {
    return undefined;
  }
}

// `JSON.stringify` escapes only those without their other half.
const escapedSurrogate = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/;

function textToTimestamp(value: string): Timestamp | undefined {
  const parsed = parseIso(value);
  if (parsed instanceof Timestamp) return parsed;
  if (parsed instanceof TimeOfDay) return undefined;
  if (parsed !== null) return midnight(parsed);
  const unixTime = parseDouble(value);
  return unixTime === null ? undefined : (timestampFromUnixTime(unixTime) ?? undefined);
}

function dateOrFailure(value: Timestamp | null | undefined): CalendarDate | undefined {
  return value === null || value === undefined ? undefined : (dateOfTimestamp(value) ?? undefined);
}

function textToTime(value: string): TimeOfDay | undefined {
  const parsed = parseIso(value);
  return parsed instanceof TimeOfDay ? normalizeTime(parsed) : undefined;
}

/** As few bytes as it takes, none for zero; negative integers have no such form. */
function littleEndian(value: bigint): Uint8Array | undefined {
  if (value < 0n) return undefined;
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  return Uint8Array.from(bytes);
}
