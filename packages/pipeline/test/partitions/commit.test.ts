import { access, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Destination } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { incremental, type Pipeline, partitionPoints, type RunData, resource, withHints } from "../../src/index.js";
import type { PipelineRuntime } from "../../src/runtime.js";
import { dyingRuntime } from "../dying-runtime.js";
import type { Machine } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { brokenRules, loadedContent, shopOn } from "./partition-scenario.js";

/** Plans, runs all partitions in this process, and commits. */
async function loadInParts(machine: Machine, data: () => RunData, runtime?: PipelineRuntime) {
  const exchange = join(machine.folder, "exchange");
  const { partitions } = await machine.pipeline().plan(data(), { exchange });
  const manifests = await Promise.all(
    partitions.map((partition) => machine.pipeline().runPartition(partition, data())),
  );
  return { exchange, manifests, info: await machine.pipeline({}, runtime).commit(manifests) };
}

/** A table with these pages, each of which can be read as a part. */
const inPages = (pages: readonly (readonly object[])[], hints: object = {}) =>
  resource(
    { name: "rows", ...hints, partitions: () => pages.map((_, index) => index) },
    async function* ({ partition }) {
      for (const [index, page] of pages.entries()) if (partition === undefined || partition === index) yield page;
    },
  );

/** Rows and columns of a table and of those below it, and the versions of its schema. */
async function contentOf(machine: Machine) {
  const tables = await machine.query("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'rows%'");
  const content: Record<string, unknown> = {};
  for (const { table_name: table } of tables) {
    const columns = await machine.query(
      `SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = '${String(table)}' ORDER BY ordinal_position`,
    );
    const own = columns.filter(({ column_name: name }) => !String(name).startsWith("_dlt_"));
    content[String(table)] = {
      columns,
      rows: await machine.query(
        `SELECT ${own.map(({ column_name: name }) => `"${String(name)}"`).join(", ")} FROM "${String(table)}" ORDER BY ALL`,
      ),
    };
  }
  return { content, versions: await machine.query("SELECT version, version_hash FROM _dlt_version ORDER BY ALL") };
}

async function expectSame(data: () => RunData): Promise<readonly number[]> {
  const [plain, parted] = [await newMachine(), await newMachine()];
  await plain.pipeline().run(data());
  const { info } = await loadInParts(parted, data);
  expect(await contentOf(parted)).toEqual(await contentOf(plain));
  return info.normalizedAgain;
}

/** The destination as one that does not speak SQL, or keeps no state. */
function without(member: "sql" | "state", real: ReturnType<typeof duckdb>): Destination {
  const connect: Destination["connect"] = async (config, options) => {
    const client = await real.connect(config as never, options);
    return new Proxy(client, {
      get(target, property) {
        if (property === member) return undefined;
        const found: unknown = Reflect.get(target, property, target);
        return typeof found === "function" ? found.bind(target) : found;
      },
    });
  };
  return { ...real, connect };
}

