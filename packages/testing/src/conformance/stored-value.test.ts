import type { DataType } from "@dlt/core";
import { expect, test } from "vitest";
import { storedValue } from "./stored-value.js";

test.each<[DataType, readonly unknown[]]>([
  ["bigint", [12, 12n, "12", "+12"]],
  ["double", [1e21, "1e21", "1000000000000000000000"]],
  ["double", [Number.POSITIVE_INFINITY, "inf", "Infinity"]],
  ["double", [Number.NaN, "nan", "NaN"]],
  ["bool", [true, "true", "True"]],
  ["decimal", ["1.10", "1.1", "01.100000000", 1.1]],
  ["wei", ["0", "-0", 0n, "0.000"]],
  [
    "timestamp",
    ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05+00", "2024-01-02 04:04:05.000000+01:00", 1_704_164_645_000_000n],
  ],
  ["timestamp", [new Date("2024-01-02T03:04:05.678Z"), "2024-01-02T03:04:05.678"]],
  ["date", ["2024-01-02", new Date("2024-01-02")]],
  ["time", ["03:04:05.000600", "03:04:05.0006"]],
  ["binary", [Uint8Array.of(0, 255), "\\x00FF", "AP8="]],
  ["json", ['{"a":[1,null],"b":"c"}', { b: "c", a: [1, null] }]],
  ["text", [null, undefined]],
])("equal values of %s are the same, however they are spelled", (dataType, values) => {
  expect(new Set(values.map((value) => storedValue({ dataType }, value))).size).toBe(1);
});

test.each<[DataType, unknown, unknown]>([
  ["text", "", null],
  ["text", "1", 1],
  ["bigint", 2n ** 53n + 1n, 2n ** 53n],
  ["bigint", "12", "12.5"],
  ["double", 0, -0],
  ["double", Number.NaN, "none"],
  ["bool", true, 1],
  ["decimal", "1.1", "1.11"],
  ["timestamp", "2024-01-02T03:04:05.000001Z", "2024-01-02T03:04:05Z"],
  ["binary", Uint8Array.of(1), Uint8Array.of(2)],
  ["json", "[1,2]", "[2,1]"],
])("other values of %s are not the same", (dataType, one, other) => {
  expect(storedValue({ dataType }, one)).not.toBe(storedValue({ dataType }, other));
});
