import type { MergeStrategy, PreparedTable } from "@dlt/core";
import { describe, expect, test } from "vitest";
import {
  chainOf,
  golden,
  key,
  mergeKey,
  nested,
  otherKey,
  root,
  rootName,
  scripts,
  statements,
} from "../../test/chains.js";
import { dataset, duck, elephant } from "../../test/dialects.js";
import { repetitionQuery } from "./follow-up.js";

test.each([duck, elephant])("insert-from-staging on $name", async (dialect) => {
  const replaced = root([key], { writeDisposition: "replace", replaceStrategy: "insert-from-staging" });
  const cases = { "a chain": [replaced, ...nested] };
  await expect(scripts(dialect, cases)).toMatchFileSnapshot(golden("insert-from-staging", dialect));
});

test("staged tables take the place of final ones where the database can and the load asks for it", () => {
  const replaced = root([key], { writeDisposition: "replace", replaceStrategy: "staging-optimized" });
  const [tags] = nested;
  if (tags === undefined) throw new Error("There are nested tables.");
  expect(statements(elephant, [replaced, tags])).toEqual([
    'DROP TABLE "ds"."order ""lines"""',
    'MOVE "ds_staging"."order ""lines""" TO "ds"',
    'DROP TABLE "ds"."order ""lines""__tags"',
    'MOVE "ds_staging"."order ""lines""__tags" TO "ds"',
  ]);
  expect(statements(duck, [replaced])[0]).toBe('DELETE FROM "ds"."Order ""Lines"""');
});

test("nothing follows where rows go to their tables at once", () => {
  expect(statements(duck, [root([key], { writeDisposition: "append" }), ...nested])).toEqual([]);
  const replaced = root([key], { writeDisposition: "replace", replaceStrategy: "truncate-and-insert" });
  expect(statements(duck, [replaced, ...nested])).toEqual([]);
});

test("staged rows are deleted where the database says so", () => {
  const forgetful = { ...duck, forgetsStagedRows: true };
  const [tags] = nested;
  if (tags === undefined) throw new Error("There are nested tables.");
  expect(statements(forgetful, [root([key]), tags]).slice(-2)).toEqual([
    'DELETE FROM "ds_staging"."Order ""Lines"""',
    'DELETE FROM "ds_staging"."Order ""Lines""__tags"',
  ]);
  expect(statements(forgetful, [root([key], { writeDisposition: "append" })])).toEqual([]);
});

describe("the question for repeated rows", () => {
  const datasets = { final: dataset(duck), staging: dataset(duck, "ds_staging") };
  const question = (tables: readonly PreparedTable[]) => repetitionQuery(chainOf(tables), datasets);

  test("is one statement for all tables, and spares those without any the sorting out", () => {
    const [tags, parts] = nested;
    if (tags === undefined || parts === undefined) throw new Error("There are nested tables.");
    const asked = question([root([key, otherKey]), tags, parts]);
    const count = (table: string, by: string) =>
      `(SELECT count(*) FROM (SELECT 1 AS one FROM "ds_staging"."Order ""Lines""${table}" GROUP BY ${by} HAVING count(*) > 1) AS repeated)`;
    expect(asked?.statement).toEqual({
      text: `SELECT ${count("", '"select", "Mixed Case"')}, ${count("__tags", '"_dlt_id"')}, ${count("__tags__parts", '"_dlt_id"')}`,
      values: [],
    });
    expect(asked?.unrepeated([0, 2, 0n])).toEqual(new Set([rootName, parts.name]));
    const { length } = statements(duck, [root([key]), tags, parts]);
    const script = statements(duck, [root([key]), tags, parts], new Set([rootName, parts.name]));
    expect(script.length).toBe(length - 2);
    expect(script.filter((statement) => statement.includes("ROW_NUMBER"))).toEqual([
      expect.stringMatching(/^INSERT INTO "ds"."Order ""Lines""__tags" .*PARTITION BY "_dlt_id" /),
    ]);
  });

  test("is asked of what each strategy sorts out", () => {
    const [tags] = nested;
    if (tags === undefined) throw new Error("There are nested tables.");
    const asked = (mergeStrategy: MergeStrategy) =>
      (question([root([key], { mergeStrategy }), tags])?.statement.text.match(/GROUP BY "(\w+)"/g) ?? []).join();
    expect(asked("upsert")).toBe('GROUP BY "select",GROUP BY "_dlt_id"');
    expect(asked("insert-only")).toBe('GROUP BY "select",GROUP BY "_dlt_id"');
    expect(asked("scd2")).toBe('GROUP BY "_dlt_id"');
  });

  test("is not asked where no row is left out", () => {
    expect(question([root([mergeKey])])).toBeNull();
    expect(question([root([key], { "x-stage-data-deduplicated": true })])).toBeNull();
    expect(question([root([key], { mergeStrategy: "scd2" })])).toBeNull();
    expect(
      question([root([key], { writeDisposition: "replace", replaceStrategy: "insert-from-staging" }), ...nested]),
    ).toBeNull();
  });
});

test("a table to be merged without a strategy is a mistake of ours", () => {
  const { mergeStrategy: _, ...unprepared } = root([key]);
  expect(() => statements(duck, [unprepared])).toThrow(
    expect.objectContaining({
      code: "INTERNAL_STATE_UNEXPECTED",
      message: `Table \`${rootName}\` is to be merged without a strategy.`,
    }),
  );
});
