import { Float } from "@dlt/core";
import { doubleValue, floatToText, parseIso } from "@dlt/core/engine";
import type { ScalarTag } from "yaml";

/**
 * Plain scalars as PyYAML 6 resolves them (YAML 1.1, `yaml/resolver.py`), so that a text which it would take for something else
 * is written in quotes, and what it wrote without quotes is read as what it was. Tests are tried in order.
 */
const nullTag: ScalarTag = {
  tag: "tag:yaml.org,2002:null",
  default: true,
  test: /^(?:~|null|Null|NULL|)$/,
  identify: (value) => value === null,
  resolve: () => null,
  stringify: () => "null",
};

const booleanTag: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  identify: (value) => typeof value === "boolean",
  resolve: (text) => /^(?:yes|true|on)$/i.test(text),
  stringify: ({ value }) => String(value),
};

const integerTag: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  identify: (value) => typeof value === "bigint" || Number.isInteger(value),
  resolve: integerOf,
  stringify: ({ value }) => String(value),
};

const floatTag: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  identify: (value) => value instanceof Float || (typeof value === "number" && !Number.isInteger(value)),
  resolve: (text) => doubleOf(text),
  stringify: ({ value }) => floatText(value instanceof Float ? value.value : (value as number)),
};

const timestampTag: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/,
  resolve: (text, onError) => {
    const iso = isoText(text);
    if (iso === null) onError("This looks like a date or a time, but is not in the calendar; put a text in quotes");
    return iso;
  },
};

/** `<<` would merge another mapping, `=` has no use that is left. */
const refusedTag: ScalarTag = {
  tag: "tag:yaml.org,2002:merge",
  default: true,
  test: /^(?:<<|=)$/,
  resolve: (text, onError) => {
    onError(`Nothing can be merged here; put a text \`${text}\` in quotes`);
    return text;
  },
};

/** The tags of all scalars; `text` is how the library writes texts, which it leaves to it where it can. */
export function scalarTags(text: ScalarTag): ScalarTag[] {
  const escaping: ScalarTag = {
    ...text,
    stringify: (item, ...rest) =>
      needsEscapes.test(item.value as string)
        ? escapedText(item.value as string)
        : (text.stringify?.(item, ...rest) ?? ""),
  };
  return [escaping, nullTag, booleanTag, integerTag, floatTag, timestampTag, refusedTag];
}

/** Line breaks, and what PyYAML does not print as it is: controls, surrogates without their other half, byte order marks. */
const needsEscapes = /[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

function escapedText(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function integerOf(text: string): number | bigint {
  const digits = text.replaceAll("_", "").replace(/^\+/, "");
  const isNegative = digits.startsWith("-");
  const magnitude = magnitudeOf(isNegative ? digits.slice(1) : digits);
  const value = isNegative ? -magnitude : magnitude;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function magnitudeOf(digits: string): bigint {
  if (digits.includes(":")) return digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits}`);
  return BigInt(digits);
}

function doubleOf(text: string): number | Float {
  const digits = text.replaceAll("_", "").toLowerCase().replace(/^\+/, "");
  if (digits === ".nan") return new Float(Number.NaN);
  if (digits.endsWith(".inf")) return new Float(digits.startsWith("-") ? -Infinity : Infinity);
  if (!digits.includes(":")) return doubleValue(Number(digits));
  const sign = digits.startsWith("-") ? -1 : 1;
  return doubleValue(
    sign *
      digits
        .replace(/^-/, "")
        .split(":")
        .reduce((sum, part) => sum * 60 + Number(part), 0),
  );
}

/** A double as PyYAML writes it: `1.0`, `1.0e+16`, `.nan`, `-.inf`. */
function floatText(value: number): string {
  const text = floatToText(value);
  if (text === "nan") return ".nan";
  if (text.endsWith("inf")) return text.replace("inf", ".inf");
  return text.includes(".") ? text : text.replace("e", ".0e");
}

/** The text of a date or date-time as a stored schema has it; `null` for one that is not in the calendar. */
function isoText(text: string): string | null {
  const match =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|[-+]\d\d?(?::\d\d)?))?)?$/.exec(
      text,
    );
  if (match === null) return null;
  const [, year = "", month = "", day = "", hour, minute = "", second = "", fraction = "", zone = ""] = match;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (hour === undefined) return isInCalendar(date) ? date : null;
  const micros = fraction.slice(0, 6).padEnd(6, "0");
  const time = `${hour.padStart(2, "0")}:${minute}:${second}${micros === "000000" ? "" : `.${micros}`}`;
  const iso = `${date}T${time}${offsetText(zone)}`;
  return isInCalendar(iso) ? iso : null;
}

function offsetText(zone: string): string {
  if (zone === "") return "";
  const [hours = "", minutes = "00"] = zone.slice(1).split(":");
  if (zone === "Z" || (Number(hours) === 0 && Number(minutes) === 0)) return "Z";
  return `${zone.charAt(0)}${hours.padStart(2, "0")}:${minutes}`;
}

function isInCalendar(iso: string): boolean {
  return parseIso(iso) !== null;
}
