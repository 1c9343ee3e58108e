import { expect, test } from "vitest";
import { parseDouble, parseHexInteger, parseInteger } from "./number-text.js";
import { decodeBase64AsPython } from "./python-base64.js";
import { isBlank, trimText } from "./trim-text.js";

test("trims what Python trims", () => {
  expect(trimText("\u0085\u001c\u3000 a b \u2028\t")).toBe("a b");
  expect(trimText("\ufeffa\ufeff")).toBe("\ufeffa\ufeff");
  expect([isBlank(""), isBlank(" \u001f"), isBlank("\u200b")]).toEqual([true, true, false]);
});

test("reads integers", () => {
  expect(
    ["12", " +1_000 ", "-0", "0x_1", "0x1F", "0xff_ff", "-0x1", "1__0", "1.0", "1e3", "", "٣٤", "𝟗𝟎", "5３"].map(
      parseInteger,
    ),
  ).toEqual([12n, 1000n, 0n, null, 31n, 65535n, null, null, null, null, null, 34n, 90n, 53n]);
  expect(["9".repeat(4300), `-${"9".repeat(4301)}`].map((text) => parseInteger(text) === null)).toEqual([false, true]);
});

test("reads hexadecimal as Python does after 0x", () => {
  expect(["0xff", " 0x 1 ", "0x-1", "0x+1", "0x-0x1", "0x0X_f", "0x0_1", "0x٣"].map(parseHexInteger)).toEqual([
    255n,
    1n,
    -1n,
    1n,
    -1n,
    15n,
    1n,
    3n,
  ]);
  expect(["12", "0X1", "0x", "0x ", "0x_1", "0x1_", "0x1__0", "0x--1", "0xg"].map(parseHexInteger)).toEqual(
    Array(9).fill(null),
  );
});

test("reads doubles", () => {
  expect(["1", ".5", "5.", "1_0.2_5e1_0", "NaN", "-inf", "+Infinity", "1e999", "٣.٥"].map(parseDouble)).toEqual([
    1,
    0.5,
    5,
    10.25e10,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    3.5,
  ]);
  expect([".", "e1", "1e", "1._5", "_1", "0x1", "infinit", "1 2", ""].map(parseDouble)).toEqual(Array(9).fill(null));
});

test("reads Base64 around other characters, up to the padding that completes it", () => {
  const ab = Uint8Array.of(97, 98);
  for (const text of ["YWI=", "Y*W\nI=", "YWI==", "=YWI=", "YWI=YWI="]) expect(decodeBase64AsPython(text)).toEqual(ab);
  expect(decodeBase64AsPython("AAAA=")).toEqual(new Uint8Array(3));
  for (const text of ["YWI", "Y", "Y===", "YQ=", "YWI=é"]) expect(decodeBase64AsPython(text)).toBeNull();
});
