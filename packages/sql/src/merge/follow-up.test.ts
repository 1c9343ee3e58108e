import { expect, test } from "vitest";
import { golden, key, nested, root, rootName, scripts, statements } from "../../test/chains.js";
import { duck, elephant } from "../../test/dialects.js";

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

test("a table to be merged without a strategy is a mistake of ours", () => {
  const { mergeStrategy: _, ...unprepared } = root([key]);
  expect(() => statements(duck, [unprepared])).toThrow(
    expect.objectContaining({
      code: "INTERNAL_STATE_UNEXPECTED",
      message: `Table \`${rootName}\` is to be merged without a strategy.`,
    }),
  );
});
