import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import { describe, expect, test } from "vitest";
import { type Pipeline, type PipelineOptions, resource, source } from "../src/index.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";
import { warnings } from "./warnings.js";

const rows = [{ id: 1, price: 5, tags: [{ name: "a" }] }];
const shop = source({ name: "store" }, () => [resource({ name: "items", primaryKey: "id" }, () => rows)]);

interface Files {
  readonly machine: Machine;
  readonly importFile: string;
  readonly exportFile: string;
  pipeline(options?: Partial<PipelineOptions>): Pipeline;
}

async function machineWithFiles(): Promise<Files> {
  const machine = await newMachine();
  return {
    machine,
    importFile: join(machine.folder, "import", "store.schema.yaml"),
    exportFile: join(machine.folder, "export", "store.schema.yaml"),
    pipeline: (options = {}) =>
      machine.pipeline({ importSchemaPath: "import", exportSchemaPath: "export", ...options }),
  };
}

const read = (path: string) => readFile(path, "utf8");
async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await read(path);
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}
const hashIn = (text: string) => /^version_hash: (.+)$/m.exec(text)?.[1];
const stored = async (
  machine: Machine,
): Promise<{ readonly imported_version_hash?: string; readonly version_hash: string }> =>
  JSON.parse(await read(join(machine.pipelinesDir, "shop", "schemas", "store.schema.json")));

describe("the first run", () => {
  test("begins the import file with what the code declares, and exports what the data added", async () => {
    const { machine, importFile, exportFile, pipeline } = await machineWithFiles();
    const codes = warnings();
    const p = pipeline();
    await p.run(shop());
    const begun = await read(importFile);
    expect(begun).toMatch(
      /^version: 1\nversion_hash: .+\nengine_version: 11\nname: store\ntables:\n {2}_dlt_version:\n/,
    );
    expect(begun).toContain("  items:\n    columns:\n      id:\n        nullable: false\n        primary_key: true\n");
    expect(begun).not.toMatch(/price|x-normalizer|imported_version_hash/);
    const exported = await read(exportFile);
    expect(exported).toMatch(/ {6}price:\n {8}data_type: bigint\n {8}nullable: true\n/);
    expect(exported).toContain("x-normalizer:\n      seen-data: true\n");
    expect(hashIn(exported)).toBe(p.schemas["store"]?.versionHash);
    expect((await stored(machine)).imported_version_hash).toBe(hashIn(begun));
    expect(codes).toEqual([]);
  });

  test("leaves nothing behind when the extract fails", async () => {
    const { machine, pipeline } = await machineWithFiles();
    const failing = source({ name: "store" }, () => [
      resource({ name: "items" }, () => {
        throw new Error("out of reach");
      }),
    ]);
    await expect(pipeline().run(failing())).rejects.toThrow("out of reach");
    expect(existsSync(join(machine.folder, "import"))).toBe(false);
    expect(existsSync(join(machine.folder, "export"))).toBe(false);
  });

  test("takes an import file that is there", async () => {
    const first = await machineWithFiles();
    await first.pipeline().run(shop());
    const edited = (await read(first.importFile)).replace(
      "      id:\n",
      "      price:\n        data_type: decimal\n        precision: 10\n        scale: 2\n      id:\n",
    );
    const { machine, importFile, pipeline } = await machineWithFiles();
    await mkdir(join(machine.folder, "import"));
    await writeFile(importFile, edited);
    const codes = warnings();
    await pipeline().run(shop());
    expect(await read(importFile)).toBe(edited);
    expect(await machine.query("SELECT typeof(price) AS type, price FROM items")).toEqual([
      { type: "DECIMAL(10,2)", price: "5.00" },
    ]);
    expect(codes).toEqual([]);
  });
});

