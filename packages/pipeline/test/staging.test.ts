import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Destination, StagingArea } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
import { filesystem } from "@dlt/destination-filesystem";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, onTestFinished, test } from "vitest";
import { type PipelineOptions, type PipelinePoint, resource, sqlModel, withFileImport } from "../src/index.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";
import { warnings } from "./warnings.js";

const users = [
  { id: 1, name: "ada", tags: ["a", "b"] },
  { id: 2, name: "bob", tags: [] },
];
const names = "SELECT id, name FROM users ORDER BY id";
const twoUsers = users.map(({ id, name }) => ({ id, name }));

const bucketOf = (machine: Machine) => join(machine.folder, "bucket");

function staged(machine: Machine, options: Partial<PipelineOptions> = {}) {
  return machine.pipeline({ staging: filesystem({ bucketUrl: bucketOf(machine) }), ...options });
}

/** Files below the dataset in the bucket, without the marks of prepared loads. */
async function stagedFiles(machine: Machine): Promise<readonly string[]> {
  const found = await readdir(join(bucketOf(machine), "data"), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("_dlt_jobs"))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(bucketOf(machine), "data").length + 1))
    .sort();
}

/** The area with what is done to it, in order. */
function watched(staging: Destination, calls: string[]): Destination {
  return {
    ...staging,
    async openStaging(config, options): Promise<StagingArea> {
      const area = await staging.openStaging?.(config, options);
      if (area === undefined) throw new Error("It is no staging area.");
      return {
        ...area,
        prepare: async (load) => {
          calls.push(`prepare ${load.truncate.filter((table) => !table.startsWith("_dlt")).join(" ")}`);
          await area.prepare(load);
        },
        put: async (file, signal) => {
          const url = await area.put(file, signal);
          if (!file.table.name.startsWith("_dlt")) calls.push(`put ${file.jobId.replace(/\.\w+\./, ".*.")}`);
          return url;
        },
      };
    },
  };
}

async function inMemory(): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create();
  onTestFinished(() => instance.closeSync());
  return instance;
}

