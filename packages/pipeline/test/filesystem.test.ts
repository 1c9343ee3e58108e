import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isDltError } from "@dlt/core";
import { filesystem } from "@dlt/destination-filesystem";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test, vi } from "vitest";
import { incremental, type Pipeline, resource, withHints } from "../src/index.js";
import { type PipelinePoint, pipelinePoints } from "../src/points.js";
import type { PipelineRuntime } from "../src/runtime.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";

const rows = [
  { id: 1, name: "a", tags: ["x", "y"] },
  { id: 2, name: "b", tags: [] },
  { id: 3, name: "c", tags: ["z"] },
];

function lake(machine: Machine): string {
  return join(machine.folder, "lake");
}

function open(machine: Machine, runtime: PipelineRuntime = machine.runtime, pipelines = "pipelines"): Pipeline {
  const options = { destination: filesystem({ bucketUrl: "lake" }), pipelinesDir: join(machine.folder, pipelines) };
  return machine.pipeline(options, runtime);
}

/** Paths below the dataset, without those of the library. */
async function filesOf(machine: Machine): Promise<readonly string[]> {
  const entries = await readdir(join(lake(machine), "data"), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths
    .map((path) => path.slice(join(lake(machine), "data/").length))
    .filter((path) => !/^(_dlt|init)/.test(path));
}

/** Rows of the files of a table, of completed loads only, in an order of their own. */
async function rowsOf(machine: Machine, table: string, columns: readonly string[]): Promise<readonly unknown[]> {
  const completed = (await readdir(join(lake(machine), "data/_dlt_loads"))).map(
    (name) => /__(.*)\.jsonl$/.exec(name)?.[1],
  );
  const found: unknown[] = [];
  for (const path of await filesOf(machine)) {
    const [, folder, loadId] = /^(.*)\/(\d+\.\d+)\.\w+\.jsonl\.gz$/.exec(path) ?? [];
    if (folder !== table || !completed.includes(loadId)) continue;
    const text = gunzipSync(await readFile(join(lake(machine), "data", path))).toString();
    for (const line of text.split("\n").filter((each) => each !== "")) {
      const row = JSON.parse(line) as Record<string, unknown>;
      found.push(columns.map((column) => row[column]));
    }
  }
  return found.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const items = (given: readonly object[], writeDisposition: "append" | "replace" | "merge" = "append") =>
  resource({ name: "items", writeDisposition, primaryKey: "id" }, () => given);

test("appends and replaces, with the tables of lists", async () => {
  const machine = await newMachine();
  const p = open(machine);
  await p.run(items(rows));
  await p.run(items(rows.slice(0, 1)));
  expect(await rowsOf(machine, "items", ["id", "name"])).toEqual([
    [1, "a"],
    [1, "a"],
    [2, "b"],
    [3, "c"],
  ]);
  await p.run(items(rows.slice(1), "replace"));
  expect(await rowsOf(machine, "items", ["id", "name"])).toEqual([
    [2, "b"],
    [3, "c"],
  ]);
  expect(await rowsOf(machine, "items__tags", ["value"])).toEqual([["z"]]);
  await p.run(items([], "replace"));
  expect(await rowsOf(machine, "items", ["id"])).toEqual([]);
  expect(await rowsOf(machine, "items__tags", ["value"])).toEqual([]);
});

test("appends to a table that is merged elsewhere, and says so each time", async () => {
  const machine = await newMachine();
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  const p = open(machine);
  await p.run(items(rows, "merge"));
  await p.run(items(rows.slice(0, 1), "merge"));
  expect(await rowsOf(machine, "items", ["id"])).toEqual([[1], [1], [2], [3]]);
  expect(warn.mock.calls.map(([message]) => message)).toEqual(
    Array(2).fill(
      "Destination `filesystem` cannot merge. Rows are appended to `items`, whose write disposition is `merge`.",
    ),
  );
});

test("tables of a format of their own are refused before anything is extracted, also when a row says so", async () => {
  const machine = await newMachine();
  let reads = 0;
  const read = () => {
    reads += 1;
    return rows;
  };
  const refused = { code: "DESTINATION_TABLE_FORMAT_UNSUPPORTED" };
  await expect(open(machine).run(resource({ name: "items", tableFormat: "delta" }, read))).rejects.toMatchObject(
    refused,
  );
  await expect(open(machine).run(resource({ name: "items" }, read), { tableFormat: "iceberg" })).rejects.toMatchObject(
    refused,
  );
  expect(reads).toBe(0);
  const native = resource({ name: "items", tableFormat: "native" }, read);
  await open(machine).run(native);
  expect(reads).toBe(1);
  const byRow = resource({ name: "more" }, () => withHints(rows, { tableFormat: "delta" }));
  await expect(open(machine).run(byRow)).rejects.toMatchObject(refused);
});

test("a machine that knows nothing goes on where another one stopped", async () => {
  const machine = await newMachine();
  const news = () => resource({ name: "items", incremental: incremental<number>("id") }, () => rows);
  await open(machine).run(news());
  const other = open(machine, machine.runtime, "elsewhere");
  await other.run(news());
  expect(await rowsOf(machine, "items", ["id"])).toEqual([[1], [2], [3]]);
  expect(Object.keys(other.schemas)).toEqual(Object.keys(open(machine).schemas));
});

/** The file of a table, and its rows as DuckDB reads them. */
async function readByDuckdb(
  machine: Machine,
  table: string,
): Promise<readonly [path: string, rows: readonly unknown[]]> {
  const [path = "", ...others] = (await filesOf(machine)).filter((each) => each.startsWith(`${table}/`));
  expect(others).toEqual([]);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const file = join(lake(machine), "data", path);
  const read = await connection.runAndReadAll(`SELECT id::INT, name FROM '${file}' ORDER BY id`);
  const pages = path.endsWith(".parquet")
    ? (await connection.runAndReadAll(`SELECT DISTINCT compression FROM parquet_metadata('${file}')`)).getRows().flat()
    : [];
  connection.closeSync();
  instance.closeSync();
  return [[/\.[0-9a-f]{10}\.(.*)$/.exec(path)?.[1] ?? "", ...pages.map(String)].join(" "), read.getRows()];
}

const zstd = process.versions.node.startsWith("20.")
  ? []
  : ([["parquet", { PARQUET_COMPRESSION: "zstd" }, "parquet ZSTD"]] as const);

test.each([
  ["jsonl", {}, "jsonl.gz"],
  ["jsonl", { DISABLE_COMPRESSION: "true" }, "jsonl"],
  ["csv", {}, "csv.gz"],
  ["csv", { DISABLE_COMPRESSION: "true", DELIMITER: ";", QUOTING: "quote_minimal" }, "csv"],
  ["parquet", {}, "parquet SNAPPY"],
  ["parquet", { DISABLE_COMPRESSION: "true" }, "parquet SNAPPY"],
  ["parquet", { PARQUET_COMPRESSION: "gzip" }, "parquet GZIP"],
  ["parquet", { PARQUET_COMPRESSION: "none" }, "parquet UNCOMPRESSED"],
  ...zstd,
] as const)("writes %s with %j, which others read", async (format, settings, written) => {
  const machine = await newMachine();
  const named = Object.entries(settings).map(([name, value]) => [`NORMALIZE__DATA_WRITER__${name}`, value]);
  const runtime = { ...machine.runtime, env: Object.fromEntries(named) as Record<string, string> };
  await open(machine, runtime).run(items(rows), { loaderFileFormat: format });
  expect(await readByDuckdb(machine, "items")).toEqual([
    written,
    [
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ],
  ]);
});

test("a replaced table without rows leaves a file that can be read, and is compressed as the others", async () => {
  const machine = await newMachine();
  await open(machine).run(items(rows, "replace"));
  await open(machine).run(items([], "replace"));
  const [path = "", ...others] = await filesOf(machine);
  expect(others).toEqual([]);
  expect(gunzipSync(await readFile(join(lake(machine), "data", path)))).toHaveLength(0);
});

test("tables are dropped by a refresh, and the dataset by the pipeline", async () => {
  const machine = await newMachine();
  const p = open(machine);
  await p.run(items(rows));
  await p.run(items(rows.slice(0, 1)), { refresh: "drop_sources" });
  expect(await rowsOf(machine, "items", ["id"])).toEqual([[1]]);
  await p.drop({ dataset: true });
  expect(await readdir(lake(machine))).toEqual([]);
});

test("a dry run tells what would be written and deleted, and does nothing", async () => {
  const machine = await newMachine();
  const info = await open(machine).run(items(rows, "replace"), { dryRun: true });
  expect(info.statements).toEqual([
    expect.stringMatching(/^WRITE file:\/\/.*\/lake\/data\/init$/),
    expect.stringMatching(/^WRITE file:\/\/.*\/lake\/data\/_dlt_version\/shop__.*\.jsonl$/),
  ]);
  expect(await readdir(machine.folder)).not.toContain("lake");
});

describe("killed while it loads, the next run gives what an undisturbed one gives", () => {
  const loading = async (machine: Machine, runtime: PipelineRuntime) => {
    await open(machine, runtime).run([items(rows, "replace"), resource({ name: "log" }, () => rows)]);
  };
  const content = async (machine: Machine) => ({
    items: await rowsOf(machine, "items", ["id", "name"]),
    tags: await rowsOf(machine, "items__tags", ["value"]),
    log: await rowsOf(machine, "log", ["id"]),
  });

  test.each(pipelinePoints.filter((point) => point.startsWith("load.")))("%s", async (point) => {
    const machine = await newMachine();
    let packages = 0;
    let kills = 0;
    // Undisturbed, killed when it comes there first, killed when it does so again, undisturbed.
    for (const at of [0, 1, 2, 0]) {
      let hits = 0;
      const reached = (each: PipelinePoint) => {
        if (each === "extract.package.committed") packages += 1;
        if (each === point && ++hits === at) throw new Error("killed");
      };
      await loading(machine, { ...machine.runtime, reached }).catch((error: unknown) => {
        if (!String(error).includes("killed")) throw error;
        kills += 1;
      });
    }
    const { log, ...replaced } = await content(machine);
    expect(replaced).toEqual({
      items: [
        [1, "a"],
        [2, "b"],
        [3, "c"],
      ],
      tags: [["x"], ["y"], ["z"]],
    });
    // What was extracted before a kill is loaded once, too.
    expect(log).toEqual(rows.flatMap(({ id }) => Array(packages).fill([id])));
    expect(kills > 0).toBe(!["load.reset.begun", "load.step.kept", "load.state.saved"].includes(point));
  });
});

describe("credentials are looked up field by field", () => {
  const failure = async (credentials: Readonly<Record<string, string>>) => {
    const machine = await newMachine();
    const env = Object.fromEntries(
      Object.entries({ BUCKET_URL: "s3://bucket/x", ...credentials }).map(([key, value]) => [
        `DESTINATION__FILESYSTEM__${key}`,
        value,
      ]),
    );
    const runtime = { ...machine.runtime, env };
    let error = await machine
      .pipeline({ destination: filesystem() }, runtime)
      .run(items(rows))
      .then(
        () => undefined,
        (caught: unknown) => caught,
      );
    const shown = String(error);
    while (isDltError(error) && error.family === "package" && error.cause !== undefined) error = error.cause;
    return { error, shown };
  };

  test("all of them", async () => {
    const { error, shown } = await failure({
      CREDENTIALS__AWS_ACCESS_KEY_ID: "key",
      CREDENTIALS__AWS_SECRET_ACCESS_KEY: "hunter2",
      CREDENTIALS__ENDPOINT_URL: "http://127.0.0.1:9",
    });
    expect(error).toMatchObject({ code: "FILE_STORE_UNAVAILABLE" });
    expect(shown).not.toContain("hunter2");
  });

  test("only one of two", async () => {
    const { error } = await failure({ CREDENTIALS__AWS_ACCESS_KEY_ID: "key" });
    expect(error).toMatchObject({ code: "FILE_STORE_CREDENTIALS_INVALID" });
  });

  test("as JSON in one variable", async () => {
    const { error, shown } = await failure({ CREDENTIALS: '{"aws_secret_access_key":"hunter2"}' });
    expect(error).toMatchObject({ code: "FILE_STORE_CREDENTIALS_INVALID" });
    expect(shown).not.toContain("hunter2");
  });
});
