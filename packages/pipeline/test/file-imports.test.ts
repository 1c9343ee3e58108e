import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";
import {
  isDltError,
  type PartitionManifest,
  type Pipeline,
  type PipelinePoint,
  pipeline,
  resource,
  withFileImport,
  withTableName,
} from "../src/index.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";

const columns = { id: { dataType: "bigint", nullable: false }, name: { dataType: "text" } } as const;

/** Writes what a query gives into a file, by DuckDB. */
async function copyTo(path: string, query: string, options: string): Promise<string> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${query}) TO '${path}' (${options})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return path;
}

const users = "SELECT 'n' || range AS name, range::INTEGER AS id FROM range(3)";
const threeUsers = [
  { id: 0, name: "n0" },
  { id: 1, name: "n1" },
  { id: 2, name: "n2" },
];
const selectUsers = "SELECT id, name FROM users ORDER BY id";

async function usersFile(machine: Machine, name = "users.parquet"): Promise<string> {
  return await copyTo(join(machine.folder, name), users, "FORMAT parquet");
}

/** The pipeline `later`, which does not know where it will load to. */
function withoutDestination({ pipelinesDir, runtime }: Machine): Pipeline {
  return pipeline({ pipelineName: "later", pipelinesDir }, runtime);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isDltError(error)) throw error ?? new Error("There was no error.");
  return error.code;
}

