import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duck, elephant } from "../test/dialects.js";
import { quoteIdentifier, quoteTable, quoteText } from "./quote.js";

describe("quote", () => {
  it("encloses any text so that only the end ends it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const quoted = quoteText(duck, text);
        expect(quoted.slice(1, -1).replaceAll("''", "")).not.toContain("'");
        expect(quoted.slice(1, -1).replaceAll("''", "'")).toBe(text);
      }),
    );
  });
});

describe("names", () => {
  it("are quoted, so that reserved words and quotes are only names", () => {
    expect(quoteIdentifier(duck, "select")).toBe('"select"');
    expect(quoteIdentifier(duck, 'a"; DROP TABLE users; --')).toBe('"a""; DROP TABLE users; --"');
  });

  it("are folded where the database folds", () => {
    expect(quoteIdentifier(elephant, "MyTable")).toBe('"mytable"');
    expect(
      quoteIdentifier({ ...elephant, capabilities: { ...elephant.capabilities, caseFolding: "upper" } }, "a"),
    ).toBe('"A"');
  });

  it("have a catalog where the schema alone would be ambiguous", () => {
    expect(quoteTable(duck, { schema: "ds" }, "users")).toBe('"ds"."users"');
    expect(quoteTable(duck, { catalog: "ds", schema: "ds" }, "users")).toBe('"ds"."ds"."users"');
  });
});
