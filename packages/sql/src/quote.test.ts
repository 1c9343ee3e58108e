import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duck, elephant } from "../test/dialects.js";
import { type QuoteStyle, quote, quoteIdentifier, quoteTable, quoteText, standardIdentifiers } from "./quote.js";

interface IdentifierCase {
  readonly identifier: string;
  readonly escaped: Readonly<Record<string, string>>;
}

// The reference doubles backslashes in every style; whether a database wants that is a matter of its dialect.
const doubleQuotes: QuoteStyle = { open: '"', close: '"', escapes: { '"': '""', "\\": "\\\\" } };
const hive: QuoteStyle = { open: "`", close: "`", escapes: { "`": "\\`", "\\": "\\\\" } };
const clickhouse: QuoteStyle = { open: "`", close: "`", escapes: { "`": "``", "\\": "\\\\" } };
const styles: Readonly<Record<string, QuoteStyle>> = {
  postgres: doubleQuotes,
  redshift: doubleQuotes,
  athena: doubleQuotes,
  dremio: doubleQuotes,
  snowflake: doubleQuotes,
  hive,
  databricks: hive,
  bigquery: hive,
  clickhouse,
};

describe("quote", () => {
  it("writes identifiers as the reference does", () => {
    const url = new URL("../../../vectors/sql/identifiers.json", import.meta.url);
    const { cases } = JSON.parse(readFileSync(url, "utf8")) as { readonly cases: readonly IdentifierCase[] };
    for (const { identifier, escaped } of cases) {
      for (const [dialect, text] of Object.entries(escaped)) {
        expect(quote(styles[dialect] ?? standardIdentifiers, identifier), dialect).toBe(text);
      }
    }
  });

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