describe("a file", () => {
  test.each([
    ["parquet", "users.parquet", "FORMAT parquet"],
    ["parquet", "users.parquet", "FORMAT parquet, COMPRESSION zstd"],
    ["jsonl", "users.jsonl", "FORMAT json"],
    ["jsonl", "users.jsonl.gz", "FORMAT json, COMPRESSION gzip"],
    ["csv", "users.csv", "FORMAT csv, HEADER"],
    ["csv", "users.csv.gz", "FORMAT csv, HEADER, COMPRESSION gzip"],
  ])("in %s is loaded as it is: %s, %s", async (format, name, options) => {
    const machine = await newMachine();
    const path = await copyTo(join(machine.folder, name), users, options);
    const before = await readFile(path);
    const info = await machine
      .pipeline()
      .run(resource({ name: "users", columns }, () => [withFileImport(path, format)]));
    expect(await machine.query(selectUsers)).toEqual(threeUsers);
    expect(info.rowCounts).toEqual({ users: 3 });
    expect(await readFile(path)).toEqual(before);
    const [job] = info.loadPackages[0]?.jobs.completedJobs.filter(({ tableName }) => tableName === "users") ?? [];
    expect(job).toMatchObject({ fileFormat: format, rowCount: 3, fileBytes: before.byteLength });
    expect(job?.jobId).toMatch(new RegExp(`^users\\.[0-9a-f]{10}\\.${format}${name.endsWith(".gz") ? "\\.gz" : ""}$`));
  });

  test("has the name of its format, whatever its own name says", async () => {
    const machine = await newMachine();
    await writeFile(join(machine.folder, "plain.gz"), '{"id":1}\n');
    await writeFile(join(machine.folder, "compressed.txt"), gzipSync('{"id":2}\n'));
    const p = machine.pipeline();
    await p.run([withFileImport("plain.gz", "jsonl"), withFileImport("compressed.txt", "jsonl")], {
      tableName: "users",
      columns,
    });
    expect(await machine.query(selectUsers)).toEqual([
      { id: 1, name: null },
      { id: 2, name: null },
    ]);
  });

  test("given to `run` by itself is loaded, and its told rows are counted", async () => {
    const machine = await newMachine();
    const path = await usersFile(machine);
    const p = machine.pipeline();
    await p.extract(withFileImport(path, "parquet", { rowCount: 3, hints: { columns } }), { tableName: "users" });
    const normalized = await p.normalize();
    expect(normalized.rowCounts).toEqual({ users: 3 });
    expect((await p.load()).rowCounts).toEqual({ users: 3 });
    expect(await machine.query(selectUsers)).toEqual(threeUsers);
  });

  test("is linked into the package and not read", async () => {
    const machine = await newMachine();
    const path = await usersFile(machine);
    const p = machine.pipeline();
    await p.extract(resource({ name: "users", columns }, () => [withFileImport(path, "parquet")]));
    const { nlink, ino } = await stat(path);
    expect(nlink).toBe(2);
    await p.normalize();
    const [loadId = ""] = await p.listNormalizedLoadPackages();
    const folder = join((await p.getLoadPackageInfo(loadId)).packagePath, "files");
    const [file = ""] = (await readdir(folder)).filter((name) => name.startsWith("users."));
    expect((await stat(join(folder, file))).ino).toBe(ino);
    expect((await stat(path)).nlink).toBe(2);
    await p.dropPending();
    expect((await stat(path)).nlink).toBe(1);
  });

  test("behind a symbolic link is the one that it points to", async () => {
    const machine = await newMachine();
    const path = await usersFile(machine);
    const alias = join(machine.folder, "alias.parquet");
    await symlink(path, alias);
    await machine.pipeline().run(withFileImport(alias, "parquet", { hints: { columns } }), { tableName: "users" });
    expect(await machine.query(selectUsers)).toEqual(threeUsers);
    expect(existsSync(alias)).toBe(true);
  });

  test("beside rows of the same table does not change what becomes of them", async () => {
    const machine = await newMachine();
    const path = await copyTo(
      join(machine.folder, "mixed.parquet"),
      "SELECT 7::BIGINT AS id, 'file' AS _dlt_load_id, 'f' || range AS _dlt_id FROM range(2)",
      "FORMAT parquet",
    );
    const info = await machine.pipeline().run(
      resource({ name: "users" }, function* () {
        yield [{ id: 1 }];
        yield withFileImport(path, "parquet", { rowCount: 2 });
        // A fraction makes the package be normalized anew, with a double from the first row on.
        yield [{ id: 2.5 }];
      }),
      { workers: 2 },
    );
    expect(info.rowCounts).toEqual({ users: 4 });
    expect(await machine.query("SELECT id FROM users ORDER BY id")).toEqual([
      { id: 1 },
      { id: 2.5 },
      { id: 7 },
      { id: 7 },
    ]);
    const jobs = info.loadPackages[0]?.jobs.completedJobs.filter(({ tableName }) => tableName === "users") ?? [];
    expect(jobs.map(({ rowCount }) => rowCount)).toEqual([1, 2, 1]);
  });

  test("takes its columns from an Arrow table, its schema, or a column batch", async () => {
    const machine = await newMachine();
    const path = await usersFile(machine);
    const arrow = tableFromArrays({ id: new BigInt64Array([1n]), name: ["a"] });
    const batch = {
      rowCount: 0,
      columns: [
        { name: "id", type: { dataType: "bigint" }, validity: null, layout: "fixed", values: new BigInt64Array(0) },
        {
          name: "name",
          type: { dataType: "text" },
          validity: null,
          layout: "bytes",
          offsets: new Int32Array(1),
          data: new Uint8Array(0),
        },
      ],
    } as const;
    for (const [table, hints] of [
      ["a", arrow],
      ["b", arrow.schema],
      ["c", batch],
    ] as const) {
      const p = machine.pipeline({ pipelineName: table });
      await p.run(withFileImport(path, "parquet", { hints }), { tableName: table });
      expect(await machine.query(`SELECT id, name FROM ${table} ORDER BY id`)).toEqual(threeUsers);
      const described = p.defaultSchema?.tables[table]?.columns;
      expect(Object.entries(described ?? {}).map(([name, { dataType }]) => [name, dataType])).toEqual([
        ["id", "bigint"],
        ["name", "text"],
      ]);
    }
  });

  test("replaces a table", async () => {
    const machine = await newMachine();
    const path = await usersFile(machine);
    const p = machine.pipeline();
    const data = () =>
      resource({ name: "users", columns, writeDisposition: "replace" }, () => [withFileImport(path, "parquet")]);
    await p.run(data());
    await p.run(data());
    expect(await machine.query(selectUsers)).toEqual(threeUsers);
  });

  test("is held for its epoch", async () => {
    const machine = await newMachine();
    const paths = await Promise.all(["a.parquet", "b.parquet", "c.parquet"].map((name) => usersFile(machine, name)));
    let wasHeld = false;
    const info = await machine.pipeline().run(
      resource({ name: "users", columns }, async function* ({ checkpoint, state }) {
        for (const [index, path] of paths.entries()) {
          yield withFileImport(path, "parquet", { rowCount: 3 });
          yield withTableName([{ id: index }], "others");
          wasHeld ||= (await readdir(machine.folder, { recursive: true })).some((name) => name.endsWith(".held"));
          state["done"] = index;
          checkpoint();
        }
      }),
      { checkpoint: { everyRows: 1 } },
    );
    expect(wasHeld).toBe(true);
    expect(info.loadPackages.length).toBeGreaterThan(1);
    expect(info.rowCounts).toEqual({ users: 9, others: 3 });
    expect(await machine.query("SELECT count(*) AS n FROM users")).toEqual([{ n: 9 }]);
    for (const path of paths) expect(existsSync(path)).toBe(true);
  });

  test.each([
    "extract.package.committed",
    "normalize.manifest.written",
    "normalize.package.committed",
    "load.job.started",
    "load.job.finished",
  ] as const)("is loaded once by the next run when one dies at %s", async (point) => {
    const machine = await newMachine();
    const path = await usersFile(machine);
    let hasDied = false;
    const reached = (at: PipelinePoint): void => {
      hasDied ||= at === point;
      if (hasDied) throw new Error("died");
    };
    const dying = machine.pipeline({}, { ...machine.runtime, reached });
    const data = resource({ name: "users", columns }, () => [withFileImport(path, "parquet")]);
    await expect(dying.run(data)).rejects.toThrow("died");
    const info = await machine.pipeline().run();
    expect(info.rowCounts).toEqual({ users: 3 });
    expect(await machine.query(selectUsers)).toEqual(threeUsers);
  });

  test("goes through partitions", async () => {
    const machine = await newMachine();
    const path = await usersFile(machine);
    const exchange = join(machine.folder, "exchange");
    const data = () => resource({ name: "users", columns }, () => [withFileImport(path, "parquet")]);
    const p = machine.pipeline();
    const { partitions } = await p.plan(data(), { exchange });
    const manifests: PartitionManifest[] = [];
    for (const partition of partitions) manifests.push(await p.runPartition(partition, data()));
    await p.commit(manifests);
    expect(await machine.query(selectUsers)).toEqual(threeUsers);
  });

  test("is shown by a dry run, which leaves it alone", async () => {
    const machine = await newMachine();
    const path = await usersFile(machine);
    const shown = await machine
      .pipeline()
      .run(withFileImport(path, "parquet", { rowCount: 3, hints: { columns } }), { tableName: "users", dryRun: true });
    expect(shown.tableRows).toEqual([{ name: "users", parent: null, rowCount: 3 }]);
    expect(shown.sampleRows).toEqual({ users: [] });
    expect((await stat(path)).nlink).toBe(1);
  });
});

