import { expect, test } from "vitest";
import type { TableUpdate } from "./package-info.js";
import { tableChangeLines } from "./package-text.js";

function update(columnCount: number, change: Partial<TableUpdate> = {}): TableUpdate {
  const names = Array.from({ length: columnCount }, (_, index) => `c${index + 1}`);
  const columns = Object.fromEntries(names.map((name) => [name, { name, dataType: "text" as const }]));
  return { name: "events", isNew: true, columns, ...change };
}

test("a table is shown with its new columns", () => {
  expect(tableChangeLines(update(2))).toEqual(["  events (new table)", "    c1: text", "    c2: text"]);
  expect(tableChangeLines(update(1, { isNew: false }))).toEqual(["  events (1 new column)", "    c1: text"]);
});

test("columns beyond the eighth are counted", () => {
  expect(tableChangeLines(update(9))).toHaveLength(10);
  const lines = tableChangeLines(update(594));
  expect(lines).toHaveLength(10);
  expect(lines.at(-2)).toBe("    c8: text");
  expect(lines.at(-1)).toBe("    and 586 more");
});

test("sizes and nullability belong to the type", () => {
  const columns = { price: { name: "price", dataType: "decimal", precision: 10, scale: 2, nullable: false } } as const;
  expect(tableChangeLines(update(0, { columns }))).toEqual([
    "  events (new table)",
    "    price: decimal(10, 2) not null",
  ]);
});

test("what belongs to the library is not shown", () => {
  const columns = { _dlt_id: { name: "_dlt_id", dataType: "text" } } as const;
  expect(tableChangeLines(update(0, { columns }))).toEqual(["  events (new table)"]);
  expect(tableChangeLines(update(0, { columns, isNew: false }))).toEqual([]);
  expect(tableChangeLines(update(1, { name: "_dlt_loads" }))).toEqual([]);
});
