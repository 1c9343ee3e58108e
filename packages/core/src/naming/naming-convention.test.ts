import fc from "fast-check";
import { expect, test } from "vitest";
import { isBlank } from "../values/trim-text.js";
import { conventions } from "./conventions.js";
import { namingConvention } from "./naming-convention.js";

const code = (code: string) => expect.objectContaining({ code });
const names = Object.keys(conventions);
const identifier = fc
  .oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.string({ unit: fc.constantFrom(..."aB1_ -+|▶\n日😀'\""), minLength: 1, maxLength: 40 }),
  )
  .filter((text) => !isBlank(text));
const limits = fc.constantFrom(null, 6, 7, 20, 63);

test("what is normalized stays as it is", () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), identifier, (name, text) => {
      const { normalizeIdentifier } = namingConvention(name, null);
      const once = normalizeIdentifier(text);
      // sql_cs_v1 makes nothing of names that are underscores only.
      if (once !== "") expect(normalizeIdentifier(once)).toBe(once);
    }),
  );
});

test("names are within the limit", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      limits,
      fc.array(identifier, { minLength: 1, maxLength: 4 }),
      (name, maxLength, parts) => {
        const naming = namingConvention(name, maxLength);
        const within = (text: string) =>
          expect([...text].length).toBeLessThanOrEqual(maxLength ?? Number.POSITIVE_INFINITY);
        within(naming.normalizePath(parts.join(naming.separator)));
        within(naming.normalizeTablesPath(parts.join(naming.separator)));
        within(naming.shortenFragments(...parts));
        for (const part of parts) {
          within(naming.normalizeIdentifier(part));
          within(naming.normalizeTableIdentifier(part));
        }
      },
    ),
  );
});

test("case does not matter where a convention says so", () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), identifier, (name, text) => {
      const naming = namingConvention(name, null);
      const normalized = naming.normalizeIdentifier(text);
      if (!naming.caseSensitive) expect(normalized).toBe(normalized.toLowerCase());
    }),
  );
});

test("paths break into what they were made of", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.stringMatching(/^[a-z]([a-z_]?[a-z])*$/), { minLength: 1 }),
      (name, parts) => {
        const naming = namingConvention(name, null);
        expect(naming.breakPath(naming.makePath(...parts))).toEqual(parts);
      },
    ),
  );
});

test("modules of the reference name the same conventions", () => {
  expect(namingConvention("dlt.common.normalizers.naming.sql_ci_v1", 63)).toMatchObject({
    name: "sql_ci_v1",
    maxLength: 63,
  });
});

test.each(["camel_case", "my.module.naming", "constructor", "dlt.common.normalizers.naming.", ""])(
  "%j is no convention",
  (name) => {
    expect(() => namingConvention(name, null)).toThrow(code("NAMING_CONVENTION_UNKNOWN"));
  },
);

test("limits have limits", () => {
  expect(namingConvention("snake_case", 6).normalizeIdentifier("abcdefgh")).toHaveLength(6);
  for (const limit of [5, 0, -1, 6.5])
    expect(() => namingConvention("snake_case", limit)).toThrow(code("NAMING_LENGTH_INVALID"));
  expect(() => namingConvention("s3_tables", 256)).toThrow(code("NAMING_LENGTH_INVALID"));
});

test("empty names are refused", () => {
  const naming = namingConvention("snake_case", null);
  for (const text of ["", " ", "\u001f\u0085"])
    expect(() => naming.normalizeIdentifier(text)).toThrow(code("IDENTIFIER_EMPTY"));
});
