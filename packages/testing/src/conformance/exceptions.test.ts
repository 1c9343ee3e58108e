import { expect, test } from "vitest";
import { type ChosenArea, checkExceptions } from "./exceptions.js";

const area = (name: string, isEssential: boolean, tests: readonly string[]): ChosenArea => ({
  area: { name, isEssential },
  tests: tests.map((each) => ({ name: each, run: async () => undefined })),
});
const areas = [area("values", false, ["keeps text"]), area("append", true, ["loads add their rows"])];

test("an exception with its reason is taken", () => {
  expect(() => checkExceptions(areas, { "keeps text": "at most 10 characters" })).not.toThrow();
});

test.each([
  ["for a test that is not run", { "keeps nothing": "?" }, "no such test is run"],
  ["without a reason", { "keeps text": " " }, "needs its reason"],
  ["without which rows are lost", { "loads add their rows": "they do not" }, "rows are lost or doubled"],
])("an exception %s is refused", (_, exceptions, message) => {
  expect(() => checkExceptions(areas, exceptions)).toThrow(message);
});
