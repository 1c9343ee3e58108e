import type { ColumnSchema } from "@dlt/core";
import { expect, test } from "vitest";
import {
  deleted,
  deletedAt,
  golden,
  key,
  mergeKey,
  nested,
  newest,
  otherKey,
  root,
  rootName,
  scripts,
  statements,
  tableOf,
} from "../../test/chains.js";
import { duck, elephant } from "../../test/dialects.js";

test.each([duck, elephant])("delete-insert on $name", async (dialect) => {
  const cases = {
    "without a key": [root([])],
    "by a primary key": [root([key])],
    "by a primary key of two columns, the newest row wins": [root([key, otherKey, newest])],
    "by a merge key": [root([mergeKey])],
    "by both": [root([key, mergeKey])],
    "with a flag for deleted rows": [root([key, deleted])],
    "with a time of deletion, by a merge key": [root([mergeKey, deletedAt])],
    "rows without duplicates": [root([key], { "x-stage-data-deduplicated": true })],
    "nested, without a key": [root([]), ...nested],
    "nested, by a primary key": [root([key]), ...nested],
    "nested, rows without duplicates": [root([key], { "x-stage-data-deduplicated": true }), ...nested],
    "nested, by both keys, with a flag for deleted rows": [root([key, mergeKey, deleted]), ...nested],
    "nested, by a merge key, with a flag for deleted rows": [root([mergeKey, deleted]), ...nested],
  };
  await expect(scripts(dialect, cases)).toMatchFileSnapshot(golden("delete-insert", dialect));
});

test("nested rows are found by the parent key where their parent is the root table", () => {
  const tags = tableOf("tags", [{ name: "up", dataType: "text", parentKey: true }, rowKey], { parent: rootName });
  expect(statements(duck, [root([key]), tags])).toContain(
    `DELETE FROM "ds"."tags" WHERE "up" IN (SELECT * FROM "temp"."main"."_dlt_deleted")`,
  );
});

test("rows are told apart by their row key, a unique column, or a primary key of one column", () => {
  const parts = nested[1] as (typeof nested)[number];
  const keyed = (columns: Parameters<typeof tableOf>[1]) =>
    statements(duck, [tableOf(rootName, columns, { mergeStrategy: "delete-insert" }), parts])[0];
  const selects = (column: string) => expect.stringContaining(`AS SELECT d."${column}" FROM`);
  expect(keyed([key, rowKey])).toEqual(selects("_dlt_id"));
  expect(keyed([key, { name: "u", dataType: "text", unique: true }])).toEqual(selects("u"));
  expect(keyed([key])).toEqual(selects("select"));
});

const rowKey = { name: "_dlt_id", dataType: "text", rowKey: true } as const;

test("a column with the name of the database's row id is no row id", () => {
  const hidden: ColumnSchema = { name: "RowId", dataType: "text" };
  const rows = (columns: readonly ColumnSchema[]) => statements(duck, [root([key, ...columns])])[1];
  expect(rows([])).toContain("n.row_id = s.rowid");
  expect(rows([hidden])).toContain(
    '(SELECT *, ROW_NUMBER() OVER (PARTITION BY "select") AS _dlt_place FROM "ds_staging"."Order ""Lines""") AS s WHERE s._dlt_place = 1',
  );
  expect(rows([hidden, newest])).toContain('ORDER BY "order" DESC NULLS LAST) AS _dlt_place');
});

test("a chain whose rows cannot be told apart or followed is refused", () => {
  const anonymous = tableOf(rootName, [key, otherKey], { mergeStrategy: "delete-insert" });
  expect(() => statements(duck, [anonymous, ...nested])).toThrow(
    expect.objectContaining({
      code: "SCHEMA_KEY_MISSING",
      message: `Table \`${rootName}\` cannot be merged: it has no column that tells its rows apart.`,
    }),
  );
  const lost = tableOf("lost", [rowKey], { parent: "between" });
  expect(() => statements(duck, [root([key]), lost])).toThrow(
    expect.objectContaining({
      code: "SCHEMA_KEY_MISSING",
      message: "Table `lost` cannot be merged: it has no column that leads to its root table.",
    }),
  );
});
