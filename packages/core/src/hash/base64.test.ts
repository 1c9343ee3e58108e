/// <reference types="node" />
import fc from "fast-check";
import { expect, test } from "vitest";
import { base64Length, decodeBase64, encodeBase64, encodeBase64Into } from "./base64.js";

test("encodes as Node does, with and without padding", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const padded = Buffer.from(bytes).toString("base64");
      expect(encodeBase64(bytes, { padding: true })).toBe(padded);
      expect(encodeBase64(bytes)).toBe(padded.replace(/=+$/, ""));
      expect(base64Length(bytes.length, { padding: true })).toBe(padded.length);
      expect(decodeBase64(padded)).toEqual(bytes);
    }),
  );
});

test("encodes a part of a buffer into a part of another", () => {
  const out = new Uint8Array(8).fill(0x2e);
  expect(encodeBase64Into(Uint8Array.of(0, 97, 98, 0), 1, 3, out, 2)).toBe(5);
  expect(Buffer.from(out).toString()).toBe("..YWI...");
});

test.each(["1", "YWJ", "YWJj\n", "=", "====", "a===", "YW=j", "YWJj====", "YW-_", "zażó", "YW==YWJj"])(
  "does not decode %j",
  (text) => {
    expect(decodeBase64(text)).toBeNull();
  },
);

test("decodes nothing to nothing", () => {
  expect(decodeBase64("")).toEqual(new Uint8Array());
});
