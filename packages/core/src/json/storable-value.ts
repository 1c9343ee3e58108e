import { parseDecimal } from "../values/decimal.js";
import { parseIso } from "../values/iso-text.js";
import { Timestamp } from "../values/timestamp.js";

/** What no row can hold, in words that follow "is". */
export class Unstorable {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/**
 * What a row keeps of a JavaScript object that is neither plain, nor an array, map or value of this library: `Date` and Temporal
 * objects as timestamp, date or time; `ArrayBuffer` as bytes; sets, typed arrays and boxed values by their content; decimals of
 * decimal.js and its kin as `Decimal`; others as `toJSON` has them. What has none, or came from one, is given back as it is
 * and counts by its own properties. Errors, and what keeps its content elsewhere, cannot be kept.
 */
export function storableValue(value: object, { fromToJson }: { readonly fromToJson: boolean }): unknown {
  if (value instanceof Date) {
    // Like NaN, a date that is none counts as no value.
    return Number.isNaN(value.getTime()) ? null : timestampOf(value);
  }
  if (value instanceof Set) return [...value];
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer)
    return new Uint8Array(value).slice();
  if (ArrayBuffer.isView(value)) {
    return value instanceof DataView
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : Array.from(value as unknown as Iterable<unknown>);
  }
  if (boxes.some((box) => value instanceof box)) return value.valueOf();
  const tag = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (typeof tag === "string" && temporalTags.has(tag)) return temporalValue(value);
  if (isForeignDecimal(value)) return parseDecimal(`${value}`) ?? new Unstorable("a decimal that cannot be read");
  const { toJSON, then } = value as { readonly toJSON?: unknown; readonly then?: unknown };
  if (typeof toJSON === "function" && !fromToJson) return toJSON.call(value, "");
  if (typeof then === "function") return new Unstorable("a promise that was not awaited");
  if (value instanceof Error) return new Unstorable("an error");
  return Object.keys(value).length === 0 ? emptyValue(value) : value;
}

const boxes = [Number, String, Boolean, BigInt, Symbol] as const;

/** An object without properties: as it is, unless it is of a kind that keeps its content elsewhere, such as a `RegExp`. */
function emptyValue(value: object): unknown {
  const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return kind === "Object" ? value : new Unstorable(`a value of the kind ${kind.slice(0, 40)}`);
}

const temporalTags: ReadonlySet<string> = new Set([
  "Temporal.Instant",
  "Temporal.ZonedDateTime",
  "Temporal.PlainDateTime",
  "Temporal.PlainDate",
  "Temporal.PlainTime",
]);

function timestampOf(date: Date): Timestamp | Unstorable {
  const year = date.getUTCFullYear();
  return year < 1 || year > 9999 ? outsideOfCalendar : Timestamp.fromDate(date);
}

function temporalValue(value: object): unknown {
  // Zone and calendar follow in brackets: `2024-01-02T03:04:05+01:00[Europe/Paris][u-ca=gregory]`.
  const text = `${value}`.replace(/\[.*$/, "");
  return parseIso(text) ?? outsideOfCalendar;
}

const outsideOfCalendar = new Unstorable("a date outside of the years 1 to 9999");

/** decimal.js, big.js and bignumber.js keep sign, exponent and digits under these names. */
function isForeignDecimal(value: object): boolean {
  const { s, e, c, d, toFixed } = value as Readonly<Record<"s" | "e" | "c" | "d" | "toFixed", unknown>>;
  return (
    typeof toFixed === "function" &&
    typeof s === "number" &&
    typeof e === "number" &&
    (Array.isArray(c) || Array.isArray(d))
  );
}
