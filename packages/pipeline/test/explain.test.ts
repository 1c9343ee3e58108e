import { expect, test } from "vitest";
import { resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const shop = (rows: readonly unknown[]) =>
  source({ name: "shop" }, (_config, _args, { schema }) => {
    schema.updatePreferredTypes({ "re:_price$": "decimal" });
    return [
      resource(
        { name: "orders", primaryKey: "id", columns: { note: { dataType: "text" } }, maxTableNesting: 1 },
        () => rows,
      ),
    ];
  })();

test("a schema says which rule or row decided a type", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const first = await p.run(
    shop([
      { id: 1, note: "a", unit_price: "1.10", at: "2026-01-01T00:00:00Z", size: 1, tags: [{ x: [1] }] },
      { id: 2, size: "large", half: 1, extra: { a: 1 } },
      { id: 3, half: 0.5 },
    ]),
  );
  const second = await p.run(shop([{ id: 4 }, { id: 5, at: true }]));
  const [before, after] = [first.loadsIds[0], second.loadsIds[0]];
  const explained = (column: string, table = "orders") => String(p.defaultSchema?.explain(table, column));

  expect(explained("id")).toBe(
    `\`orders.id\` is bigint: the first value is bigint (row 0 of resource \`orders\` in load ${before}).`,
  );
  expect(explained("note")).toBe(`\`orders.note\` is text: the resource declares it (load ${before}).`);
  expect(explained("unit_price")).toContain(
    "is decimal: the name matches the rule `re:_price$` of the preferred types; the first value is text (row 0 of",
  );
  expect(explained("at")).toContain(
    "is timestamp: the detection `iso_timestamp` recognises the first value, a text (row 0 of",
  );
  expect(explained("size__v_text")).toContain(
    "is text: a text came that does not convert to bigint, the type of `size` (row 1 of",
  );
  expect(explained("half")).toContain("is double: the first numbers are integral, and one with a fraction follows");
  expect(explained("at__v_bool")).toBe(
    `\`orders.at__v_bool\` is bool: a bool came that does not convert to timestamp, the type of \`at\` (row 1 of resource \`orders\` in load ${after}).`,
  );
  expect(explained("x", "orders__tags")).toContain(
    "is json: the first value is an object or list below the depth that is unpacked",
  );
  expect(explained("_dlt_id")).toBe(
    "`orders._dlt_id` is text: it is a column of the library. Default hints by name: `notNull` (rule `_dlt_id`), `unique` (rule `_dlt_id`), `rowKey` (rule `_dlt_id`).",
  );
  expect(p.defaultSchema?.explain("Orders", "unitPrice")).toMatchObject({
    table: "orders",
    column: "unit_price",
    dataType: "decimal",
    decidedBy: { decision: { kind: "preferred-type" }, row: 0, loadId: before, resource: "orders" },
  });
  // The view stays data.
  expect(Object.keys(p.defaultSchema ?? {})).not.toContain("explain");
});

test("what became wider says for which row", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ widenColumns: true });
  const items = (rows: readonly unknown[]) =>
    resource({ name: "items", columns: { n: { dataType: "bigint", precision: 8 } } }, () => rows);
  await p.run(items([{ n: 1 }, { n: 300 }]));
  expect(String(p.defaultSchema?.explain("items", "n"))).toMatch(
    /is bigint: the resource declares it \(load [\d.]+\)\. bigint\(8\) became bigint\(16\) for the value of row 1 of resource `items` in load [\d.]+\.$/,
  );
});

test("growth that was given up is not told", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ widenColumns: true });
  const items = (rows: readonly unknown[]) =>
    resource({ name: "items", columns: { n: { dataType: "bigint", precision: 8 } } }, () => rows);
  await p.run(items([{ n: 1 }]));
  await p.extract(items([{ n: 300 }]));
  await p.normalize();
  expect(p.defaultSchema?.explain("items", "n").widenedBy).not.toBeNull();
  await p.dropPending();
  expect(p.defaultSchema?.explain("items", "n").widenedBy).toBeNull();
});

test("batches of columns bring their types", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const values = new Float64Array([1.5]);
  const batch = {
    rowCount: 1,
    columns: [{ name: "x", type: { dataType: "double" }, validity: null, layout: "fixed", values }],
  } as const;
  await p.run(resource({ name: "items" }, () => [batch]));
  expect(String(p.defaultSchema?.explain("items", "x"))).toContain(
    "is double: the first batch of columns has it in this type",
  );
});

test("a machine that only knows the destination says so", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(shop([{ id: 1 }]));
  const other = machine.pipeline({ pipelinesDir: `${machine.folder}/elsewhere` });
  await other.sync();
  expect(String(other.defaultSchema?.explain("orders", "id"))).toContain("What decided it is not recorded here");
});

test("names that are not there are answered with the nearest", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(shop([{ id: 1, unit_price: 1 }]));
  expect(() => p.defaultSchema?.explain("ordrs", "id")).toThrow(
    expect.objectContaining({ code: "SCHEMA_TABLE_NOT_FOUND", hint: "Did you mean `orders`?" }),
  );
  expect(() => p.defaultSchema?.explain("orders", "unit_prize")).toThrow(
    expect.objectContaining({ code: "SCHEMA_COLUMN_NOT_FOUND", hint: "Did you mean `unit_price`?" }),
  );
  expect(() => p.defaultSchema?.explain("orders", "")).toThrow("has no column ``");
});
