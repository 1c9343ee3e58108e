import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newProject, type Project } from "./project.js";

// An enum is what taking types off does not do alone.
const shop = `
import { pipeline, resource } from "@dlt/pipeline";
enum Kind { Sale = "sale" }
const orders = resource({ name: "orders", primaryKey: "id", writeDisposition: "merge" }, function* ({ state }) {
  state["n"] = Number(state["n"] ?? 0) + 1;
  yield [{ id: 1, kind: Kind.Sale, items: [{ sku: "x" }, { sku: "y" }] }, { id: 2, kind: Kind.Sale, note: "a   b" }];
});
console.log("arguments:", ...process.argv.slice(2));
const info = await pipeline({ pipelineName: "shop", destination: "duckdb", datasetName: "data" }).run(orders);
console.log("packages:", info.loadsIds.length);
`;

async function withShop(): Promise<Project> {
  const project = await newProject();
  await project.write("shop.ts", shop);
  return project;
}

const json = (text: string): unknown => JSON.parse(text);

test("a program in TypeScript is planned, run, listed and looked into", async () => {
  const { dlt, folder } = await withShop();

  const planned = await dlt(["plan", "shop.ts"]);
  expect(planned).toMatchObject({ code: 0, err: "arguments:\npackages: 0\n" });
  expect(planned.out).toMatch(/^Dry run of pipeline shop completed in [^]*; nothing was changed\n/);
  expect(planned.out).toContain('CREATE TABLE "data"."orders"');
  expect(await dlt(["pipeline", "--list"])).toEqual({
    code: 0,
    out: `No pipelines found in ${join(folder, "data", "ts-pipelines")}\n`,
    err: "",
  });

  const run = await dlt(["pipeline", "shop.ts", "run", "--", "--since", "2024"]);
  expect(run).toEqual({
    code: 0,
    out: `arguments: --since 2024\npackages: 1\nPipeline shop loaded 4 rows into 2 tables: dataset data at duckdb:////${join(folder, "shop.duckdb").slice(1)}\n`,
    err: "",
  });

  const listed = await dlt(["pipeline", "list"]);
  expect(listed.out).toMatch(
    /^1 pipeline found in .*\nshop \(last run: \d+ seconds? ago, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)\n$/,
  );
  const info = json((await dlt(["pipeline", "shop", "--json"])).out);
  expect(info).toMatchObject({
    pipeline_name: "shop",
    first_run: false,
    state: { dataset_name: "data", default_schema_name: "shop", destination_type: "dlt.destinations.duckdb" },
    sources: { shop: { resources: { orders: { n: 1 } } } },
    schemas: [
      {
        schema_name: "shop",
        resources: [
          {
            resource_name: "orders",
            state_slots: 1,
            tables: [
              { table_name: "orders", has_data: true, incomplete_columns: 0 },
              { table_name: "orders__items", has_data: true },
            ],
          },
        ],
      },
    ],
    packages: { extracted: [], normalized: [], failed_jobs: 0, partially_loaded: null },
    last_run: { is_failed: false },
  });
  const [loadId = ""] = (info as { packages: { completed: string[] } }).packages.completed;
  const told = (await dlt(["pipeline", "-v", "shop", "info"])).out;
  expect(told).toContain(`Found pipeline shop in ${join(folder, "data", "ts-pipelines", "shop")}\n`);
  expect(told).toContain("  orders with 2 tables and 1 resource state slot\n    orders: 5 columns, received data\n");
  expect(told).toContain(`1 package completed:\n  ${loadId}\n`);

  const counted = await dlt(["pipeline", "shop", "show", "--json"]);
  expect(json(counted.out)).toEqual([
    { table_name: "orders", rows: 2 },
    { table_name: "orders__items", rows: 2 },
  ]);
  const rows = await dlt(["pipeline", "shop", "show", "orders", "--limit", "1"]);
  expect(rows.out).toMatch(/^id {2}kind .*\n1 {3}sale .*\n$/);
  expect(await dlt(["pipeline", "shop", "show", "order"])).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("Did you mean orders"),
  });

  const trace = await dlt(["pipeline", "shop", "trace", "-v"]);
  expect(trace.out).toMatch(
    /^Run started at .* and COMPLETED in .* with 4 steps\.\n[^]*\ndataset_name->"data" in .*\n[^]*Step sync COMPLETED/,
  );
  expect(trace.out).toMatch(/^span id: [\da-f]{16}$/m);
  const loaded = await dlt(["pipeline", "shop", "load-package", "--json"]);
  expect(json(loaded.out)).toMatchObject({ load_id: loadId, state: "loaded", rejected_rows: 0 });
  expect(await dlt(["pipeline", "shop", "failed-jobs"])).toMatchObject({
    code: 0,
    out: "No failed jobs found in 1 package of pipeline shop\n",
  });
  expect((await dlt(["pipeline", "shop", "types"])).out).toContain(
    "export interface Orders {\n  id: number | bigint;\n  kind: string | null;\n",
  );
  expect((await dlt(["pipeline", "shop", "schema", "--format", "mermaid"])).out).toContain(
    '"orders" ||--o{ "orders__items" : "contains"',
  );
});

