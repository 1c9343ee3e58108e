import { expect, test } from "vitest";
import { tableChangeLines } from "./package-text.js";
import type { TableUpdate } from "./table-update.js";

function update(columnCount: number, change: Partial<TableUpdate> = {}): TableUpdate {
  const names = Array.from({ length: columnCount }, (_, index) => `c${index + 1}`);
  const columns = Object.fromEntries(names.map((name) => [name, { name, dataType: "text" as const }]));
  return { name: "events", isNew: true, widerColumns: [], columns, ...change };
}

function listed(count: number): string {
  return Array.from({ length: count }, (_, index) => `c${index + 1} text`).join(", ");
}

test("a table is shown with its new columns", () => {
  expect(tableChangeLines(update(2))).toEqual(["  events (new table): c1 text, c2 text"]);
  expect(tableChangeLines(update(1, { isNew: false }))).toEqual(["  events (1 new column): c1 text"]);
});

test("columns that became wider are told from new ones", () => {
  const wider = { isNew: false, widerColumns: ["c2"] };
  expect(tableChangeLines(update(3, wider))).toEqual([
    "  events (2 new columns, 1 wider column): c1 text, c2 text, c3 text",
  ]);
  expect(tableChangeLines(update(1, { isNew: false, widerColumns: ["c1"] }))).toEqual([
    "  events (1 wider column): c1 text",
  ]);
});

test("columns that the line has no room for are counted", () => {
  const [line = ""] = tableChangeLines(update(594));
  expect(line).toBe(`  events (new table): ${listed(8)} and 586 more`);
  expect(listed(9).length).toBeGreaterThan(100 - "  events (new table): ".length);
});

test("one column is shown however long its name is", () => {
  const name = "n".repeat(120);
  const columns = { [name]: { name, dataType: "text" }, b: { name: "b", dataType: "text" } } as const;
  expect(tableChangeLines(update(0, { columns }))).toEqual([`  events (new table): ${name} text and 1 more`]);
});

test("sizes and nullability belong to the type", () => {
  const columns = { price: { name: "price", dataType: "decimal", precision: 10, scale: 2, nullable: false } } as const;
  expect(tableChangeLines(update(0, { columns }))).toEqual(["  events (new table): price decimal(10, 2) not null"]);
});

test("what belongs to the library is not shown", () => {
  const columns = { _dlt_id: { name: "_dlt_id", dataType: "text" } } as const;
  expect(tableChangeLines(update(0, { columns }))).toEqual(["  events (new table)"]);
  expect(tableChangeLines(update(0, { columns, isNew: false }))).toEqual([]);
  expect(tableChangeLines(update(1, { name: "_dlt_loads" }))).toEqual([]);
});
