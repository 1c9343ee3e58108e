import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { exportDocument, newSchema } from "@dlt/core/engine";
import { expect, test } from "vitest";
import { readSchemaFile, resource, source } from "../src/index.js";
import { formatSchemaFile } from "../src/schema-files/schema-file-text.js";
import { newMachine } from "./new-machine.js";

/** A schema as Python dlt exports it, with a table and settings of its own. */
const yaml = (name = "store", more = "") =>
  formatSchemaFile(exportDocument(newSchema(name)), "yaml")
    .replace(/^version: 1\nversion_hash: .*$/m, "version: 3\nversion_hash: ''")
    .replace(
      "settings:\n  detections:\n  - iso_timestamp\n",
      `  items:
    columns:
      price:
        data_type: decimal
        precision: 10
        scale: 2${more}
    x-normalizer:
      seen-data: true
settings:
  detections:
  - timestamp
`,
    )
    .replace("json.relational\n", "json.relational\n    config:\n      max_nesting: 0\n");
const items = () => [resource({ name: "items" }, () => [{ id: 1, price: 5, made: "2026-01-02T03:04:05Z", tags: [1] }])];
const types = "SELECT typeof(price) AS price, typeof(made) AS made, typeof(tags) AS tags FROM items";

test("a source starts from the file beside its module", async () => {
  const machine = await newMachine();
  const url = pathToFileURL(join(machine.folder, "store.schema.yaml"));
  await writeFile(url, yaml());
  const p = machine.pipeline();
  const info = await p.run(source({ name: "store", schema: url }, items)());
  expect(await machine.query(types)).toEqual([{ price: "DECIMAL(10,2)", made: "VARCHAR", tags: "JSON" }]);
  expect(p.schemas["store"]?.version).toBe(5);
  expect(info.loadPackages[0]?.schemaUpdate["items"]?.isNew).toBe(true);
});

test("a source starts from a document, which its function changes", async () => {
  const machine = await newMachine();
  const file = join(machine.folder, "store.schema.yaml");
  await writeFile(file, yaml());
  const store = source({ name: "store", schema: readSchemaFile(file) }, (_config, _args, { schema }) => {
    schema.addTypeDetection("iso_timestamp");
    schema.setMaxTableNesting(1);
    schema.mergeHints({ primaryKey: ["re:^id$"] });
    return items();
  });
  const p = machine.pipeline();
  await p.run(store());
  expect(p.schemas["store"]?.tables["items"]?.columns["id"]).toMatchObject({ dataType: "bigint", primaryKey: true });
  expect(await machine.query("SELECT typeof(made) AS made, value FROM items, items__tags")).toEqual([
    { made: "TIMESTAMP WITH TIME ZONE", value: 1 },
  ]);
});

test("what a source no longer says of its schema is gone with the next run", async () => {
  const machine = await newMachine();
  const store = (detects: boolean) =>
    source({ name: "store" }, (_config, _args, { schema }) => {
      if (detects) schema.removeTypeDetection("iso_timestamp");
      return items();
    })();
  const p = machine.pipeline();
  await p.run(store(true));
  expect(p.schemas["store"]?.settings.detections).toEqual([]);
  await p.run(store(false));
  expect(p.schemas["store"]?.settings.detections).toEqual(["iso_timestamp"]);
});

test("the configuration limits the depth of sources that do not", async () => {
  const depths = async (env: Readonly<Record<string, string>>, declares = false) => {
    const machine = await newMachine();
    const store = source({ name: "store" }, (_config, _args, { schema }) => {
      if (declares) schema.setMaxTableNesting(1);
      return items();
    });
    const p = machine.pipeline({}, { ...machine.runtime, env });
    await p.run(store());
    return p.schemas["store"]?.normalizers.json.config?.maxNesting;
  };
  expect(await depths({})).toBeUndefined();
  expect(await depths({ NORMALIZE__MAX_TABLE_NESTING: "0" })).toBe(0);
  expect(await depths({ NORMALIZE__MAX_TABLE_NESTING: "0", EXTRACT__MAX_TABLE_NESTING: "2" })).toBe(2);
  expect(await depths({ SOURCES__STORE__EXTRACT__MAX_TABLE_NESTING: "3", EXTRACT__MAX_TABLE_NESTING: "2" })).toBe(3);
  expect(await depths({ EXTRACT__MAX_TABLE_NESTING: "2" }, true)).toBe(1);
});

test("a document is an object too, as JSON gives it", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const json = JSON.parse(formatSchemaFile(exportDocument(newSchema("other")), "json"));
  json.tables.items = { columns: { price: { data_type: "text" } } };
  await p.run(source({ name: "other", schema: json }, items)());
  expect(p.schemas["other"]?.tables["items"]?.columns["price"]?.dataType).toBe("text");
});

test.each([
  ["is not there", null, "SCHEMA_FILE_MISSING"],
  ["is that of another source", yaml("other"), "SCHEMA_FILE_NAME_DIFFERS"],
  ["has an unknown key", yaml("store", "\n        precise: true"), "SCHEMA_DOCUMENT_INVALID"],
  ["is no YAML", "a: [", "SCHEMA_FILE_UNREADABLE"],
])("a file that %s is refused by name", async (_what, text, code) => {
  const machine = await newMachine();
  const url = pathToFileURL(join(machine.folder, "store.schema.yaml"));
  if (text !== null) await writeFile(url, text);
  const run = machine.pipeline().run(source({ name: "store", schema: url }, items)());
  await expect(run).rejects.toMatchObject({ step: "extract", code });
  await expect(run).rejects.toThrow(code === "SCHEMA_FILE_NAME_DIFFERS" ? "`other`" : "store.schema.yaml");
});

test.each([
  ["a folder", "schemas"],
  ["a page", new URL("https://example.com/store.schema.yaml")],
])("%s is no schema file", (_what, path) => {
  expect(() => readSchemaFile(path)).toThrow(expect.objectContaining({ code: "SCHEMA_FILE_UNREADABLE" }));
});

test("a source under another name starts from the same document, and has a schema and state of its own", async () => {
  const machine = await newMachine();
  const file = join(machine.folder, "store.schema.yaml");
  await writeFile(file, yaml());
  const store = source({ name: "store", schema: readSchemaFile(file) }, items);
  const p = machine.pipeline();
  await p.run(store.with({ name: "store_2" })());
  await p.run(store().withName("store_3"));
  expect(p.schemaNames).toEqual(["store_2", "store_3"]);
  for (const name of p.schemaNames)
    expect(p.schemas[name]?.tables["items"]?.columns["price"]).toMatchObject({ dataType: "decimal", precision: 10 });
});

test("a schema that is no object of keys and values is refused", async () => {
  const machine = await newMachine();
  const run = machine.pipeline().run(source({ name: "store", schema: [] }, items)());
  await expect(run).rejects.toMatchObject({ code: "SCHEMA_DOCUMENT_INVALID" });
});