test("tables are dropped once that was confirmed, and the next run begins anew", async () => {
  const { dlt } = await withShop();
  await dlt(["pipeline", "shop.ts", "run"]);
  const nobody = await dlt(["pipeline", "shop", "drop", "orders"]);
  expect(nobody).toMatchObject({ code: 1, out: "" });
  expect(nobody.err).toContain("  Tables to drop: orders, orders__items\n");
  expect(nobody.err).toContain(
    "Error CLI:ANSWER_NEEDED: Do you want to apply these changes? Nobody can be asked here.",
  );
  expect(nobody.err).toContain("Answer with --yes.");
  expect(await dlt(["pipeline", "shop", "drop", "no_such", "--yes"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("has these resources: orders."),
  });
  expect(await dlt(["pipeline", "shop", "drop", "re:ord", "--yes"])).toMatchObject({ code: 0 });
  const info = await dlt(["pipeline", "shop", "info", "--json"]);
  expect(json(info.out)).toMatchObject({ sources: {}, schemas: [{ resources: [] }] });
});

test("what is local is replaced by the state of the destination, also where there is nothing local", async () => {
  const { dlt, folder } = await withShop();
  await dlt(["pipeline", "shop.ts", "run"]);
  expect(await dlt(["pipeline", "shop", "sync"])).toMatchObject({ code: 1, err: expect.stringContaining("--yes") });
  const synced = await dlt(["pipeline", "shop", "sync", "--yes"]);
  expect(synced).toMatchObject({ code: 0, err: "" });
  expect(synced.out).toContain("orders with 2 tables and 1 resource state slot");
  await rm(join(folder, "data"), { recursive: true });
  const unknown = await dlt(["pipeline", "shop", "info"]);
  expect(unknown).toMatchObject({ code: 1, out: "" });
  expect(unknown.err).toContain("dlt pipeline shop sync --destination <name>");
  const target = ["--destination", "duckdb", "--dataset-name", "data"];
  expect(await dlt(["pipeline", "shop", "sync", ...target, "--json"])).toMatchObject({ code: 0, err: "" });
  // Another dataset has no state of it, and what is local stays.
  const wrong = await dlt(["pipeline", "shop", "sync", "--dataset-name", "other", "--yes"]);
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining("PIPELINE_NOT_FOUND") });
  expect(await dlt(["pipeline", "shop", "info"])).toMatchObject({ code: 0 });
});

