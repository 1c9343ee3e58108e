import { strict as assert } from "node:assert";
import { readFile, rm, writeFile } from "node:fs/promises";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource, source } from "@dlt/pipeline";

// Prices come as text, and times as seconds since 1970.
const shop = source({ name: "shop" }, () => [
  resource({ name: "products", primaryKey: "sku" }, () => [
    { sku: "A1", price: "9.90", changed_at: 1_767_225_600 },
    { sku: "B7", price: "120", changed_at: 1_767_312_000 },
  ]),
]);
const p = pipeline({
  pipelineName: "schema_files",
  destination: duckdb({ credentials: "schema-files.duckdb" }),
  datasetName: "shop",
  importSchemaPath: "schemas/import", // people edit here
  exportSchemaPath: "schemas/export", // and see here what came of it
});
await p.drop({ dataset: true }); // so that every start begins with nothing
await rm("schemas", { recursive: true, force: true });

await p.run(shop());
const exported = await readFile("schemas/export/shop.schema.yaml", "utf8");
const tableOf = (yaml: string) => /^ {2}products:\n(?: {4}.*\n)+/m.exec(yaml)?.[0] ?? "";
console.log(`The table as the first run exported it to YAML:\n\n${tableOf(exported)}`);

// What a person would do in an editor: the price is a decimal, and every column that ends with `_at` is a time.
const file = "schemas/import/shop.schema.yaml";
const text = await readFile(file, "utf8");
const edited = text
  .replace(
    "        primary_key: true\n",
    "$&      price:\n        data_type: decimal\n        precision: 10\n        scale: 2\n",
  )
  .replace("settings:\n", "settings:\n  preferred_types:\n    re:_at$: timestamp\n");
await writeFile(file, edited);

// Tables that are there keep their types, so this one is made anew. The next run takes the edited file.
await p.drop({ dataset: true });
await p.run(shop());

await using sql = await p.sqlClient();
const columns = await sql.executeSql(
  "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = 'products' AND column_name NOT LIKE '_dlt%' ORDER BY column_name",
);
console.log("The columns after the file was edited:");
console.table(Object.fromEntries(columns));
const rows = await sql.executeSql("SELECT sku, CAST(price AS TEXT), epoch(changed_at) FROM products ORDER BY sku");

assert.match(tableOf(exported), / {6}price:\n {8}data_type: text\n/);
assert.match(tableOf(exported), / {6}changed_at:\n {8}data_type: bigint\n/);
assert.equal(await readFile(file, "utf8"), edited); // the file belongs to people: it is never overwritten
assert.deepEqual(columns, [
  ["changed_at", "TIMESTAMP WITH TIME ZONE"],
  ["price", "DECIMAL(10,2)"],
  ["sku", "VARCHAR"],
]);
assert.deepEqual(rows.map(String), ["A1,9.90,1767225600", "B7,120.00,1767312000"]);