describe("the result is that of a run", () => {
  test("where partitions make the same columns, or others, their files are taken as they are", async () => {
    const pages = [
      [{ id: 1, a: "x", list: [1] }],
      [{ id: 2, b: 1.5, list: [2, 3] }],
      [{ id: 3, a: null, c: { d: true } }],
    ];
    expect(await expectSame(() => inPages(pages))).toEqual([]);
  });

  test("a value of another type than before goes into a column of its own", async () => {
    const pages = [[{ v: 1 }], [{ v: "text" }], [{ v: 2 }], [{ v: true }]];
    expect(await expectSame(() => inPages(pages))).toEqual([1, 3]);
  });

  test("a fraction makes a column double for all partitions, whichever has it", async () => {
    expect(await expectSame(() => inPages([[{ v: 1 }], [{ v: 0.5 }], [{ v: 2 }]]))).toEqual([0, 2]);
    expect(await expectSame(() => inPages([[{ v: 0.5 }], [{ v: 1 }]]))).toEqual([1]);
    // Known only once the rows of the third are normalized again: there the fraction came second.
    expect(await expectSame(() => inPages([[{ v: 1 }], [{ v: 2 }], [{ v: "x" }, { v: 0.5 }]]))).toEqual([0, 1, 2]);
  });

  test("hints that only some partitions have hold for the rows of all", async () => {
    const data = () =>
      resource({ name: "rows", partitions: () => [0, 1] }, async function* ({ partition }) {
        if (partition !== 1) yield [{ id: 1, v: 1 }];
        if (partition !== 0) yield withHints([{ id: 2, v: 2 }], { columns: { v: { dataType: "decimal" } } });
      });
    expect(await expectSame(data)).toEqual([0, 1]);
  });

  test("a column that takes nested values in does so for all partitions", async () => {
    const data = () =>
      inPages([[{ id: 1, doc: { a: 1 } }], [{ id: 2, doc: { a: 2 } }]], { columns: { doc: { dataType: "json" } } });
    expect(await expectSame(data)).toEqual([]);
  });

  test("also for any rows", { timeout: 240_000 }, async () => {
    const value = fc.oneof(
      fc.constantFrom(null, true, 0, 1, 7, 0.5, "x", "2024-01-02", "2024-01-02T03:04:05Z"),
      fc.constantFrom([], [1], ["a", 2], { k: 1 }, { k: "x", l: [1] }, { k: 0.5 }),
    );
    const row = fc.dictionary(fc.constantFrom("a", "b", "c"), value);
    const pages = fc.array(fc.array(row, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(pages, async (made) => {
        await expectSame(() => inPages(made.map((rows, page) => rows.map((each, at) => ({ page, at, ...each })))));
      }),
      { numRuns: Number(process.env["DLT_PARTITION_RUNS"] ?? 8), seed: 20261130 },
    );
  });

  test("a table that is replaced is emptied once, also when no partition has rows", async () => {
    const machine = await newMachine();
    const data = (rows: readonly object[]) => () =>
      inPages(
        rows.map((row) => [row]),
        { writeDisposition: "replace" },
      );
    await loadInParts(machine, data([{ id: 1 }, { id: 2 }]));
    await loadInParts(machine, data([{ id: 3 }, { id: 4 }, { id: 5 }]));
    expect(await machine.query("SELECT id FROM rows ORDER BY id")).toEqual([{ id: 3 }, { id: 4 }, { id: 5 }]);
    await loadInParts(machine, () =>
      resource({ name: "rows", writeDisposition: "replace", partitions: () => [0, 1] }, () => []),
    );
    expect(await machine.query("SELECT id FROM rows")).toEqual([]);
  });
});

describe("state", () => {
  test("a source beside that of the default schema leaves its state, too", async () => {
    const machine = await newMachine();
    await machine.pipeline().run(resource({ name: "first" }, () => [{ id: 1 }]));
    const { manifests } = await loadInParts(machine, () => shopOn(1));
    expect(new Set(manifests.map(({ source }) => source))).toEqual(new Set(["shop"]));
    await rm(machine.pipelinesDir, { recursive: true });
    const fresh = machine.pipeline();
    await fresh.sync();
    expect(fresh.state.sources["shop"]?.resources?.["sales"]?.incremental?.["hour"]?.last_value).toBe(5);
  });

  test("a resource that is read in parts must not change its state", async () => {
    const machine = await newMachine();
    const data = () =>
      resource({ name: "rows", partitions: () => [0, 1] }, ({ state }) => {
        state["seen"] = true;
        return [{ id: 1 }];
      });
    await expect(loadInParts(machine, data)).rejects.toMatchObject({ code: "PARTITION_STATE_CHANGED" });
  });

  test("nor may one of its parts clear it, unless it is replaced", async () => {
    const machine = await newMachine();
    const data = (hints: object, read: (state: Record<string, unknown>) => void) => () =>
      resource({ name: "rows", ...hints, partitions: () => [0, 1] }, ({ state, partition }) => {
        read(state);
        return [{ id: partition ?? 0 }];
      });
    const clear = (state: Record<string, unknown>) => {
      delete state["seen"];
    };
    await machine.pipeline().run(
      data({}, (state) => {
        state["seen"] = 5;
      })(),
    );
    await expect(loadInParts(machine, data({}, clear))).rejects.toMatchObject({ code: "PARTITION_STATE_CHANGED" });
    const { info } = await loadInParts(machine, data({ writeDisposition: "replace" }, clear));
    expect(info.rowCounts["rows"]).toBe(2);
    expect(machine.pipeline().state.sources["shop"]?.resources?.["rows"]?.["seen"]).toBeUndefined();
  });
});

describe("repeated and interrupted", () => {
  const setUp = async () => {
    const machine = await newMachine();
    const exchange = join(machine.folder, "exchange");
    const { partitions } = await machine.pipeline().plan(shopOn(1), { exchange });
    const manifests = await Promise.all(partitions.map((each) => machine.pipeline().runPartition(each, shopOn(1))));
    return { machine, exchange, partitions, manifests };
  };

  test("a second commit loads nothing and says so", async () => {
    const { machine, manifests, exchange } = await setUp();
    await machine.pipeline().commit(manifests, { keepExchange: true });
    const content = await loadedContent(machine);
    expect(await readdir(exchange)).toHaveLength(1);
    for (let time = 0; time < 2; time++) {
      const again = await machine.pipeline().commit(manifests);
      expect(again).toMatchObject({ alreadyLoaded: true, isEmpty: true });
      expect(await readdir(exchange)).toEqual([]);
    }
    // On a machine that knows nothing of it, the destination tells.
    const elsewhere = machine.pipeline({ pipelinesDir: `${machine.folder}/elsewhere` });
    expect(await elsewhere.commit(manifests)).toMatchObject({ alreadyLoaded: true });
    expect(await loadedContent(machine)).toEqual(content);
  });

  test("a second commit says so also after other loads, on a machine that knows nothing of it", async () => {
    const { machine, manifests } = await setUp();
    await machine.pipeline().commit(manifests, { keepExchange: true });
    await machine.pipeline().run(resource({ name: "other" }, () => [{ id: 1 }]));
    const content = await loadedContent(machine);
    const elsewhere = machine.pipeline({ pipelinesDir: `${machine.folder}/elsewhere` });
    expect(await elsewhere.commit(manifests)).toMatchObject({ alreadyLoaded: true, isEmpty: true });
    // Not even the plan is there any more.
    const anywhere = machine.pipeline({ pipelinesDir: `${machine.folder}/anywhere` });
    expect(await anywhere.commit(manifests)).toMatchObject({ alreadyLoaded: true });
    expect(await loadedContent(machine)).toEqual(content);
  });

  test("where the destination cannot tell, a commit after other loads says that it may have been loaded", async () => {
    const { machine, manifests } = await setUp();
    await machine.pipeline().commit(manifests, { keepExchange: true });
    const other = resource({ name: "other" }, () => [{ id: 1 }]);
    await machine.pipeline().run(other);
    const pipelineWithout = (member: "sql" | "state") =>
      machine.pipeline({
        pipelinesDir: `${machine.folder}/without ${member}`,
        destination: without(member, duckdb({ credentials: machine.database })),
      });
    // It takes no SQL to tell.
    expect(await pipelineWithout("sql").commit(manifests, { keepExchange: true })).toMatchObject({
      alreadyLoaded: true,
    });
    const elsewhere = pipelineWithout("state");
    await elsewhere.run(other);
    await expect(elsewhere.commit(manifests)).rejects.toMatchObject({
      code: "PLAN_OUTDATED",
      message: expect.stringContaining("This commit has loaded nothing.") as string,
      hint: expect.stringContaining(
        `Look first whether load \`${manifests[0]?.loadId}\` is at the destination`,
      ) as string,
    });
  });

  test("wherever a commit dies, the next one loads everything once", { timeout: 300_000 }, async () => {
    const calm = await setUp();
    const points: string[] = [];
    const counting = { ...calm.machine.runtime, reached: (point: string) => void points.push(point) };
    await calm.machine.pipeline({}, counting).commit(calm.manifests);
    const content = await loadedContent(calm.machine);
    expect(partitionPoints.filter((point) => point.startsWith("commit.") && !points.includes(point))).toEqual([]);
    const firstHits = [...new Set(points)].map((point) => points.indexOf(point) + 1);
    const lastHits = ["commit.file.placed", "load.job.recorded"].map((point) => points.lastIndexOf(point) + 1);
    for (const dieAt of new Set([...firstHits, ...lastHits])) {
      const { machine, manifests, exchange } = await setUp();
      const dying = machine.pipeline({}, dyingRuntime(machine.runtime, dieAt));
      await expect(dying.commit(manifests), points[dieAt - 1]).rejects.toThrow("Died at");
      await machine.pipeline().commit(manifests);
      expect(await brokenRules(machine), points[dieAt - 1]).toEqual([]);
      expect(await loadedContent(machine), points[dieAt - 1]).toEqual(content);
      expect(await readdir(exchange), points[dieAt - 1]).toEqual([]);
    }
  });

  test("another machine goes on with the files that were chosen", async () => {
    const { machine, manifests, partitions } = await setUp();
    const dying = {
      ...machine.runtime,
      reached: (point: string) => (point === "load.job.finished" ? Promise.reject(new Error("gone")) : undefined),
    };
    await expect(machine.pipeline({}, dying).commit(manifests)).rejects.toThrow("gone");
    const others = await Promise.all(partitions.map((each) => machine.pipeline().runPartition(each, shopOn(1))));
    await machine.pipeline({ pipelinesDir: `${machine.folder}/elsewhere` }).commit([...others, ...manifests].reverse());
    expect(await brokenRules(machine)).toEqual([]);
    expect(await machine.query("SELECT count(*) AS n FROM sales")).toEqual([{ n: 12 }]);
  });

  test("an empty plan is committed as often as one likes", async () => {
    const { machine, manifests } = await setUp();
    await machine.pipeline().commit(manifests);
    const data = () => resource({ name: "none" }, () => []);
    await machine.pipeline().run(resource({ name: "other" }, () => [{ id: 1 }]));
    const first = await loadInParts(machine, data);
    const loads = await machine.query("SELECT load_id FROM _dlt_loads");
    expect(await machine.pipeline().commit(first.manifests)).toMatchObject({ alreadyLoaded: true });
    const second = await loadInParts(machine, data);
    expect(second.info.isEmpty).toBe(true);
    expect(await machine.pipeline().commit(second.manifests)).toMatchObject({ alreadyLoaded: true, isEmpty: true });
    expect(await machine.query("SELECT load_id FROM _dlt_loads")).toEqual(loads);
  });
});

describe("refused", () => {
  const rows = () => inPages([[{ id: 1 }], [{ id: 2 }]]);
  const planned = async (p: Pipeline, machine: Machine) => {
    const plan = await p.plan(rows(), { exchange: join(machine.folder, "exchange") });
    return { plan, manifests: await Promise.all(plan.partitions.map((each) => p.runPartition(each, rows()))) };
  };

  test("a commit without all partitions, or with those of others", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const { manifests } = await planned(p, machine);
    const other = await planned(p, machine);
    const [first, second] = manifests;
    if (first === undefined || second === undefined) throw new Error("There are no two partitions.");
    await expect(p.commit([second])).rejects.toMatchObject({ code: "PARTITIONS_MISSING", context: { missing: 1 } });
    await expect(p.commit([])).rejects.toMatchObject({ code: "PARTITION_MANIFEST_INVALID" });
    await expect(p.commit([first, ...other.manifests])).rejects.toMatchObject({ code: "PARTITION_MANIFEST_INVALID" });
    await expect(p.commit([first, { ...second, attempt: "../../etc" }])).rejects.toMatchObject({
      code: "PARTITION_MANIFEST_INVALID",
    });
    await expect(p.commit([first, { ...second, attempt: "00".repeat(8) }])).rejects.toMatchObject({
      code: "PARTITION_DATA_MISSING",
    });
    await expect(p.commit(manifests, { exchange: join(machine.folder, "empty") })).rejects.toMatchObject({
      code: "PLAN_NOT_FOUND",
    });
    const stranger = machine.pipeline({ pipelineName: "stranger" });
    await expect(stranger.commit(manifests)).rejects.toMatchObject({ code: "PARTITION_MANIFEST_INVALID" });
    await expect(access(machine.database)).rejects.toThrow("ENOENT");
    expect((await p.commit(manifests)).rowCounts).toEqual({ rows: 2 });
    await expect(p.commit(other.manifests)).rejects.toMatchObject({ code: "PLAN_OUTDATED" });
  });

  test("a commit after another run", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const { manifests } = await planned(p, machine);
    await p.run(resource({ name: "other" }, () => [{ id: 1 }]));
    await expect(p.commit(manifests)).rejects.toMatchObject({ code: "PLAN_OUTDATED" });
    expect(await machine.query("SELECT count(*) AS n FROM _dlt_loads")).toEqual([{ n: 1 }]);
  });

  test("partitions of another pipeline, plan or source", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const { plan } = await planned(p, machine);
    const [partition] = plan.partitions;
    if (partition === undefined) throw new Error("There is no partition.");
    const refused = (given: object, data: RunData = rows()) => p.runPartition({ ...partition, ...given }, data);
    await expect(refused({ index: 9 })).rejects.toMatchObject({ code: "PARTITION_INVALID" });
    await expect(refused({ planId: "../x" })).rejects.toMatchObject({ code: "PARTITION_INVALID" });
    await expect(refused({ pipelineName: "stranger" })).rejects.toMatchObject({ code: "PARTITION_INVALID" });
    await expect(refused({ exchange: machine.folder })).rejects.toMatchObject({ code: "PLAN_NOT_FOUND" });
    await expect(
      refused(
        {},
        resource({ name: "other" }, () => []),
      ),
    ).rejects.toMatchObject({
      code: "PARTITION_SOURCE_DIFFERS",
    });
    await expect(refused({}, shopOn(1))).rejects.toMatchObject({ code: "PARTITION_SOURCE_DIFFERS" });
    const failing = inPages([[{ id: 1 }]]).addMap(() => {
      throw new Error("the line is dead");
    });
    await expect(refused({}, failing)).rejects.toThrow("the line is dead");
    const names = await readdir(join(plan.exchange, plan.planId));
    expect(names.filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("plans of several sources, parts that are not JSON", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const exchange = join(machine.folder, "exchange");
    await expect(p.plan([shopOn(1), rows()], { exchange })).rejects.toMatchObject({ code: "PLAN_SOURCE_UNSUPPORTED" });
    const dates = resource({ name: "rows", partitions: () => [new Date(0)] as never[] }, () => []);
    await expect(p.plan(dates, { exchange })).rejects.toMatchObject({ code: "RESOURCE_PARTITIONS_INVALID" });
    await expect(access(exchange)).rejects.toThrow("ENOENT");
  });
});

test("what cannot be put together from parts is read as a whole, with the reason", async () => {
  const machine = await newMachine();
  const partitions = () => [0, 1];
  const inRange = (name: string, hints: object = {}) => resource({ name, ...hints, partitions }, () => [{ id: 1 }]);
  const latest = incremental<number>("id", { lastValueFunc: (values) => Math.max(...values) });
  const data = [
    inRange("limited").addLimit(1),
    inRange("chosen", { incremental: latest }),
    inRange("shared"),
    inRange("sharing", { tableName: "shared" }),
    resource({ name: "none", partitions: () => [] as number[] }, () => [{ id: 1 }]),
    inRange("split"),
  ];
  const plan = await machine.pipeline().plan(data, { exchange: join(machine.folder, "exchange") });
  expect(plan.partitions.map(({ resources, range }) => [...resources, range])).toEqual([
    ["limited", undefined],
    ["chosen", undefined],
    ["shared", "sharing", undefined],
    ["none", undefined],
    ["split", 0],
    ["split", 1],
  ]);
  expect(plan.notSplit.map(({ resource: name }) => name)).toEqual(["limited", "chosen", "shared", "sharing", "none"]);
});