/** DuckDB that refuses the files of `orders` as long as there is a file `refuse`: a destination of somebody else, found by its name. */
const picky = `
import { existsSync } from "node:fs";
import { DestinationError } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
export function picky(given) {
  const real = duckdb({ ...given, destinationName: "picky", credentials: "picky.duckdb" });
  const connect = async (config, options) => {
    const client = await real.connect(config, options);
    const createJob = (file) => {
      const job = client.createJob(file);
      const refuse = async () => { throw new DestinationError("DESTINATION_VALUE_REFUSED", "A value does not fit.", { hint: "Look." }); };
      return { id: job.id, run: file.table.name === "orders" && existsSync("refuse") ? refuse : (signal) => job.run(signal) };
    };
    return new Proxy(client, { get: (target, key) => {
      const member = Reflect.get(target, key, target);
      return key === "createJob" ? createJob : typeof member === "function" ? member.bind(target) : member;
    } });
  };
  return { ...real, type: "picky", name: "picky", connect };
}
`;

test("jobs that failed are listed with their reason, tried again, or given up", async () => {
  const { dlt, write, folder } = await newProject();
  await write("node_modules/dlt-destination-picky/package.json", '{ "type": "module", "exports": "./index.js" }');
  await write("node_modules/dlt-destination-picky/index.js", picky);
  await write(
    "run.js",
    `import { pipeline } from "@dlt/pipeline";
await pipeline({ pipelineName: "shop", destination: "picky", datasetName: "data" }).run([{ id: 1 }], { tableName: "orders" });`,
  );
  await write("refuse", "");
  const run = await dlt(["pipeline", "run.js", "run"]);
  expect(run).toMatchObject({ code: 1, out: "" });
  expect(run.err).toMatch(/^Error LOAD_PACKAGE_FAILED: Pipeline `shop` failed in step `load`/);
  const listed = await dlt(["pipeline", "shop", "failed-jobs"]);
  expect(listed.out).toMatch(
    /Package [\d.]+ has 1 failed job\n {2}Job orders\.\w+\.parquet of table orders\n {4}file: .*\n {4}DESTINATION_VALUE_REFUSED: A value does not fit\.\n/,
  );
  expect(listed.out).toContain("  dlt pipeline shop retry-failed\n");
  expect(await dlt(["pipeline", "shop", "retry-failed"])).toMatchObject({ code: 1 });

  const nobody = await dlt(["pipeline", "shop", "drop-pending-packages"]);
  expect(nobody).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("Give up 1 package? Nobody can be asked here."),
  });
  await rm(join(folder, "refuse"));
  const retried = await dlt(["pipeline", "shop", "retry-failed", "--json"]);
  expect(retried).toMatchObject({ code: 0, err: "" });
  expect(json(retried.out)).toMatchObject({ load_packages: [{ state: "loaded" }] });
  expect((await dlt(["pipeline", "shop", "drop-pending-packages"])).out).toBe("No pending packages found\n");

  await write("refuse", "");
  await dlt(["pipeline", "run.js", "run"]);
  const dropped = await dlt(["pipeline", "shop", "drop-pending-packages", "--yes"]);
  expect(dropped).toMatchObject({ code: 0, out: expect.stringMatching(/^1 pending package deleted\./) });
});

test("a schema file is printed in other forms", async () => {
  const { dlt, write } = await withShop();
  await dlt(["pipeline", "shop.ts", "run"]);
  const yaml = (await dlt(["pipeline", "shop", "schema"])).out;
  await write("shop.schema.yaml", yaml);
  expect((await dlt(["schema", "shop.schema.yaml"])).out).toBe(yaml);
  expect(json((await dlt(["schema", "shop.schema.yaml", "--json"])).out)).toMatchObject({ name: "shop" });
  expect((await dlt(["schema", "shop.schema.yaml", "--format", "dbml"])).out).toContain(
    'Ref: "orders__items"."_dlt_parent_id" > "orders"."_dlt_id"',
  );
  expect((await dlt(["schema", "shop.schema.yaml", "--format", "dot"])).out).toContain('"orders__items" -> "orders"');
  expect((await dlt(["types", "shop.schema.yaml"])).out).toContain("export interface Tables {\n  orders: Orders;\n");
  expect(await dlt(["schema", "none.yaml"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("SCHEMA_FILE_MISSING"),
  });
});
