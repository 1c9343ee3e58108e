import { expect, test } from "vitest";
import type { Column, ColumnBatch } from "../contract/batch.js";
import { CalendarDate } from "../values/calendar-date.js";
import { Decimal } from "../values/decimal.js";
import { Float } from "../values/float.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { Wei } from "../values/wei.js";
import { rowsOfBatch } from "./rows-of-batch.js";

const bytes = (...texts: readonly string[]): { offsets: Int32Array; data: Uint8Array } => {
  const data = new TextEncoder().encode(texts.join(""));
  const offsets = Int32Array.from([
    0,
    ...texts.map((_, index) => new TextEncoder().encode(texts.slice(0, index + 1).join("")).length),
  ]);
  return { offsets, data };
};
const text: Column = { name: "t", type: { dataType: "text" }, validity: null, layout: "bytes", ...bytes("ż", "") };

const batch: ColumnBatch = {
  rowCount: 2,
  columns: [
    {
      name: "i",
      type: { dataType: "bigint" },
      validity: null,
      layout: "fixed",
      values: BigInt64Array.of(-1n, 2n ** 60n),
    },
    { name: "d", type: { dataType: "double" }, validity: null, layout: "fixed", values: Float64Array.of(1, 1.5) },
    {
      name: "b",
      type: { dataType: "bool" },
      validity: Uint8Array.of(0b10),
      layout: "bits",
      values: Uint8Array.of(0b10),
    },
    text,
    { name: "j", type: { dataType: "json" }, validity: null, layout: "bytes", ...bytes('{"a":1.0}', "[2]") },
    { name: "x", type: { dataType: "binary" }, validity: null, layout: "bytes", ...bytes("ab", "c") },
    {
      name: "ts",
      type: { dataType: "timestamp" },
      validity: null,
      layout: "fixed",
      values: BigInt64Array.of(1_000_001n, -1n),
    },
    {
      name: "tn",
      type: { dataType: "timestamp", timezone: false },
      validity: null,
      layout: "fixed",
      values: BigInt64Array.of(0n, 0n),
    },
    { name: "da", type: { dataType: "date" }, validity: null, layout: "fixed", values: Int32Array.of(1, -1) },
    { name: "ti", type: { dataType: "time" }, validity: null, layout: "fixed", values: BigInt64Array.of(1n, 2n) },
    {
      name: "de",
      type: { dataType: "decimal" },
      validity: null,
      layout: "decimal128",
      scale: 2,
      words: BigInt64Array.of(150n, 0n, -150n, -1n),
    },
    {
      name: "w",
      type: { dataType: "wei" },
      validity: null,
      layout: "decimal128",
      scale: 0,
      words: BigInt64Array.of(0n, 1n, 5n, 0n),
    },
    {
      name: "k",
      type: { dataType: "text" },
      validity: Uint8Array.of(0b10),
      layout: "dictionary",
      indices: Int32Array.of(0, 0),
      values: text,
    },
  ],
};

test("a batch as plain rows", () => {
  expect(rowsOfBatch(batch, { plain: true })).toEqual([
    {
      i: -1,
      d: 1,
      b: null,
      t: "ż",
      j: { a: 1 },
      x: Uint8Array.of(97, 98),
      ts: new Timestamp({ seconds: 1, microseconds: 1 }),
      tn: new Timestamp({ seconds: 0, offsetMinutes: null }),
      da: new CalendarDate(1),
      ti: new TimeOfDay(1),
      de: new Decimal("1.50"),
      w: new Wei(2n ** 64n),
      k: null,
    },
    {
      i: 2n ** 60n,
      d: 1.5,
      b: true,
      t: "",
      j: [2],
      x: Uint8Array.of(99),
      ts: new Timestamp({ seconds: -1, microseconds: 999_999 }),
      tn: new Timestamp({ seconds: 0, offsetMinutes: null }),
      da: new CalendarDate(-1),
      ti: new TimeOfDay(2),
      de: new Decimal("-1.50"),
      w: new Wei("5"),
      k: "ż",
    },
  ]);
});

test("a batch as rows that lose nothing when they are written", () => {
  const [first] = rowsOfBatch(batch, { plain: false });
  expect(first).toMatchObject({ d: new Float(1), j: new Map([["a", new Float(1)]]) });
});