describe("load files", () => {
  test.each([
    ["parquet", "parquet"],
    ["jsonl", "jsonl.gz"],
    ["csv", "csv.gz"],
  ])("in %s go to the bucket, and are copied from there", async (loaderFileFormat, extension) => {
    const machine = await newMachine();
    const p = staged(machine);
    const info = await p.run(users, { tableName: "users", loaderFileFormat });
    expect(await machine.query(names)).toEqual(twoUsers);
    expect(await machine.query("SELECT value FROM users__tags ORDER BY ALL")).toEqual([{ value: "a" }, { value: "b" }]);
    const [loadId = ""] = info.loadsIds;
    const files = (await stagedFiles(machine)).map((name) => name.replace(/\.[0-9a-f]{10}\./, ".*."));
    expect(files.filter((name) => name.startsWith("users"))).toEqual([
      `users/${loadId}.*.${extension}`,
      `users__tags/${loadId}.*.${extension}`,
    ]);
    expect(info).toMatchObject({
      stagingType: "dlt.destinations.filesystem",
      stagingName: "filesystem",
      stagingDisplayableCredentials: pathToFileURL(join(bucketOf(machine), "data")).href,
      rowCounts: { users: 2, users__tags: 2 },
    });
    expect(String(info)).toContain("The filesystem staging destination used file:///");
    const jobs = info.loadPackages[0]?.jobs.completedJobs.filter(({ tableName }) => tableName === "users") ?? [];
    const [put, copied] = jobs;
    expect(jobs).toHaveLength(2);
    expect(put?.jobId).toMatch(new RegExp(`^users\\.[0-9a-f]{10}\\.${extension}$`));
    expect(copied?.jobId).toBe(put?.jobId.replace(extension, "reference"));
    expect(put?.followupJobs).toEqual([copied?.jobId]);
    expect(put?.remoteUrl).toContain(`/bucket/data/users/${loadId}`);
  });

  test("are there one after another, and those before are deleted with the next load", async () => {
    const machine = await newMachine();
    const calls: string[] = [];
    const staging = watched(filesystem({ bucketUrl: bucketOf(machine) }), calls);
    const p = machine.pipeline({ staging });
    await p.run(users, { tableName: "users" });
    expect(calls[0]).toBe("prepare users users__tags");
    expect(calls.slice(1).sort()).toEqual(["put users.*.parquet", "put users__tags.*.parquet"]);
    const before = await stagedFiles(machine);
    const { loadsIds } = await p.run([{ id: 3, name: "cy" }], { tableName: "users" });
    expect(calls.slice(3)).toEqual(["prepare users", "put users.*.parquet"]);
    const after = await stagedFiles(machine);
    expect(after.filter((name) => name.startsWith("users/"))).toEqual([
      expect.stringContaining(`users/${loadsIds[0]}`),
    ]);
    expect(after.filter((name) => name.startsWith("users__tags/"))).toEqual(
      before.filter((name) => name.startsWith("users__tags/")),
    );
    expect(await machine.query("SELECT count(*) AS n FROM users")).toEqual([{ n: 3 }]);
  });

  test("stay when they are to", async () => {
    const machine = await newMachine();
    const env = { DESTINATION__TRUNCATE_TABLES_ON_STAGING_DESTINATION_BEFORE_LOAD: "false" };
    const p = machine.pipeline({ staging: filesystem({ bucketUrl: bucketOf(machine) }) }, { ...machine.runtime, env });
    for (const id of [1, 2]) await p.run([{ id }], { tableName: "users" });
    expect((await stagedFiles(machine)).filter((name) => name.startsWith("users/"))).toHaveLength(2);
    expect(await machine.query("SELECT id FROM users ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("have the names of the layout, which need not tell the format", async () => {
    const machine = await newMachine();
    await writeFile(join(machine.folder, "a.jsonl.gz"), gzipSync('{"id":7,"name":"gus"}\n'));
    const staging = filesystem({ bucketUrl: bucketOf(machine), layout: "{table_name}/with space/{load_id}_{file_id}" });
    const p = machine.pipeline({ staging });
    const columns = { id: { dataType: "bigint" }, name: { dataType: "text" } } as const;
    await p.run(resource({ name: "users", columns }, () => [withFileImport("a.jsonl.gz", "jsonl")]));
    expect(await machine.query("SELECT id, name FROM users")).toEqual([{ id: 7, name: "gus" }]);
    const [file] = (await stagedFiles(machine)).filter((name) => name.startsWith("users/"));
    expect(file).toMatch(/^users\/with space\/[\d.]+_[0-9a-f]{10}$/);
  });

  test("are replaced and merged like others", async () => {
    const machine = await newMachine();
    const p = staged(machine);
    const merged = (rows: readonly object[]) =>
      resource({ name: "users", primaryKey: "id", writeDisposition: "merge" }, () => rows);
    const replaced = (id: number) => resource({ name: "days", writeDisposition: "replace" }, () => [{ id }]);
    await p.run([merged(users), replaced(1)]);
    await p.run([merged([{ id: 2, name: "bea" }]), replaced(2)]);
    expect(await machine.query(names)).toEqual([twoUsers[0], { id: 2, name: "bea" }]);
    expect(await machine.query("SELECT id FROM days")).toEqual([{ id: 2 }]);
  });

  test("with a query go to the destination directly", async () => {
    const machine = await newMachine();
    const calls: string[] = [];
    const staging = watched(filesystem({ bucketUrl: bucketOf(machine) }), calls);
    const model = sqlModel("SELECT 1 AS id", { dialect: "duckdb" });
    await machine.pipeline({ staging }).run(model, { tableName: "ones" });
    expect(await machine.query("SELECT id FROM ones")).toEqual([{ id: 1 }]);
    expect(calls).toEqual(["prepare "]);
  });
});

describe("the staging area", () => {
  test("is remembered with its destination, until there is to be none", async () => {
    const machine = await newMachine();
    const env = { DESTINATION__FILESYSTEM__BUCKET_URL: bucketOf(machine) };
    const runtime = { ...machine.runtime, env, cwd: join(import.meta.dirname, "..") };
    const p = machine.pipeline({ staging: "filesystem" }, runtime);
    expect((await p.run([{ id: 1 }], { tableName: "users" })).stagingName).toBe("filesystem");
    const again = machine.pipeline({}, runtime);
    expect((await again.run([{ id: 2 }], { tableName: "users" })).stagingName).toBe("filesystem");
    expect((await again.run([{ id: 3 }], { tableName: "users", staging: null })).stagingName).toBeNull();
    expect((await machine.pipeline({}, runtime).run([{ id: 4 }], { tableName: "users" })).stagingName).toBeNull();
    expect(await machine.query("SELECT count(*) AS n FROM users")).toEqual([{ n: 4 }]);
  });

  test("is found in the configuration, also by a name of its own", async () => {
    const machine = await newMachine();
    const env = {
      STAGING_NAME: "lake",
      DESTINATION__LAKE__DESTINATION_TYPE: "filesystem",
      DESTINATION__LAKE__BUCKET_URL: bucketOf(machine),
    };
    const runtime = { ...machine.runtime, env, cwd: join(import.meta.dirname, "..") };
    const info = await machine.pipeline({}, runtime).run([{ id: 1 }], { tableName: "users" });
    expect([info.stagingType, info.stagingName]).toEqual(["dlt.destinations.filesystem", "lake"]);
    expect((await stagedFiles(machine)).some((name) => name.startsWith("users/"))).toBe(true);
  });

  test("is added, with a warning, for a destination that takes no files otherwise", async () => {
    const machine = await newMachine();
    const env = { DESTINATION__FILESYSTEM__BUCKET_URL: bucketOf(machine) };
    const destination = duckdb({
      credentials: machine.database,
      capabilities: { preferredFileFormat: null, fileFormats: [] },
    });
    const runtime = { ...machine.runtime, env, cwd: join(import.meta.dirname, "..") };
    const p = machine.pipeline({ destination }, runtime);
    const codes = warnings();
    await p.run(users, { tableName: "users" });
    expect(codes).toContain("STAGING_ADDED");
    expect(await machine.query(names)).toEqual(twoUsers);
  });

  test("is not opened for SQL", async () => {
    const machine = await newMachine();
    await staged(machine).run(users, { tableName: "users" });
    const p = machine.pipeline({ staging: filesystem() });
    await using sql = await p.sqlClient();
    expect(await sql.executeSql("SELECT count(*) FROM users")).toEqual([[2]]);
  });
});

describe("a run is refused", () => {
  const refused = async (machine: Machine, options: Partial<PipelineOptions>) => {
    const work = machine.pipeline(options).run(users, { tableName: "users" });
    return (await work.then(
      () => null,
      (error: unknown) => error,
    )) as { readonly code: string; readonly message: string } | null;
  };
  const bucket = (machine: Machine) => filesystem({ bucketUrl: bucketOf(machine) });

  test("when the destination copies from nowhere, such as files staged for files", async () => {
    const machine = await newMachine();
    const destination = filesystem({ bucketUrl: join(machine.folder, "files") });
    expect(await refused(machine, { destination, staging: bucket(machine) })).toMatchObject({
      code: "STAGING_UNSUPPORTED",
      message: expect.stringContaining("copies nothing"),
    });
  });

  test("when both share no format", async () => {
    const machine = await newMachine();
    const staging = filesystem({ bucketUrl: bucketOf(machine), capabilities: { fileFormats: ["orc"] } });
    expect(await refused(machine, { staging })).toMatchObject({
      code: "STAGING_UNSUPPORTED",
      message: expect.stringContaining("takes `orc`"),
    });
  });

  test("when the destination does not reach the bucket", async () => {
    const machine = await newMachine();
    const destination = duckdb({ credentials: machine.database, capabilities: { stagingSchemes: ["s3"] } });
    expect(await refused(machine, { destination, staging: bucket(machine) })).toMatchObject({
      code: "STAGING_UNSUPPORTED",
      message: expect.stringContaining("file:///"),
    });
  });

  test("when the place of the files is a dataset", async () => {
    const machine = await newMachine();
    await machine.pipeline({ pipelineName: "lake", destination: bucket(machine) }).run(users, { tableName: "users" });
    const before = await stagedFiles(machine);
    expect(await refused(machine, { staging: bucket(machine) })).toMatchObject({ code: "STAGING_HOLDS_DATASET" });
    expect(await stagedFiles(machine)).toEqual(before);
  });

  test("when it is no staging area, or its bucket is not told", async () => {
    const machine = await newMachine();
    const staging = duckdb({ credentials: machine.database });
    expect(await refused(machine, { staging })).toMatchObject({ code: "STAGING_INVALID" });
    expect(await refused(machine, { staging: filesystem() })).toMatchObject({ code: "CONFIG_FIELD_MISSING" });
  });

  test("when the bucket cannot be written to, and what was extracted is kept", async () => {
    const machine = await newMachine();
    await writeFile(bucketOf(machine), "a file");
    expect(await refused(machine, { staging: bucket(machine) })).not.toBeNull();
    const p = machine.pipeline({ staging: null });
    expect(await p.listNormalizedLoadPackages()).toHaveLength(1);
    await p.run();
    expect(await machine.query(names)).toEqual(twoUsers);
  });
});

describe("rows are there once", () => {
  const points: readonly PipelinePoint[] = ["load.job.started", "load.job.finished", "load.job.recorded"];
  // The first file is put, the other one is put, the first one is copied, the other one is copied.
  const cases = points.flatMap((point) =>
    [1, 2, 3, 4].flatMap((time) => [
      { point, time, next: "staged" },
      { point, time, next: "direct" },
    ]),
  );

  test.each(cases)(
    "when a run dies at $point, time $time, and the next one is $next",
    async ({ point, time, next }) => {
      const machine = await newMachine({ instance: await inMemory() });
      let reached = 0;
      const dying = {
        ...machine.runtime,
        reached: (at: PipelinePoint): void => {
          if (at === point) reached += 1;
          if (reached >= time) throw new Error("died");
        },
      };
      const data = () => resource({ name: "users" }, () => users);
      const first = machine.pipeline({ staging: filesystem({ bucketUrl: bucketOf(machine) }) }, dying).run(data());
      await expect(first).rejects.toThrow("died");
      await (next === "staged" ? staged(machine) : machine.pipeline({ staging: null })).run();
      expect(await machine.query(names)).toEqual(twoUsers);
      expect(await machine.query("SELECT count(*) AS n FROM users__tags")).toEqual([{ n: 2 }]);
      expect(await machine.query("SELECT count(*) AS n FROM _dlt_loads")).toEqual([{ n: 1 }]);
    },
  );

  test("when a run without a staging area dies, and the next one has one", async () => {
    const machine = await newMachine();
    let jobs = 0;
    const reached = (at: PipelinePoint): void => {
      if (at === "load.job.recorded") jobs += 1;
      if (jobs >= 2) throw new Error("died");
    };
    const dying = machine.pipeline({ staging: null }, { ...machine.runtime, reached });
    await expect(dying.run(users, { tableName: "users" })).rejects.toThrow("died");
    await staged(machine).run();
    expect(await machine.query(names)).toEqual(twoUsers);
    expect(await machine.query("SELECT count(*) AS n FROM users__tags")).toEqual([{ n: 2 }]);
  });

  test("when a staged file is gone before it is copied", async () => {
    const machine = await newMachine();
    const lost = filesystem({ bucketUrl: bucketOf(machine) });
    const losing: Destination = {
      ...lost,
      async openStaging(config, options): Promise<StagingArea> {
        const area = await lost.openStaging?.(config as never, options);
        if (area === undefined) throw new Error("It is no staging area.");
        return { ...area, put: async (file, signal) => `${await area.put(file, signal)}.gone` };
      },
    };
    const p = machine.pipeline({ staging: losing });
    await expect(p.run(users, { tableName: "users" })).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED" });
    await staged(machine).run();
    expect(await machine.query(names)).toEqual(twoUsers);
  });
});

test("a partition's files are staged when they are committed", async () => {
  const machine = await newMachine();
  const p = staged(machine);
  const data = () => resource({ name: "users" }, () => users);
  const { partitions } = await p.plan(data(), { exchange: join(machine.folder, "exchange") });
  const manifests = await Promise.all(partitions.map((partition) => staged(machine).runPartition(partition, data())));
  await p.commit(manifests);
  expect(await machine.query(names)).toEqual(twoUsers);
  const [file = ""] = (await stagedFiles(machine)).filter((name) => name.startsWith("users/"));
  expect((await readFile(join(bucketOf(machine), "data", file))).subarray(0, 4).toString()).toBe("PAR1");
});
