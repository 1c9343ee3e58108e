import { isDltError } from "@dlt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { translateParameters } from "./parameters.js";

const numbered = (position: number) => `$${position}`;

describe("translateParameters", () => {
  it.each([
    ["SELECT %s, %s", 2, "SELECT $1, $2"],
    ["SELECT '%s', %s", 1, "SELECT '%s', $1"],
    ["SELECT 'it''s %s', %s", 1, "SELECT 'it''s %s', $1"],
    ["SELECT E'\\'%s', %s", 1, "SELECT E'\\'%s', $1"],
    ["SELECT '\\', %s", 1, "SELECT '\\', $1"],
    ["SELECT name'\\', %s", 1, "SELECT name'\\', $1"],
    ['SELECT "%s""%s", %s', 1, 'SELECT "%s""%s", $1'],
    ["SELECT `%s`, %s", 1, "SELECT `%s`, $1"],
    ["SELECT %s -- %s\n, %s", 2, "SELECT $1 -- %s\n, $2"],
    ["SELECT %s -- %s", 1, "SELECT $1 -- %s"],
    ["SELECT /* %s /* %s */ %s */ %s", 1, "SELECT /* %s /* %s */ %s */ $1"],
    ["SELECT $$ %s $$, $tag$ %s $$ $tag$, %s", 1, "SELECT $$ %s $$, $tag$ %s $$ $tag$, $1"],
    ["SELECT 10 %% %s LIKE 'a%%'", 1, "SELECT 10 % $1 LIKE 'a%%'"],
    ["SELECT a%s", 1, "SELECT a$1"],
    ["SELECT a % b, %s", 1, "SELECT a % b, $1"],
    ["SELECT 'open %s", 1, "SELECT 'open %s"],
  ])("%s", (sql, count, translated) => {
    expect(translateParameters(sql, count, numbered)).toBe(translated);
  });

  it("leaves a statement alone that has no values or the driver's own style", () => {
    expect(translateParameters("SELECT 10 %% 3, a %s", 0, numbered)).toBe("SELECT 10 %% 3, a %s");
    expect(translateParameters("SELECT $1 %% $name", 1, numbered)).toBe("SELECT $1 %% $name");
  });

  it.each([1, 3])("refuses %i values for two parameters", (count) => {
    const refused = () => translateParameters("SELECT %s, %s, '%s'", count, numbered);
    expect(refused).toThrow(
      `The statement has 2 \`%s\` outside literals and comments, but ${count} values were given.`,
    );
    try {
      refused();
    } catch (error) {
      expect(isDltError(error) && error.code).toBe("DESTINATION_PARAMETERS_MISMATCH");
    }
  });

  it("never touches what stands in a literal", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const literals = [one, other].map((text) => `'${text.replaceAll("'", "''")}'`);
        expect(translateParameters(`SELECT ${literals[0]}, %s, ${literals[1]}`, 1, numbered)).toBe(
          `SELECT ${literals[0]}, $1, ${literals[1]}`,
        );
      }),
    );
  });
});
