import { newSchema, schemaView, updateTable } from "@dlt/core/engine";
import type { ColumnSchema } from "@dlt/pipeline";
import { expect, test } from "vitest";
import { typesReport } from "./table-types.js";

test("each table becomes a type, whatever its name; names that fall together get numbers", () => {
  const column = (name: string, more: Partial<ColumnSchema>): readonly [string, ColumnSchema] => [
    name,
    { name, ...more },
  ];
  const columns = new Map([
    column("id", { dataType: "bigint", nullable: false, description: "A */ key" }),
    column("at", { dataType: "timestamp" }),
    column("2nd", { dataType: "decimal", nullable: false }),
    column("open", {}),
  ]);
  const tables = ["orders", "orders_", "2024", "_dlt_loads_of_mine"];
  const schema = tables.reduce(
    (made, name) => updateTable(made, { name, columns }),
    newSchema("shop", { names: "duck_case" }),
  );
  const { text } = typesReport(schemaView(schema));
  expect(text).toContain('import type { Decimal, Timestamp } from "@dlt/core";\n');
  expect(text).toContain(`export interface Orders {
  /** A * / key */
  id: number | bigint;
  at: Timestamp | null;
  "2nd": Decimal;
  open: unknown;
}
`);
  expect(text).toContain('export interface Tables {\n  "2024": _2024;\n  orders: Orders;\n  orders_: Orders2;\n}\n');
});
