import { expect, test } from "vitest";
import { golden, key, nested, root, rootName, scripts, statements } from "../../test/chains.js";
import { duck, elephant } from "../../test/dialects.js";

test.each([duck, elephant])("insert-from-staging on $name", async (dialect) => {
  const replaced = root([key], { writeDisposition: "replace", replaceStrategy: "insert-from-staging" });
  const cases = { "a chain": [replaced, ...nested] };
  await expect(scripts(dialect, cases)).toMatchFileSnapshot(golden("insert-from-staging", dialect));
});

test("nothing follows where rows go to their tables at once", () => {
  expect(statements(duck, [root([key], { writeDisposition: "append" }), ...nested])).toEqual([]);
  const replaced = root([key], { writeDisposition: "replace", replaceStrategy: "truncate-and-insert" });
  expect(statements(duck, [replaced, ...nested])).toEqual([]);
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