describe("what cannot be loaded is refused, and nothing is kept", () => {
  test.each([
    ["does not exist", "none.parquet"],
    ["is a folder", "folder"],
    ["is empty", "empty.parquet"],
    ["a part of the path is no folder", "empty.parquet/x"],
  ])("a file that %s", async (reason, name) => {
    const machine = await newMachine();
    await mkdir(join(machine.folder, "folder"));
    await writeFile(join(machine.folder, "empty.parquet"), "");
    const p = machine.pipeline();
    const run = p.run(resource({ name: "users", columns }, () => [{ id: 1 }, withFileImport(name, "parquet")]));
    await expect(run).rejects.toMatchObject({ code: "SOURCE_FILE_UNREADABLE" });
    await expect(run).rejects.toThrow(join(machine.folder, name));
    await expect(run).rejects.toThrow(reason);
    expect(await p.listExtractedLoadPackages()).toEqual([]);
    expect(existsSync(machine.database)).toBe(false);
  });

  test("a format that the destination does not take, before anything is loaded", async () => {
    const machine = await newMachine();
    await writeFile(join(machine.folder, "users.orc"), "ORC");
    const data = () => resource({ name: "users", columns }, () => [withFileImport("users.orc", "orc")]);
    const run = machine.pipeline().run(data());
    await expect(run).rejects.toMatchObject({ code: "DESTINATION_FORMAT_UNSUPPORTED" });
    await expect(run).rejects.toThrow("users.orc");
    expect(existsSync(machine.database)).toBe(false);
  });

  test("a format that turns out to be one when it is loaded", async () => {
    const machine = await newMachine();
    await writeFile(join(machine.folder, "users.orc"), "ORC");
    await withoutDestination(machine).extract(
      resource({ name: "users", columns }, () => [withFileImport("users.orc", "orc")]),
    );
    const found = machine.pipeline({ pipelineName: "later" });
    await found.normalize();
    expect(await codeOf(found.load())).toBe("DESTINATION_FORMAT_UNSUPPORTED");
    expect(existsSync(machine.database)).toBe(false);
    expect(await found.listNormalizedLoadPackages()).toHaveLength(1);
  });

  test("a file for a table without columns", async () => {
    const machine = await newMachine();
    await usersFile(machine);
    const run = machine.pipeline().run(withFileImport("users.parquet", "parquet"), { tableName: "users" });
    expect(await codeOf(run)).toBe("FILE_COLUMNS_UNKNOWN");
  });

  test("a file that a contract discards while rejects are kept", async () => {
    const machine = await newMachine();
    await usersFile(machine);
    const data = withFileImport("users.parquet", "parquet", { hints: { columns } });
    const options = { tableName: "users", schemaContract: { tables: "discard_row" } } as const;
    expect((await machine.pipeline().run(data, options)).rowCounts).toEqual({});
    expect(await codeOf(machine.pipeline({ rejects: "discarded" }).run(data, options))).toBe("PAGE_WITHOUT_ROWS");
  });

  test("a file behind a step", async () => {
    const machine = await newMachine();
    await usersFile(machine);
    const data = resource({ name: "users", columns }, () => [withFileImport("users.parquet", "parquet")]);
    const run = machine.pipeline().run(data.addMap((row) => row));
    await expect(run).rejects.toMatchObject({ code: "PAGE_WITHOUT_ROWS" });
    await expect(run).rejects.toThrow("users.parquet");
  });
});

test("compressed text is not compressed twice", async () => {
  const machine = await newMachine();
  const content = gzipSync('{"id":1}\n');
  await writeFile(join(machine.folder, "a.jsonl.gz"), content);
  const p = machine.pipeline();
  await p.extract(withFileImport("a.jsonl.gz", "jsonl", { hints: { columns } }), { tableName: "users" });
  await p.normalize();
  const [loadId = ""] = await p.listNormalizedLoadPackages();
  const folder = join((await p.getLoadPackageInfo(loadId)).packagePath, "files");
  const [name = ""] = (await readdir(folder)).filter((each) => each.endsWith(".jsonl.gz"));
  expect(gunzipSync(await readFile(join(folder, name))).toString()).toBe('{"id":1}\n');
});
