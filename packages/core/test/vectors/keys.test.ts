import { expect } from "vitest";
import { encodeBase64 } from "../../src/hash/base64.js";
import { digestText } from "../../src/hash/digest.js";
import { Shake128Stream, sha3_256, shake128, shake128Into } from "../../src/hash/keccak.js";
import { decodeJson } from "../../src/json/decode.js";
import { encodeJson } from "../../src/json/encode.js";
import { decodeTyped, removeMarkers } from "../../src/json/typed-values.js";
import type { DataValue } from "../../src/values/data-value.js";
import { testVectors } from "./read-vectors.js";
import { isExpectedError, typedValue, UuidObject } from "./typed-value.js";

const utf8 = (text: string) => new TextEncoder().encode(text);

testVectors<Record<"text" | "shake128_15" | "shake128_10" | "shake128_4" | "sha3_256", string>>("digests", (vector) => {
  const bytes = utf8(vector.text);
  expect(encodeBase64(shake128(bytes, 15))).toBe(vector.shake128_15);
  expect(digestText(vector.text, 10)).toBe(vector.shake128_10);
  expect(digestText(vector.text, 4)).toBe(vector.shake128_4);
  expect(encodeBase64(sha3_256(bytes), { padding: true })).toBe(vector.sha3_256);
});

interface NestedId {
  readonly parent_id: string;
  readonly table: string;
  readonly index: number;
  readonly id: string;
}
testVectors<NestedId>("nested-ids", (vector) => {
  const message = utf8(`${vector.parent_id}_${vector.table}_${vector.index}`);
  const digest = new Uint8Array(10);
  shake128Into(message, 0, message.length, digest, 0, 10);
  expect(encodeBase64(digest)).toBe(vector.id);
});

interface IdPattern {
  readonly pattern: string;
  readonly encoding: string;
  readonly bytes?: number;
  readonly example_length: number | null;
}
testVectors<IdPattern>("id-patterns", ({ pattern, encoding, bytes = 0, example_length: length }) => {
  const random = new Shake128Stream(utf8(pattern));
  for (let i = 0; i < 100; i++) {
    const id = writtenId(encoding, random.squeeze(bytes));
    expect(id).toMatch(new RegExp(pattern));
    if (length !== null) expect(id.length).toBe(length);
  }
});

function writtenId(encoding: string, bytes: Uint8Array): string {
  if (encoding === "base64 without padding") return encodeBase64(bytes);
  if (encoding === "hex") return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (encoding === "unix seconds with fraction") return (1704067200_123456 / 1e6).toFixed(6);
  throw new Error(`unknown encoding ${encoding}`);
}

interface RowHash {
  readonly row: unknown;
  readonly typed_json: string;
  readonly row_hash: string;
  readonly key?: readonly string[];
  readonly key_hash?: string;
  readonly incremental_hash_of_row: string;
  readonly incremental_hash_key_id?: string;
  readonly incremental_hash_key_list?: string;
}
testVectors<RowHash>("row-hashes", (vector) => {
  const row = typedValue(vector.row) as ReadonlyMap<string, DataValue>;
  expect(encodeJson(row, { typed: true })).toBe(vector.typed_json);
  expect(digestText(encodeJson(row, { typed: true, sorted: true }), 10)).toBe(vector.row_hash);
  if (vector.key !== undefined) {
    const key = new Map(vector.key.map((name) => [name, row.get(name)]));
    expect(digestText(encodeJson(key, { typed: true, sorted: true }), 10)).toBe(vector.key_hash);
  }
  const incremental = (value: unknown) => digestText(encodeJson(value, { sorted: true }), 15);
  expect(incremental(row)).toBe(vector.incremental_hash_of_row);
  if (vector.incremental_hash_key_id !== undefined)
    expect(incremental(row.get("id"))).toBe(vector.incremental_hash_key_id);
  if (vector.incremental_hash_key_list !== undefined)
    expect(incremental([row.get("id")])).toBe(vector.incremental_hash_key_list);
});

interface TypedJson {
  readonly value: unknown;
  readonly json: unknown;
  readonly typed_json: unknown;
  readonly typed_json_sorted: unknown;
  readonly decoded?: unknown;
  readonly pretty: unknown;
}
testVectors<TypedJson>("typed-json", (vector) => {
  const value = typedValue(vector.value);
  expectText(vector.json, () => encodeJson(value));
  expectText(vector.typed_json, () => encodeJson(value, { typed: true }));
  if (vector.typed_json_sorted !== null)
    expectText(vector.typed_json_sorted, () => encodeJson(value, { typed: true, sorted: true }));
  if (vector.pretty !== null) expectText(vector.pretty, () => encodeJson(value, { pretty: true }));
  if (vector.decoded !== undefined) {
    const decoded = typedValue(vector.decoded);
    // A marked UUID is text here: no column could hold the object that the reference makes of it.
    const expected = decoded instanceof UuidObject ? decoded.text : decoded;
    expect(decodeTyped(decodeJson(vector.typed_json as string))).toEqual(expected);
  }
  // The reference's function fails for a bare text, so the expectation is the rule: one marker goes, the text after it stays.
  if (typeof value === "string") expect(removeMarkers(value)).toBe(value.replace(/^[\uf026-\uf02d](?=.)/u, ""));
});

function expectText(expected: unknown, encode: () => string): void {
  if (isExpectedError(expected)) expect(encode).toThrow("which JSON cannot hold");
  else expect(encode()).toBe(expected);
}
