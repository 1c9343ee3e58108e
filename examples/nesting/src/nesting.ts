import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { type Pipeline, pipeline, resource, source } from "@dlt/pipeline";

// An order has lines, a line has discounts, a discount has reasons; the customer is an object in an object.
const orders = [
  {
    id: 1,
    customer: { name: "Ada", address: { city: "London" } },
    lines: [
      { sku: "A1", discounts: [{ code: "SPRING", reasons: ["loyal", "early"] }] },
      { sku: "B7", discounts: [] },
    ],
  },
];

// The depth can be said of a run, of a source, and of a table. Where nothing is said there is no limit.
const shop = (of: { source?: number; table?: number }) =>
  source({ name: "shop", ...(of.source !== undefined && { maxTableNesting: of.source }) }, () => [
    resource({ name: "orders", ...(of.table !== undefined && { maxTableNesting: of.table }) }, () => orders),
  ])();
const ways: Record<string, (p: Pipeline, depth: number | undefined) => Promise<unknown>> = {
  run: (p, depth) => p.run(shop({}), depth === undefined ? {} : { maxTableNesting: depth }),
  source: (p, depth) => p.run(shop(depth === undefined ? {} : { source: depth })),
  table: (p, depth) => p.run(shop(depth === undefined ? {} : { table: depth })),
};

/** The tables that come out, each with the columns that stay JSON. */
async function tablesOf(way: string, depth: number | undefined): Promise<string[]> {
  const p = pipeline({
    pipelineName: "nesting",
    destination: duckdb({ credentials: "nesting.duckdb" }),
    datasetName: `${way}_${depth ?? "unlimited"}`,
  });
  await p.drop({ dataset: true }); // so that every start begins with nothing
  await ways[way]?.(p, depth);
  const tables = Object.values(p.schemas["shop"]?.tables ?? {}).filter(({ name }) => name.startsWith("orders"));
  return tables.map(({ name, columns }) => {
    const json = Object.values(columns).filter((column) => column.dataType === "json");
    return json.length === 0 ? name : `${name} (JSON: ${json.map((column) => column.name).join(", ")})`;
  });
}

const expected: Record<string, string[]> = {
  "0": ["orders (JSON: customer, lines)"],
  "1": ["orders (JSON: customer__address)", "orders__lines (JSON: discounts)"],
  "2": ["orders", "orders__lines", "orders__lines__discounts (JSON: reasons)"],
  unlimited: ["orders", "orders__lines", "orders__lines__discounts", "orders__lines__discounts__reasons"],
};
for (const depth of [0, 1, 2, undefined]) {
  const name = String(depth ?? "unlimited");
  const tables = await tablesOf("run", depth);
  console.log(`maxTableNesting ${name}, of the run, the source or the table\n  ${tables.join("\n  ")}\n`);
  assert.deepEqual(tables, expected[name]);
  assert.deepEqual(await tablesOf("source", depth), tables);
  assert.deepEqual(await tablesOf("table", depth), tables);
}
