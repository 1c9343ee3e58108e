/// <reference types="node" />
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { vectorFilesOf } from "../../test/vectors/read-vectors.js";
import { encodeBase64 } from "./base64.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const nativeSha3 = (bytes: Uint8Array) => createHash("sha3-256").update(bytes).digest("hex");
const nativeShake = (bytes: Uint8Array, outputLength: number) =>
  createHash("shake128", { outputLength }).update(bytes).digest("hex");
const casesOf = <Value>(format: "digests" | "nested-ids") =>
  vectorFilesOf(format).flatMap(({ cases }) => cases as Record<string, Value>[]);
const message = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 0xff);

describe.each(["WebAssembly", "32-bit arithmetic"])("by %s", async (way) => {
  vi.resetModules();
  const { Sha3, Shake128Stream, sha3_256, shake128, shake128Into } = await import("./keccak.js");
  const { keccakPermutation } = await import("./keccak-permutation.js");
  if (way !== "WebAssembly") vi.stubGlobal("WebAssembly", undefined);
  const { state } = keccakPermutation();
  vi.unstubAllGlobals();

  test("is computed in that way", () => {
    expect(state.buffer.byteLength).toBe(way === "WebAssembly" ? 65_536 : 200);
  });

  test("agrees with the reference's digests", () => {
    for (const vector of casesOf<string>("digests")) {
      const bytes = Buffer.from(vector["text"] ?? "");
      expect(encodeBase64(shake128(bytes, 15))).toBe(vector["shake128_15"]);
      expect(encodeBase64(shake128(bytes, 10))).toBe(vector["shake128_10"]);
      expect(encodeBase64(shake128(bytes, 4))).toBe(vector["shake128_4"]);
      expect(encodeBase64(sha3_256(bytes), { padding: true })).toBe(vector["sha3_256"]);
    }
    for (const vector of casesOf<string | number>("nested-ids")) {
      const bytes = Buffer.from(`${vector["parent_id"]}_${vector["table"]}_${vector["index"]}`);
      expect(encodeBase64(shake128(bytes, 10))).toBe(vector["id"]);
    }
  });

  test("SHA3-256 and SHAKE-128 agree with OpenSSL around the borders of blocks", () => {
    for (let length = 0; length <= 700; length++) {
      const bytes = message(length);
      expect(hex(sha3_256(bytes))).toBe(nativeSha3(bytes));
      expect(hex(shake128(bytes, 10))).toBe(nativeShake(bytes, 10));
    }
  });

  test("SHAKE-128 gives as many bytes as asked for", () => {
    for (let length = 1; length <= 700; length++) {
      expect(hex(shake128(message(5), length))).toBe(nativeShake(message(5), length));
    }
    expect(shake128(message(5), 0)).toEqual(new Uint8Array());
  });

  test("SHA3-256 of pieces is that of the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
        const hash = new Sha3();
        for (const piece of pieces) hash.update(piece);
        expect(hex(hash.digest())).toBe(nativeSha3(Buffer.concat(pieces)));
      }),
    );
  });

  test("two hashes can be under way at once", () => {
    const a = new Sha3();
    const b = new Sha3();
    a.update(message(200));
    b.update(message(10));
    shake128(message(300), 300);
    a.update(message(3));
    expect(hex(b.digest())).toBe(nativeSha3(message(10)));
    expect(hex(a.digest())).toBe(nativeSha3(Buffer.concat([message(200), message(3)])));
  });

  test("a stream gives the same bytes however they are asked for", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(400), { maxLength: 8 }), (seed, lengths) => {
        const stream = new Shake128Stream(seed);
        const pieces = lengths.map((length) => stream.squeeze(length));
        const total = lengths.reduce((sum, length) => sum + length, 0);
        expect(Buffer.concat(pieces).equals(shake128(seed, total))).toBe(true);
      }),
    );
  });

  test("hashes within a buffer, also onto itself", () => {
    const buffer = new Uint8Array(500);
    buffer.set(message(41), 7);
    shake128Into(buffer, 7, 48, buffer, 20, 10);
    expect(hex(buffer.subarray(20, 30))).toBe(nativeShake(message(41), 10));
    expect(buffer.subarray(30, 48)).toEqual(message(41).subarray(23));
    expect(buffer.subarray(7, 20)).toEqual(message(41).subarray(0, 13));
  });
});
