import fc from "fast-check";
import { expect, test } from "vitest";
import { columnReaders } from "./column-readers.js";

const read = (fields: readonly string[], allText = false): readonly unknown[] => {
  const rows = fields.map((value) => ({ value }));
  const reader = columnReaders(rows, { allText }).get("value");
  return fields.map((field) => reader?.(field));
};

test("columns are as narrow as all of their fields allow", () => {
  expect(read(["1", "", "-20"])).toEqual([1, null, -20]);
  expect(read(["123456789012345678"])).toEqual([123456789012345678n]);
  expect(read(["2.0", "1e3"]).map(Number)).toEqual([2, 1000]);
  expect(read(["true", "FALSE", ""])).toEqual([true, false, null]);
  expect(read(["01234", "5"])).toEqual(["01234", "5"]);
  expect(read(["1", "n/a"])).toEqual(["1", "n/a"]);
  expect(read(["1", "2"], true)).toEqual(["1", "2"]);
});

test("no field is lost: what it was can be told from its value", () => {
  const field = fc.oneof(fc.string(), fc.integer().map(String), fc.double({ noNaN: true }).map(String));
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), (fields) => {
      for (const [index, value] of read(fields).entries()) {
        const text = fields[index] ?? "";
        if (value === null) expect(text).toBe("");
        else if (typeof value === "string") expect(value).toBe(text);
        else if (typeof value === "boolean") expect(String(value)).toBe(text.toLowerCase());
        else expect(Number(value)).toBe(Number(text));
      }
    }),
  );
});
