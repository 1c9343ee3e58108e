import { describe, expect, test } from "vitest";
import {
  boolColumn,
  dateColumn,
  decimalColumn,
  dictionaryColumn,
  doubleColumn,
  int64Column,
  textColumn,
} from "../../test/batches.js";
import type { Column } from "../contract/batch.js";
import { readValue } from "./column-reader.js";

describe("readValue", () => {
  const cases: readonly (readonly [string, Column, unknown])[] = [
    ["an integer", int64Column("c", [5n], { dataType: "bigint" }), 5],
    ["an integer beyond 2^53", int64Column("c", [2n ** 62n], { dataType: "bigint" }), 2n ** 62n],
    ["a double", doubleColumn("c", [1e300]), 1e300],
    ["a boolean", boolColumn("c", [true]), true],
    ["text", textColumn("c", ["\ufeffä"]), "\ufeffä"],
    ["a document", textColumn("c", ['{"a":1}'], "json"), '{"a":1}'],
    ["binary", textColumn("c", [Uint8Array.of(0, 255)], "binary"), Uint8Array.of(0, 255)],
    ["a timestamp", int64Column("c", [-1n], { dataType: "timestamp" }), "1969-12-31T23:59:59.999999+00:00"],
    ["a naive timestamp", int64Column("c", [0n], { dataType: "timestamp", timezone: false }), "1970-01-01T00:00:00"],
    ["a date", dateColumn("c", [-719162]), "0001-01-01"],
    ["a time", int64Column("c", [3_600_000_001n], { dataType: "time" }), "01:00:00.000001"],
    ["a decimal", decimalColumn("c", [-5n], { scale: 3 }), "-0.005"],
    ["a decimal of 128 bits", decimalColumn("c", [10n ** 37n], { scale: 2 }), `1${"0".repeat(35)}.00`],
    ["a decimal of a negative scale", decimalColumn("c", [12n], { scale: -2 }), "1200"],
    ["a decimal beyond 128 bits", textColumn("c", ["1".repeat(50)], "decimal"), "1".repeat(50)],
    ["a value of a dictionary", dictionaryColumn(textColumn("c", ["a", "b"]), [1]), "b"],
    ["a value that a dictionary lacks", dictionaryColumn(textColumn("c", ["a", null]), [1]), null],
  ];

  test.each(cases)("gives %s", (_, column, expected) => {
    expect(readValue(column, 0)).toEqual(expected);
  });

  test("gives null for a missing value", () => {
    expect(readValue(textColumn("c", ["a", null]), 1)).toBeNull();
  });

  test("refuses what the calendar does not have", () => {
    expect(() => readValue(int64Column("c", [2n ** 62n], { dataType: "timestamp" }), 0)).toThrow("years 1 to 9999");
  });
});
