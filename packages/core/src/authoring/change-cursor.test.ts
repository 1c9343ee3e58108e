import { describe, expect, test } from "vitest";
import type { IncrementalHint } from "../contract/incremental.js";
import type { Resource } from "../contract/resource.js";
import { Timestamp } from "../values/timestamp.js";
import { resourceDefinition } from "./brand.js";
import { needsCursor, setCursor } from "./change-cursor.js";
import type { CursorStep } from "./definition.js";
import { incremental } from "./incremental.js";
import { resource } from "./resource.js";
import { cursorStepOf } from "./steps.js";

const declared = incremental<unknown>("at", {
  initialValue: 1,
  endValue: 9,
  rowOrder: "asc",
  lag: 2,
  primaryKey: "id",
});

function items(cursor = declared): Resource {
  return resource({ name: "items", incremental: cursor }, () => []);
}

function stepOf(made: Resource): CursorStep {
  const step = cursorStepOf(resourceDefinition(made).steps);
  if (step === undefined) throw new Error("There is no cursor.");
  return step;
}

describe("the hint `incremental`", () => {
  test("replaces the cursor by another, with nothing of the first", () => {
    const { cursor, fixed } = stepOf(items().applyHints({ incremental: incremental("id", { initialValue: 5 }) }));
    expect(cursor).toEqual({
      cursorPath: "id",
      initialValue: 5,
      lastValueFunc: "max",
      rangeStart: "closed",
      rangeEnd: "open",
      onCursorValueMissing: "raise",
      allowExternalSchedulers: false,
    });
    expect(fixed).toBe("all");
  });

  test("merges options over the cursor: what is not given stays", () => {
    const { cursor, fixed } = stepOf(items().applyHints({ incremental: { endValue: 5, rangeEnd: "closed" } }));
    expect(cursor).toEqual({ ...stepOf(items()).cursor, endValue: 5, rangeEnd: "closed" });
    expect(fixed).toEqual(["endValue", "rangeEnd"]);
  });

  test("null and undefined options count as not given", () => {
    const hint = { endValue: null, lag: undefined, initialValue: 2 } as unknown as IncrementalHint;
    const { cursor, fixed } = stepOf(items().applyHints({ incremental: hint }));
    expect(cursor).toEqual({ ...stepOf(items()).cursor, initialValue: 2 });
    expect(fixed).toEqual(["initialValue"]);
  });

  test.each([0, "2024", 5n, new Date(0), new Timestamp({ seconds: 0 })])(
    "takes the bare value %s as the initial value",
    (value) => {
      const made = items(incremental<unknown>("at", { initialValue: value, lag: 3 }));
      const { cursor } = stepOf(made.applyHints({ incremental: value }));
      expect(cursor).toMatchObject({ cursorPath: "at", initialValue: value, lag: 3 });
    },
  );

  test("changes add up", () => {
    const made = items()
      .applyHints({ incremental: 3 })
      .applyHints({ incremental: { endValue: 4 } });
    expect(stepOf(made)).toMatchObject({
      cursor: { initialValue: 3, endValue: 4 },
      fixed: ["initialValue", "endValue"],
    });
  });

  test("takes the cursor away with null, and gives it back", () => {
    const made = items().applyHints({ incremental: null });
    expect(resourceDefinition(made)).toMatchObject({ steps: [], withoutCursor: true });
    made.applyHints({ incremental: declared });
    expect(resourceDefinition(made)).toMatchObject({ withoutCursor: false });
    expect(stepOf(made).cursor.cursorPath).toBe("at");
  });

  test("gives a resource without a cursor one by options with a path", () => {
    const made = resource({ name: "items" }, () => []).applyHints({ incremental: { cursorPath: "id", lag: 1 } });
    expect(stepOf(made).cursor).toMatchObject({ cursorPath: "id", lag: 1 });
  });

  test.each<[IncrementalHint]>([[{ endValue: 5 }], [5], [{}]])("refuses %j for a resource without a cursor", (hint) => {
    const made = resource({ name: "items" }, () => []);
    expect(() => made.applyHints({ incremental: hint })).toThrow(
      expect.objectContaining({ code: "INCREMENTAL_NOT_DECLARED", context: { resource: "items" } }),
    );
  });

  test.each([[true], [() => 1], [new Map()], [[1]]])("refuses %s", (hint) => {
    expect(() => items().applyHints({ incremental: hint as unknown as IncrementalHint })).toThrow(
      "was not made by `incremental()`",
    );
  });

  test("checks what comes of the merged options", () => {
    expect(() => items().applyHints({ incremental: { endValue: 0 } })).toThrow(
      "`initialValue` of the cursor `at` is higher",
    );
    expect(() => items().applyHints({ incremental: { endVallue: 4 } as IncrementalHint })).toThrow(
      "no option `endVallue`",
    );
    const open = items(incremental("at"));
    expect(() => open.applyHints({ incremental: { endValue: 5 } })).toThrow("and no `initialValue`");
  });
});

test("an engine's change leaves what was fixed as it was", () => {
  const made = items().applyHints({ incremental: { endValue: 5 } });
  setCursor(made, { ...stepOf(made).cursor, lag: 7 });
  expect(stepOf(made)).toMatchObject({ cursor: { endValue: 5, lag: 7 }, fixed: ["endValue"] });
});

test("some hints only make sense where there is a cursor", () => {
  expect([5, "x", { endValue: 1 }, {}].map(needsCursor)).toEqual([true, true, true, true]);
  expect([null, declared, { cursorPath: "id" }].map(needsCursor)).toEqual([false, false, false]);
});

describe("options", () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["cursorType", { cursorType: "text" }],
    ["allowExternalSchedulers", { allowExternalSchedulers: "yes" }],
    ["primaryKey", { primaryKey: 5 }],
    ["primaryKey", { primaryKey: ["id", 5] }],
    ["lag", { lag: "1" }],
    ["lag", { lag: Number.NaN }],
    ["rowOrder", { rowOrder: "up" }],
    ["rangeStart", { rangeStart: "half" }],
    ["rangeEnd", { rangeEnd: "half" }],
    ["onCursorValueMissing", { onCursorValueMissing: "skip" }],
    ["lastValueFunc", { lastValueFunc: "sum" }],
  ])("an unusable `%s` is refused", (name, options) => {
    expect(() => incremental("at", options)).toThrow(
      expect.objectContaining({ code: "INCREMENTAL_OPTION_INVALID", context: { option: name } }),
    );
    expect(() => items(incremental("at")).applyHints({ incremental: options })).toThrow(`\`${name}\``);
  });

  test("bounds are of the declared type", () => {
    expect(() => incremental<unknown>("at", { cursorType: "timestamp", initialValue: "2024-01-01" })).toThrow(
      "`initialValue` of the cursor `at` is no timestamp",
    );
    expect(() => incremental<unknown>("at", { cursorType: "date", initialValue: new Date(0) })).toThrow("is no date");
    expect(() => incremental("at", { cursorType: "double", initialValue: 1, endValue: 2.5 })).not.toThrow();
    expect(() => incremental("at", { cursorType: "timestamp", initialValue: new Date(0) })).not.toThrow();
  });
});
