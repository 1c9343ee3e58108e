import { expect, test } from "vitest";
import { HexBytes } from "../values/hex-bytes.js";
import { decodeMarked, typeMarkers } from "./typed-values.js";

const { bytes, date, hexbytes, time, uuid } = typeMarkers;

test.each([
  [date, "20240102", "2024-01-02"],
  [date, "2024-W01-2", "2024-01-02"],
  [time, "03", "03:00:00"],
  [time, "0304", "03:04:00"],
  [time, "030405.5Z", "03:04:05.500000+00:00"],
  [time, "T03:04:05", "03:04:05"],
  [hexbytes, "0102", "0x0102"],
  [hexbytes, "0X01", "0x01"],
  [uuid, "{00000000-0000-0000-0000-00000000000A}", "00000000-0000-0000-0000-00000000000a"],
])("behind %j the text %j is %s", (marker, text, written) => {
  expect(`${decodeMarked(marker + text)}`).toBe(written);
});

test("bytes", () => {
  expect(decodeMarked(`${bytes}AP8=`)).toEqual(Uint8Array.of(0, 255));
  expect(decodeMarked(`${hexbytes}00 ff`)).toEqual(new HexBytes(Uint8Array.of(0, 255)));
});

test.each([
  [date, "2024"],
  [date, "2024-001"],
  [date, "2024-02-30"],
  [time, "3:04"],
  [time, "12:3"],
  [time, "24"],
  [hexbytes, "0x1"],
  [bytes, "٣"],
  [bytes, "AP8"],
  [uuid, "a"],
  ["\uf02e", "a"],
])("behind %j the text %j does not fit and stays", (marker, text) => {
  expect(decodeMarked(marker + text)).toBe(marker + text);
});