describe("an import file", () => {
  test("that was changed replaces the schema, with warnings", async () => {
    const { machine, importFile, exportFile, pipeline } = await machineWithFiles();
    await pipeline().run(shop());
    const before = (await stored(machine)).version_hash;
    await edit(importFile, (text) =>
      text.replace("        primary_key: true\n", "        primary_key: true\n        description: the key\n"),
    );
    const codes = warnings();
    const p = pipeline();
    await p.run(shop());
    expect(codes).toEqual(["SCHEMA_REPLACED", "SCHEMA_REPLACED_WITH_DATA"]);
    expect(p.schemas["store"]?.tables["items"]?.columns["id"]?.description).toBe("the key");
    expect(p.schemas["store"]?.previousHashes).toContain(before);
    expect(await read(exportFile)).toContain("description: the key");
    codes.splice(0);
    await pipeline().run(shop());
    expect(codes).toEqual([]);
  });

  test("brings its settings, which a source that declares none leaves alone", async () => {
    const { machine, importFile, pipeline } = await machineWithFiles();
    await pipeline().extract(shop());
    await pipeline().dropPending();
    await edit(importFile, (text) =>
      text
        .replace("  detections:\n  - iso_timestamp\n", "  detections:\n  - timestamp\n")
        .replace("normalizers:\n", "  preferred_types:\n    re:price$: text\nnormalizers:\n")
        .replace(/(module: .+relational\n)/, "$1    config:\n      max_nesting: 0\n"),
    );
    warnings();
    const p = pipeline();
    await p.run(shop());
    expect(p.schemas["store"]?.settings).toMatchObject({
      detections: ["timestamp"],
      preferredTypes: { "re:price$": "text" },
    });
    expect(await machine.query("SELECT typeof(price) AS price, typeof(tags) AS tags FROM items")).toEqual([
      { price: "VARCHAR", tags: "JSON" },
    ]);
  });

  test("that notes tables as loaded is taken with a warning", async () => {
    const first = await machineWithFiles();
    await first.pipeline().run(shop());
    const { machine, importFile, pipeline } = await machineWithFiles();
    await mkdir(join(machine.folder, "import"));
    await writeFile(importFile, await read(first.exportFile));
    const codes = warnings();
    await pipeline().run(shop());
    expect(codes).toEqual(["SCHEMA_FILE_HAS_NOTES"]);
  });

  test("that was deleted is begun again", async () => {
    const { importFile, pipeline } = await machineWithFiles();
    await pipeline().run(shop());
    await rm(importFile);
    const codes = warnings();
    await pipeline().run(shop());
    expect(await read(importFile)).toContain("price:");
    expect(await read(importFile)).not.toContain("x-normalizer");
    await pipeline().run(shop());
    expect(codes).toEqual([]);
  });

  test("is looked at before a pending package is normalized", async () => {
    const { machine, importFile, pipeline } = await machineWithFiles();
    await pipeline().extract(shop());
    await edit(importFile, (text) => text.replace("      id:\n", "      price:\n        data_type: text\n      id:\n"));
    const codes = warnings();
    const p = pipeline();
    await p.normalize();
    await p.load();
    expect(codes).toEqual(["SCHEMA_REPLACED"]);
    expect(await machine.query("SELECT typeof(price) AS price FROM items")).toEqual([{ price: "VARCHAR" }]);
  });

  test("shared with the exports is linked to what is exported", async () => {
    const { importFile, pipeline } = await machineWithFiles();
    const options = { exportSchemaPath: "import" };
    await pipeline(options).run(shop());
    const text = await read(importFile);
    expect(text).toContain("price:");
    expect(text).not.toContain("x-normalizer");
    const codes = warnings();
    const p = pipeline(options);
    await p.run(shop());
    expect(codes).toEqual([]);
    expect(p.schemas["store"]?.tables["items"]?.["x-normalizer"]).toEqual({ "seen-data": true });
  });

  test("does not replace a schema that comes back from the destination", async () => {
    const { machine, importFile, exportFile, pipeline } = await machineWithFiles();
    await pipeline().run(shop());
    await rm(machine.pipelinesDir, { recursive: true });
    await rm(exportFile);
    const codes = warnings();
    const p = pipeline();
    await p.sync();
    expect(codes).toEqual([]);
    expect(hashIn(await read(exportFile))).toBe(p.schemas["store"]?.versionHash);
    expect((await stored(machine)).imported_version_hash).toBe(hashIn(await read(importFile)));
    await p.run(shop());
    expect(codes).toEqual([]);
  });

  test.each<[what: string, change: (text: string) => string, code: string, message: RegExp]>([
    [
      "is no YAML",
      (text) => text.replace("name: store", "name: [store"),
      "SCHEMA_FILE_UNREADABLE",
      /store\.schema\.yaml.* line \d+, column \d+/,
    ],
    [
      "has an unknown key",
      (text) => text.replace("primary_key: true", "primary: true"),
      "SCHEMA_DOCUMENT_INVALID",
      /store\.schema\.yaml.*tables\.items\.id\.primary/,
    ],
    [
      "has an unknown type",
      (text) => text.replace("primary_key: true", "data_type: int"),
      "SCHEMA_DOCUMENT_INVALID",
      /tables\.items\.id\.dataType.*bigint/,
    ],
    [
      "is that of another schema",
      (text) => text.replace("name: store", "name: other"),
      "SCHEMA_FILE_NAME_DIFFERS",
      /`other`, not `store`/,
    ],
    [
      "has a name that is none",
      (text) => text.replace("name: store", "name: ../store"),
      "SCHEMA_NAME_INVALID",
      /store\.schema\.yaml/,
    ],
    [
      "is from a later version",
      (text) => text.replace("engine_version: 11", "engine_version: 12"),
      "SCHEMA_ENGINE_UNKNOWN",
      /store\.schema\.yaml/,
    ],
    [
      "lacks a parent",
      (text) => text.replace("    resource: items\n", "    parent: orders\n"),
      "SCHEMA_PARENT_NOT_FOUND",
      /store\.schema\.yaml/,
    ],
    ["is a list", () => "- a\n", "SCHEMA_FILE_UNREADABLE", /store\.schema\.yaml/],
  ])("that %s is refused, and nothing is lost", async (_what, change, code, message) => {
    const { machine, importFile, pipeline } = await machineWithFiles();
    await pipeline().run(shop());
    const before = await stored(machine);
    const good = await read(importFile);
    await edit(importFile, change);
    const run = pipeline().run(shop());
    await expect(run).rejects.toMatchObject({ name: "PipelineStepError", step: "extract", code });
    await expect(run).rejects.toThrow(message);
    expect(await stored(machine)).toEqual(before);
    await writeFile(importFile, good);
    await pipeline().run(shop());
    expect(await machine.query("SELECT count(*) AS items FROM items")).toEqual([{ items: 2 }]);
  });

  test("is looked at by a dry run, which writes neither folder", async () => {
    const first = await machineWithFiles();
    await first.pipeline().run(shop());
    const { machine, importFile, pipeline } = await machineWithFiles();
    await pipeline().run(shop(), { dryRun: true });
    expect(await readdir(machine.folder)).toEqual([]);
    await mkdir(join(machine.folder, "import"));
    await writeFile(
      importFile,
      (await read(first.importFile)).replace("      id:\n", "      price:\n        data_type: text\n      id:\n"),
    );
    const info = await pipeline().run(shop(), { dryRun: true });
    expect(info.schemaUpdate["items"]?.columns["price"]?.dataType).toBe("text");
    expect(await readdir(machine.folder)).toEqual(["import"]);
  });
});

