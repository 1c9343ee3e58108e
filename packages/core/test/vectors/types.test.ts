import { expect } from "vitest";
import type { DataType } from "../../src/contract/schema.js";
import { InternalError } from "../../src/errors/index.js";
import { coerce } from "../../src/values/coerce.js";
import { dataTypeOf } from "../../src/values/data-type.js";
import type { DataValue } from "../../src/values/data-value.js";
import { type DetectorName, detectType } from "../../src/values/detect-type.js";
import { parseIso } from "../../src/values/iso-text.js";
import { normalizeTimestamp, Timestamp, truncateTimestamp } from "../../src/values/timestamp.js";
import { testVectors } from "./read-vectors.js";
import { isExpectedError, typedValue } from "./typed-value.js";

interface ValueType {
  readonly value: unknown;
  readonly type: unknown;
  readonly detected: Readonly<Record<string, string>>;
}
testVectors<ValueType>("value-types", (vector, content) => {
  const detectorNames = content["detectors"] as readonly DetectorName[];
  const value = typedValue(vector.value);
  if (isExpectedError(vector.type)) expect(() => dataTypeOf(value)).toThrow(InternalError);
  else expect(dataTypeOf(value)).toBe(vector.type);
  const detected = detectorNames
    .map((name) => [name, detectType(value, [name], 0n)])
    .filter(([, type]) => type !== null);
  expect(Object.fromEntries(detected)).toEqual(vector.detected);
});

interface CoerceCase {
  readonly value: unknown;
  readonly from: DataType;
  readonly to: DataType;
  readonly result?: unknown;
  readonly variant?: readonly [suffix: string, value: unknown];
  readonly error?: string;
  readonly utc?: unknown;
  readonly naive?: unknown;
}
testVectors<CoerceCase>("coerce", (vector) => {
  const { from, to } = vector;
  const result = coerce(typedValue(vector.value), from, to);
  const told = `${JSON.stringify(vector.value)} from ${from} to ${to}`;
  if (vector.error !== undefined) {
    expect(result, told).toEqual({ outcome: "failure" });
  } else if (vector.variant !== undefined) {
    expect(result, told).toEqual({
      outcome: "variant",
      suffix: vector.variant[0],
      value: typedValue(vector.variant[1]),
    });
  } else {
    const expected = typedValue(vector.result);
    expect(result, told).toEqual({ outcome: "value", value: expected });
    if (vector.utc !== undefined) {
      expect(normalizeTimestamp(expected as Timestamp, { timezone: true }), told).toEqual(typedValue(vector.utc));
      expect(normalizeTimestamp(expected as Timestamp, { timezone: false }), told).toEqual(typedValue(vector.naive));
    }
  }
});

type IsoResult = "parsed" | "timestamp" | "timestamp_utc" | "date" | "time";
interface IsoText extends Readonly<Record<IsoResult, unknown>> {
  readonly text: string;
  readonly detected_timestamp: boolean;
  readonly detected_date: boolean;
}
testVectors<IsoText>("iso-text", (vector) => {
  const { text } = vector;
  const coerced = (to: DataType): DataValue => {
    const result = coerce(text, "text", to);
    return result.outcome === "value" ? result.value : null;
  };
  const timestamp = coerced("timestamp");
  const results: Readonly<Record<IsoResult, DataValue>> = {
    parsed: parseIso(text),
    timestamp,
    timestamp_utc: timestamp instanceof Timestamp ? normalizeTimestamp(timestamp, { timezone: true }) : null,
    date: coerced("date"),
    time: coerced("time"),
  };
  for (const [name, result] of Object.entries(results)) {
    const expected = vector[name as IsoResult];
    expect(result, `${text}: ${name}`).toEqual(isExpectedError(expected) ? null : typedValue(expected));
  }
  expect(detectType(text, ["iso_timestamp"], 0n) !== null, text).toBe(vector.detected_timestamp);
  expect(detectType(text, ["iso_date"], 0n) !== null, text).toBe(vector.detected_date);
});

interface Precision {
  readonly value: unknown;
  readonly precision: number;
  readonly result: unknown;
}
testVectors<Precision>("precision", ({ value, precision, result }) => {
  expect(truncateTimestamp(typedValue(value) as Timestamp, precision)).toEqual(typedValue(result));
});
