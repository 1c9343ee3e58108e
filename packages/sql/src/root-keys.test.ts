import type { ColumnSchema, LoadPlan } from "@dlt/core";
import { expect, test } from "vitest";
import { nested, root } from "../test/chains.js";
import { dataset, duck, elephant } from "../test/dialects.js";
import { found, plan } from "../test/plans.js";
import type { SqlDialect } from "./dialect.js";
import { nothingFound, preparePlan } from "./prepare-plan.js";

const columns = ["value", "_dlt_id"];
const nestedColumns = ["value", "_dlt_parent_id", "_dlt_id"];

function updates(dialect: SqlDialect, load: Partial<LoadPlan>, stored: Parameters<typeof found>[1]) {
  const { statements } = preparePlan(plan(load), {
    final: dataset(dialect),
    staging: dataset(dialect, "ds_staging"),
    found: { final: found(dialect, stored), staging: nothingFound },
    isPrepared: false,
  });
  return statements.map(({ text }) => text).filter((text) => /^(UPDATE|ALTER TABLE "ds")/.test(text));
}

const chain = { tables: [root([]), ...nested], staged: [root([]), ...nested].map(({ name }) => name) };

test("rows that were there get the key of their root row from the rows above, parents first", () => {
  const stored = {
    'Order "Lines"': columns,
    'Order "Lines"__tags': nestedColumns,
    'Order "Lines"__tags__parts': nestedColumns,
  };
  expect(updates(duck, chain, stored)).toEqual([
    'ALTER TABLE "ds"."Order ""Lines""__tags"\nADD COLUMN "_dlt_root_id" varchar',
    'ALTER TABLE "ds"."Order ""Lines""__tags__parts"\nADD COLUMN "_dlt_root_id" varchar',
    'UPDATE "ds"."Order ""Lines""__tags" AS d SET "_dlt_root_id" = p."_dlt_id" ' +
      'FROM "ds"."Order ""Lines""" AS p WHERE d."_dlt_parent_id" = p."_dlt_id"',
    'UPDATE "ds"."Order ""Lines""__tags__parts" AS d SET "_dlt_root_id" = p."_dlt_root_id" ' +
      'FROM "ds"."Order ""Lines""__tags" AS p WHERE d."_dlt_parent_id" = p."_dlt_id"',
  ]);
  expect(updates(elephant, chain, stored)[2]).toContain('UPDATE "ds"."order ""lines""__tags" AS d');
});

test("the column is added without NOT NULL, which rows that were there would break", () => {
  const strict = { ...elephant, capabilities: { ...elephant.capabilities, enforcesNullsOnAlter: true } };
  const rootKey: ColumnSchema = { name: "_dlt_root_id", dataType: "text", nullable: false, rootKey: true };
  const list: ColumnSchema = { name: "_dlt_list_idx", dataType: "bigint", nullable: false };
  const [tags] = nested;
  if (tags === undefined) throw new Error("There is a nested table.");
  const columns = new Map([...tags.columns, [rootKey.name, rootKey] as const, [list.name, list] as const]);
  const stored = { 'Order "Lines"': ["value", "_dlt_id"], 'Order "Lines"__tags': nestedColumns };
  expect(updates(strict, { tables: [root([]), { ...tags, columns }] }, stored)[0]).toBe(
    'ALTER TABLE "ds"."order ""lines""__tags"\nADD COLUMN "_dlt_root_id" varchar,\nADD COLUMN "_dlt_list_idx" bigint NOT NULL',
  );
});

test("new tables, and tables that have the column, are left as they are", () => {
  expect(updates(duck, chain, { 'Order "Lines"': columns })).toEqual([]);
  const rootKeys = {
    'Order "Lines"': columns,
    'Order "Lines"__tags': [...nestedColumns, "_dlt_root_id"],
    'Order "Lines"__tags__parts': ["_DLT_ROOT_ID", "_dlt_parent_id", "_dlt_id"],
  };
  expect(updates(duck, chain, rootKeys)).toEqual([
    'ALTER TABLE "ds"."Order ""Lines""__tags__parts"\nADD COLUMN "value" varchar',
  ]);
});

test("a table whose parent is not loaded, or that has no link to it, is left as it is", () => {
  const [tags] = nested;
  if (tags === undefined) throw new Error("There is a nested table.");
  const stored = { [tags.name]: nestedColumns };
  const added = ['ALTER TABLE "ds"."Order ""Lines""__tags"\nADD COLUMN "_dlt_root_id" varchar'];
  expect(updates(duck, { tables: [tags] }, stored)).toEqual(added);
  const unlinked = new Map<string, ColumnSchema>([...tags.columns].filter(([, { parentKey }]) => parentKey !== true));
  expect(updates(duck, { tables: [root([]), { ...tags, columns: unlinked }] }, stored)).toEqual(added);
});