describe("the configuration", () => {
  test.each([
    ["of the pipeline", { PIPELINES__SHOP__IMPORT_SCHEMA_PATH: "in", PIPELINES__EXPORT_SCHEMA_PATH: "out" }],
    ["of schemas", { SCHEMA__IMPORT_SCHEMA_PATH: "in", SCHEMA__EXPORT_SCHEMA_PATH: "out" }],
  ])("%s names the folders", async (_section, env) => {
    const machine = await newMachine();
    await machine.pipeline({}, { ...machine.runtime, env }).run(shop());
    expect(await readdir(join(machine.folder, "in"))).toEqual(["store.schema.yaml"]);
    expect(await readdir(join(machine.folder, "out"))).toEqual(["store.schema.yaml"]);
  });

  test("says JSON, and to keep the names", async () => {
    const machine = await newMachine();
    const env = { SCHEMA__EXTERNAL_SCHEMA_FORMAT: "json", SCHEMA__EXTERNAL_SCHEMA_FORMAT_REMOVE_DEFAULTS: "false" };
    const runtime = { ...machine.runtime, env };
    const options = { importSchemaPath: "in", exportSchemaPath: "out" };
    await machine.pipeline(options, runtime).run(shop());
    const exported = JSON.parse(await read(join(machine.folder, "out", "store.schema.json")));
    expect(exported.tables.items.columns.price).toEqual({ name: "price", data_type: "bigint", nullable: true });
    expect(exported.imported_version_hash).toBe((await stored(machine)).imported_version_hash);
    const importFile = join(machine.folder, "in", "store.schema.json");
    await edit(importFile, (text) =>
      text.replace('"primary_key": true', '"primary_key": true,\n          "description": "the key"'),
    );
    warnings();
    const p = machine.pipeline(options, runtime);
    await p.run(shop());
    expect(p.schemas["store"]?.tables["items"]?.columns["id"]?.description).toBe("the key");
  });

  test("with a format that cannot be read is refused where files are asked for", async () => {
    const machine = await newMachine();
    const runtime = { ...machine.runtime, env: { SCHEMA__EXTERNAL_SCHEMA_FORMAT: "dbml" } };
    expect(() => machine.pipeline({ exportSchemaPath: "out" }, runtime)).toThrow(
      expect.objectContaining({ code: "SCHEMA_FILE_FORMAT_UNSUPPORTED" }),
    );
    expect(machine.pipeline({ destination: duckdb() }, runtime).pipelineName).toBe("shop");
  });
});
