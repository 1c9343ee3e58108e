import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dictionary, dictionaryOfBytes, dictionaryOfIndices } from "./dictionary.js";
import type { ByteValues } from "./values.js";

function valuesOf(texts: readonly string[]): ByteValues {
  const parts = texts.map((text) => Buffer.from(text));
  const offsets = new Int32Array(parts.length + 1);
  for (const [index, part] of parts.entries()) offsets[index + 1] = (offsets[index] as number) + part.length;
  return { kind: "bytes", isText: true, offsets, data: Uint8Array.from(Buffer.concat(parts)) };
}

function dictionaryOf(texts: readonly string[]): Dictionary | null {
  const values = valuesOf(texts);
  return dictionaryOfBytes({ values, indices: null, count: texts.length });
}

const drawn = (distinct: number, count: number): readonly string[] => {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return `value ${Math.floor((state / 2 ** 32) * distinct)}`;
  });
};

describe("a dictionary of text", () => {
  test("has each value once, in order of first use", () => {
    const dictionary = dictionaryOf(["b", "a", "b", "", "a", "b", "", ""]);
    expect(dictionary?.entries).toEqual(Int32Array.of(0, 1, 3));
    expect(dictionary?.codes).toEqual(Int32Array.of(0, 1, 0, 2, 1, 0, 2, 2));
  });

  test("refers to the values of the rows that have one", () => {
    const values = valuesOf(["x", "a", "x", "a", "x", "b", "a"]);
    const indices = Int32Array.of(1, 3, 5, 6);
    expect(dictionaryOfBytes({ values, indices, count: 4 })).toEqual({
      entries: Int32Array.of(1, 5),
      codes: Int32Array.of(0, 0, 1, 0),
    });
  });

  test.each([1, 2, 14, 300, 3000])("is made when %d values repeat", (distinct) => {
    const texts = drawn(distinct, 20_000);
    const dictionary = dictionaryOf(texts);
    expect(dictionary?.entries.length).toBe(new Set(texts).size);
    expect(texts.map((_, row) => texts[dictionary?.entries[dictionary.codes[row] as number] as number])).toEqual(texts);
  });

  test("is made when values repeat nearby only, or far away only", () => {
    const nearby = Array.from({ length: 20_000 }, (_, row) => `value ${row >> 2}`);
    expect(dictionaryOf(nearby)?.entries.length).toBe(5000);
    const farAway = Array.from({ length: 20_000 }, (_, row) => `value ${row % 2000}`);
    expect(dictionaryOf(farAway)?.entries.length).toBe(2000);
  });

  test("is not made when most values are new", () => {
    expect(dictionaryOf(["a", "b", "c", "a"])).toBeNull();
    expect(dictionaryOf(Array.from({ length: 20_000 }, (_, row) => `value ${row}`))).toBeNull();
    expect(dictionaryOf(drawn(18_000, 20_000))).toBeNull();
  });

  test("is not made when values stop repeating", () => {
    const texts = (distinct: number) =>
      Array.from({ length: 20_000 }, (_, row) => `value ${Math.max(0, row - distinct)}`);
    expect(dictionaryOf(texts(10_001))?.entries.length).toBe(9999);
    expect(dictionaryOf(texts(9_999))).toBeNull();
  });

  test("is not made with more than 65,536 entries", () => {
    const pairs = (distinct: number) => Array.from({ length: distinct * 2 }, (_, row) => `value ${row >> 1}`);
    expect(dictionaryOf(pairs(65_536))?.entries.length).toBe(65_536);
    expect(dictionaryOf(pairs(65_537))).toBeNull();
  });
});

test("a dictionary of indices leaves out what is not used", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30 })), (indices) => {
      const { entries, codes } = dictionaryOfIndices(Int32Array.from(indices), 31);
      expect([...entries]).toEqual([...new Set(indices)]);
      expect([...codes].map((code) => entries[code])).toEqual(indices);
    }),
  );
});
