import { expect, test } from "vitest";
import { addDefaultHints, setPreferredTypes, setSchemaContract } from "./change-settings.js";
import { newSchema } from "./new-schema.js";
import { isSchemaName } from "./schema-name.js";
import { compileSettings } from "./settings.js";

test("rules that say the same are one", () => {
  const typed = setPreferredTypes(newSchema("s"), { id: "text", "re:_at$": "date" });
  expect(setPreferredTypes(typed, { "re:^ID$": "bigint", b: "json" }).settings.preferredTypes).toEqual({
    id: "bigint",
    "re:_at$": "date",
    b: "json",
  });
  const hinted = addDefaultHints(newSchema("s"), { sort: ["a", "re:^a$"] });
  expect(hinted.settings.defaultHints?.["sort"]).toEqual(["a", "re:^a$"]);
  expect(addDefaultHints(hinted, { sort: ["re:^a$", "b", "b"] }).settings.defaultHints?.["sort"]).toEqual([
    "a",
    "re:^a$",
    "b",
  ]);
});

test("a contract that is changed keeps its place among the settings", () => {
  const frozen = setPreferredTypes(setSchemaContract(newSchema("s"), "freeze"), { a: "text" });
  expect(Object.keys(setSchemaContract(frozen, "evolve").settings).slice(-2)).toEqual([
    "schemaContract",
    "preferredTypes",
  ]);
  expect(setSchemaContract(frozen, null).settings).not.toHaveProperty("schemaContract");
});

test("a default hint that says nothing matches, and leaves columns as they are", () => {
  const settings = compileSettings(addDefaultHints(newSchema("s"), { nullable: ["a"], sort: ["a"] }));
  expect(settings.matching("a")).toEqual(["nullable", "sort"]);
  expect(settings.hintsOf("a")).toEqual({ sort: true });
});

test("names of schemas are identifiers of Python 3.11", () => {
  expect(["a", "_1", "ünï", "a\u00b7", "x\uff9e"].filter((name) => !isSchemaName(name))).toEqual([]);
  expect(["", "1", "a\n", "a\u200d", "a\u30fb", "a".repeat(65)].filter(isSchemaName)).toEqual([]);
});
