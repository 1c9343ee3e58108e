import { describe, expect, test } from "vitest";
import { duck, elephant } from "../../test/dialects.js";
import { queryText, selectFromQuery } from "./query-text.js";

describe("queryText", () => {
  test.each([
    ["SELECT 1", "SELECT 1"],
    ["SELECT 1;", "SELECT 1"],
    ["SELECT 1 ;;\n ; ", "SELECT 1"],
    ["SELECT 1; -- the end", "SELECT 1"],
    ["SELECT 1; /* the; end */ -- of it\n;", "SELECT 1"],
    ["SELECT 1 -- one;", "SELECT 1 -- one;"],
    ["SELECT ';' -- a", "SELECT ';' -- a"],
    ["SELECT '; -- b'", "SELECT '; -- b'"],
    ["SELECT $$ ; $$ ", "SELECT $$ ; $$"],
    ["SELECT 1; SELECT 2;", "SELECT 1; SELECT 2"],
    [";", ""],
  ])("%j", (query, text) => {
    expect(queryText(query)).toBe(text);
    expect(queryText(text)).toBe(text);
  });
});

test("columns are selected by their positions, quoted and folded as the dialect does", () => {
  const columns = [
    { position: 2, name: 'a"b' },
    { position: 0, name: "C" },
  ];
  const inside = 'FROM (\nSELECT 1, 2, 3 -- x\n) AS "_dlt_query" ("_0", "_1", "_2")';
  expect(selectFromQuery(duck, "SELECT 1, 2, 3 -- x", columns)).toBe(`SELECT "_2" AS "a""b", "_0" AS "C" ${inside}`);
  expect(selectFromQuery(elephant, "SELECT 1, 2, 3 -- x;", columns)).toBe(
    `SELECT "_2" AS "a""b", "_0" AS "c" ${inside.replace("-- x", "-- x;")}`,
  );
});
