import { type Resource, resource } from "@dlt/core";
import { newSchema } from "@dlt/core/engine";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sourceOf } from "../../test/extract-run.js";
import { resourceGraph } from "./resource-graph.js";
import { knownTables } from "./uncut-resource.js";

const none = () => [];
const schema = newSchema("shop");
const rows = z.object({ id: z.number(), v: z.number() });

function known(made: Resource) {
  const [node] = resourceGraph(sourceOf(made));
  if (node === undefined) throw new Error("nothing is read");
  return knownTables(node, schema);
}

const merged = { name: "r", writeDisposition: "merge", primaryKey: "id" } as const;
const byKey = "it is merged by a merge key, whose rows of before are deleted";
const byChoice = "a column with `dedupSort` chooses among all rows of a key";
const byHistory = "its merge strategy is `scd2`, which ends all rows that are missing";

describe("the table of a resource has to be loaded at once", () => {
  test.each<readonly [string, () => Resource, string]>([
    ["by a merge key", () => resource({ ...merged, mergeKey: "grp" }, none), byKey],
    ["by a merge key of a column", () => resource({ ...merged, columns: { grp: { mergeKey: true } } }, none), byKey],
    ["by `dedupSort`", () => resource({ ...merged, columns: { v: { dedupSort: "desc" } } }, none), byChoice],
    [
      "by `dedupSort` beside a schema of rows",
      () => resource({ ...merged, columns: rows }, none).applyHints({ columns: { v: { dedupSort: "desc" } } }),
      byChoice,
    ],
    [
      "by a strategy",
      () => resource({ name: "r", writeDisposition: { disposition: "merge", strategy: "scd2" } }, none),
      byHistory,
    ],
    [
      "by a strategy among additional hints",
      () => resource({ ...merged, additionalTableHints: { "x-merge-strategy": "scd2" } }, none),
      byHistory,
    ],
    [
      "by hints of a nested table",
      () => resource({ name: "r", nestedHints: { items: { writeDisposition: "replace" } } }, none),
      "its write disposition is `replace`",
    ],
  ])("%s", (_, made, reason) => {
    expect(known(made())).toEqual({ tables: [{ name: "r", reason }], reason: null });
  });

  test("whatever it is called, when its hints say so", () => {
    const made = resource({ name: "r", tableName: () => "t", writeDisposition: "replace" }, none);
    expect(known(made)).toEqual({ tables: [], reason: "its write disposition is `replace`" });
  });

  test("not by hints that are refused once rows are there", () => {
    const made = resource({ name: "r", nestedHints: [[["a", "b"], { writeDisposition: "replace" }]] }, none);
    expect(known(made).tables).toEqual([{ name: "r", reason: null }]);
  });

  test("not when it is merged by a primary key, and each variant by itself", () => {
    const made = resource(merged, none).applyHints({ tableName: "t", createTableVariant: true, mergeKey: "grp" });
    expect(known(made).tables).toEqual([
      { name: "r", reason: null },
      { name: "t", reason: byKey },
    ]);
  });
});
