import { decodeBase64 } from "../../src/hash/base64.js";
import { CalendarDate } from "../../src/values/calendar-date.js";
import type { DataValue } from "../../src/values/data-value.js";
import { Decimal } from "../../src/values/decimal.js";
import { doubleValue } from "../../src/values/float.js";
import { HexBytes, parseHexBytes } from "../../src/values/hex-bytes.js";
import { parseIso } from "../../src/values/iso-text.js";
import { TimeOfDay } from "../../src/values/time-of-day.js";
import { Timestamp } from "../../src/values/timestamp.js";
import { Wei } from "../../src/values/wei.js";

/** Stands for a UUID object: this library knows no such type, only that it becomes text. */
export class UuidObject {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** A value as the vectors write it (README, section 1), as decoded values hold it. */
export function typedValue(written: unknown): DataValue {
  if (typeof written !== "object" || written === null) return written as DataValue;
  if (Array.isArray(written)) return written.map(typedValue);
  const entries = Object.entries(written);
  const [entry] = entries;
  if (entries.length !== 1 || entry === undefined || !entry[0].startsWith("$")) {
    return new Map(entries.map(([key, value]) => [key, typedValue(value)]));
  }
  const [tag, content] = entry;
  return tag === "$object" ? objectValue(content) : taggedValue(tag, content as string);
}

/** The object of `[key, value]` pairs; keys may be any value. */
function objectValue(pairs: unknown): DataValue {
  const entries = pairs as readonly (readonly [unknown, unknown])[];
  return new Map(entries.map(([key, value]) => [typedValue(key) as string, typedValue(value)]));
}

function taggedValue(tag: string, text: string): DataValue {
  switch (tag) {
    case "$int":
      return BigInt(text);
    case "$float":
      return doubleValue(Number(text));
    case "$decimal":
      return new Decimal(text);
    case "$wei":
      return new Wei(text);
    case "$timestamp":
      return instance(parseIso(text), Timestamp);
    case "$date":
      return instance(parseIso(text), CalendarDate);
    case "$time":
      return instance(parseIso(text), TimeOfDay);
    case "$bytes":
      return instance(decodeBase64(text), Uint8Array);
    case "$hexbytes":
      return new HexBytes(instance(parseHexBytes(text), Uint8Array));
    case "$uuid":
      return new UuidObject(text) as unknown as DataValue;
  }
  throw new Error(`The vectors use ${tag}, which their README does not name.`);
}

function instance<Value>(value: unknown, type: abstract new (...args: never) => Value): Value {
  if (value instanceof type) return value;
  throw new Error(`A typed value of the vectors does not read as ${type.name}.`);
}

/** A result that says an error is expected, instead of a value. */
export function isExpectedError(result: unknown): boolean {
  return typeof result === "object" && result !== null && "error" in result && typeof result.error === "string";
}
