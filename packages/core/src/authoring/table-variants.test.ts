import { describe, expect, test } from "vitest";
import { resourceDefinition } from "./brand.js";
import { incremental } from "./incremental.js";
import { withHints } from "./marks.js";
import { resource } from "./resource.js";

const events = () =>
  resource(
    {
      name: "events",
      tableName: (row: { kind: string }) => row.kind,
      primaryKey: () => "id",
      writeDisposition: "merge",
    },
    () => [{ kind: "a" }],
  );

describe("a table variant", () => {
  test("begins with the hints of the resource that are no functions, and leaves the resource as it is", () => {
    const made = events().applyHints({ tableName: "a", columns: { x: {} }, createTableVariant: true });
    const { hints, variants } = resourceDefinition(made);
    expect(variants.get("a")).toEqual({ writeDisposition: "merge", tableName: "a", columns: { x: {} } });
    expect(typeof hints?.tableName).toBe("function");
  });

  test("is changed by hints for the same table", () => {
    const made = events()
      .applyHints({ tableName: "a", columns: { x: { unique: true } }, createTableVariant: true })
      .applyHints({ tableName: "a", columns: { y: {} }, writeDisposition: "replace", createTableVariant: true });
    expect(resourceDefinition(made).variants.get("a")).toEqual({
      writeDisposition: "replace",
      tableName: "a",
      columns: [{ name: "x", unique: true }, { name: "y" }],
    });
  });

  test.each<[string, object]>([
    ["without a table", { columns: { x: {} } }],
    ["with a table by row", { tableName: () => "a" }],
    ["with a hint by row", { tableName: "a", primaryKey: () => "id" }],
    ["with a cursor", { tableName: "a", incremental: incremental("id") }],
  ])("%s is refused", (_, hints) => {
    const made = events();
    const refused = expect.objectContaining({ code: "RESOURCE_HINTS_INCONSISTENT" });
    expect(() => made.applyHints({ ...hints, createTableVariant: true })).toThrow(refused);
    expect(() => withHints([], hints, { createTableVariant: true })).toThrow(refused);
    expect(resourceDefinition(made).variants.size).toBe(0);
  });
});

test("hints can be read; a resource without any has none", () => {
  expect(events().applyHints({ maxTableNesting: 1 }).hints).toMatchObject({
    writeDisposition: "merge",
    maxTableNesting: 1,
  });
});
