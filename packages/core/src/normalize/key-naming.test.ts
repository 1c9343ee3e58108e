import { expect, test } from "vitest";
import { testRun } from "../../test/normalize-run.js";
import { encodeRows } from "../json/encode-rows.js";
import { formatSchema } from "../schema/format-schema.js";
import { newSchema } from "../schema/new-schema.js";
import { relationalNormalizer } from "./session.js";

/** Tables and their columns of a row, without those that the library adds. */
function namesOf(row: object, useBreakPathOnNormalize: boolean): Readonly<Record<string, readonly string[]>> {
  const schema = formatSchema(newSchema("src", { useBreakPathOnNormalize }));
  const session = relationalNormalizer.open(schema, testRun);
  const data = { jsonText: encodeRows([row]), framing: "lines" } as const;
  const { update } = session.normalize({ index: 0, table: "items", numbers: "objects", firstRow: 0, data }, () => {});
  const names: Record<string, string[]> = {};
  for (const { name, columns } of update)
    names[name] = [...(names[name] ?? []), ...[...columns.keys()].filter((column) => !column.startsWith("_dlt"))];
  return names;
}

const row = { a__b: 1, aB__C: { x__y: 2 }, c__d: [{ e__f: 1 }] };

test("keys are taken apart at the separator, or are names as a whole", () => {
  expect(namesOf(row, true)).toEqual({ items: ["a__b", "a_b__c__x__y"], items__c__d: ["e__f"] });
  expect(namesOf(row, false)).toEqual({ items: ["a_b", "a_b_c__x_y"], items__c_d: ["e_f"] });
});
