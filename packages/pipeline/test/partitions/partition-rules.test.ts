import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  incremental,
  type PartitionManifest,
  type PipelineOptions,
  type PlanOptions,
  type Resource,
  type RunData,
  resource,
  source,
  transformer,
  withTableName,
} from "../../src/index.js";
import type { Machine } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { warnings } from "../warnings.js";

/** Plans and runs all partitions, each with a pipeline of its own. */
async function readInParts(machine: Machine, data: () => RunData, options: Omit<PlanOptions, "exchange"> = {}) {
  const exchange = join(machine.folder, "exchange");
  const { partitions, planId } = await machine.pipeline().plan(data(), { exchange, ...options });
  const run = async (make: () => RunData): Promise<readonly PartitionManifest[]> => {
    const manifests: PartitionManifest[] = [];
    for (const partition of partitions) manifests.push(await machine.pipeline().runPartition(partition, make()));
    return manifests;
  };
  return { exchange, planId, partitions, run, manifests: await run(data) };
}

const shop = (...resources: Resource[]) => source({ name: "shop" }, () => resources)();

describe("attempts", () => {
  const inParts = (second: unknown) => () =>
    resource({ name: "rows", schemaContract: { dataType: "freeze" }, partitions: () => [0, 1] }, ({ partition }) => [
      { id: partition, v: partition === 0 ? 1 : second },
    ]);

  test("a commit that fails before there is a package binds to no attempts", async () => {
    const machine = await newMachine();
    const { manifests, run } = await readInParts(machine, inParts("text"));
    await expect(machine.pipeline().commit(manifests)).rejects.toThrow("does not fit column `v`");
    const mended = await run(inParts(5));
    expect((await machine.pipeline().commit(mended)).rowCounts).toEqual({ rows: 2 });
    expect(await machine.query("SELECT v FROM rows ORDER BY id")).toEqual([{ v: 1 }, { v: 5 }]);
  });

  test("one that is lost does not stand in the way of a later one", async () => {
    const machine = await newMachine();
    const { manifests, run, exchange, planId } = await readInParts(machine, inParts(2));
    await rm(join(exchange, planId, `0.${manifests[0]?.attempt}`), { recursive: true });
    const again = await run(inParts(2));
    expect((await machine.pipeline().commit([...manifests, ...again])).rowCounts).toEqual({ rows: 2 });
  });

  test("those that a commit is bound to are not exchanged for others", async () => {
    const machine = await newMachine();
    const { manifests, run, exchange, planId } = await readInParts(machine, inParts(2));
    const dying = {
      ...machine.runtime,
      reached: (point: string) =>
        point === "commit.attempts.chosen" ? Promise.reject(new Error("the power is gone")) : undefined,
    };
    await expect(machine.pipeline({}, dying).commit(manifests)).rejects.toThrow("the power is gone");
    await rm(join(exchange, planId, `0.${manifests[0]?.attempt}`), { recursive: true });
    const again = await run(inParts(2));
    await expect(machine.pipeline().commit(again)).rejects.toMatchObject({
      code: "PARTITION_DATA_MISSING",
      hint: expect.stringContaining("make a new plan"),
    });
  });
});

describe("options", () => {
  const rows = () => resource({ name: "rows", incremental: incremental("id") }, () => [{ id: 1 }, { id: 5 }]);
  const unsupported = (option: string) => ({ code: "PARTITION_OPTION_UNSUPPORTED", context: { option } });

  test("no call refreshes, and each says so", async () => {
    const machine = await newMachine();
    const { manifests, partitions, exchange } = await readInParts(machine, rows);
    const [partition] = partitions;
    if (partition === undefined) throw new Error("There is no partition.");
    const p = machine.pipeline();
    const given = { refresh: "drop_sources" } as object;
    await expect(p.plan(rows(), { exchange, ...given })).rejects.toMatchObject(unsupported("refresh"));
    await expect(p.runPartition(partition, rows(), given)).rejects.toMatchObject(unsupported("refresh"));
    await expect(p.commit(manifests, given)).rejects.toMatchObject(unsupported("refresh"));
    const set = machine.pipeline({ refresh: "drop_data" } satisfies PipelineOptions);
    await expect(set.plan(rows(), { exchange })).rejects.toMatchObject(unsupported("refresh"));
    await expect(set.runPartition(partition, rows())).rejects.toMatchObject(unsupported("refresh"));
    await expect(set.commit(manifests)).rejects.toMatchObject(unsupported("refresh"));
    expect((await p.commit(manifests)).rowCounts).toEqual({ rows: 2 });
  });

  test("hints of the plan hold for its partitions", async () => {
    const machine = await newMachine();
    await machine.pipeline().run(rows(), { incremental: null });
    const { manifests } = await readInParts(machine, rows, {
      writeDisposition: "replace",
      incremental: { initialValue: 0, endValue: 5 },
    });
    await machine.pipeline().commit(manifests);
    expect(await machine.query("SELECT id FROM rows")).toEqual([{ id: 1 }]);
    expect(machine.pipeline().schemas["shop"]?.tables["rows"]?.writeDisposition).toBe("replace");
    const bare = await readInParts(machine, () => [{ a: 1 }], {
      tableName: "bare",
      columns: { a: { dataType: "text" } },
    });
    await machine.pipeline().commit(bare.manifests);
    expect(await machine.query("SELECT typeof(a) AS type FROM bare")).toEqual([{ type: "VARCHAR" }]);
  });

  test("a partition is read as the settings say, as in a run", async () => {
    const family = () => {
      const parent = resource({ name: "parent" }, () => [{ n: 1 }]);
      const changing = (name: string) =>
        parent.pipe(
          transformer({ name }, (row: { n: number }) => {
            row.n += 1;
            return { n: row.n };
          }),
        );
      return shop(parent, changing("a"), changing("b"));
    };
    const [plain, parted] = [await newMachine(), await newMachine()];
    const on = (machine: Machine) =>
      machine.pipeline({}, { ...machine.runtime, env: { EXTRACT__COPY_ON_FORK: "true" } });
    await on(plain).run(family());
    const { partitions } = await on(parted).plan(family(), { exchange: join(parted.folder, "exchange") });
    const manifests = await Promise.all(partitions.map((partition) => on(parted).runPartition(partition, family())));
    await on(parted).commit(manifests);
    const rows = "SELECT (SELECT n FROM a) AS a, (SELECT n FROM b) AS b";
    expect(await parted.query(rows)).toEqual([{ a: 2, b: 2 }]);
    expect(await parted.query(rows)).toEqual(await plain.query(rows));
  });

  test("its interval, too, and its schema", async () => {
    const machine = await newMachine();
    const scheduled = () =>
      resource(
        { name: "rows", incremental: incremental<number>("id", { initialValue: 0, allowExternalSchedulers: true }) },
        () => [{ id: 1 }, { id: 5 }, { id: 9 }],
      );
    const other = await newMachine();
    await other
      .pipeline()
      .run(source({ name: "times" }, () => [scheduled()])(), { interval: { allowExternalSchedulers: false } });
    const schema = other.pipeline().schemas["times"] ?? {};
    const interval = { start: new Date(0), end: "1970-01-01T00:00:06Z" };
    const { manifests } = await readInParts(machine, scheduled, { interval, schema });
    expect(manifests.map(({ source: name }) => name)).toEqual(["times"]);
    await machine.pipeline().commit(manifests);
    expect(await machine.query("SELECT id FROM rows ORDER BY id")).toEqual([{ id: 1 }, { id: 5 }]);
  });

  test("an interval that no cursor takes is warned of by the plan alone", async () => {
    const machine = await newMachine();
    const codes = warnings();
    await readInParts(machine, rows, { interval: { start: "2024-01-01", end: "2024-01-02" } });
    expect(codes).toEqual(["INTERVAL_UNUSED"]);
    const env = { DLT_INTERVAL_START: "2024-01-01", DLT_INTERVAL_END: "2024-01-02" };
    const p = machine.pipeline({}, { ...machine.runtime, env });
    const { partitions } = await p.plan(rows(), { exchange: join(machine.folder, "exchange") });
    for (const partition of partitions) await machine.pipeline().runPartition(partition, rows());
    expect(codes).toEqual(["INTERVAL_UNUSED"]);
  });

  test("what is no JSON is refused, and so is what a partition has from its plan", async () => {
    const machine = await newMachine();
    const exchange = join(machine.folder, "exchange");
    const p = machine.pipeline();
    const refused: readonly (readonly [string, object])[] = [
      ["tableName", { tableName: () => "t" }],
      ["incremental", { incremental: incremental("id") }],
      ["incremental", { incremental: { initialValue: new Date(0) } }],
      ["columns", { columns: { id: { dataType: "bigint", description: 1n } } }],
    ];
    for (const [option, given] of refused)
      await expect(p.plan(rows(), { exchange, ...given }), option).rejects.toMatchObject({
        code: expect.stringMatching(/PARTITION_OPTION_UNSUPPORTED|_INVALID/),
      });
    await expect(access(exchange)).rejects.toThrow("ENOENT");
    const { partitions } = await readInParts(machine, rows);
    const [partition] = partitions;
    if (partition === undefined) throw new Error("There is no partition.");
    for (const option of ["writeDisposition", "interval", "schema"])
      await expect(p.runPartition(partition, rows(), { [option]: "x" } as object)).rejects.toMatchObject(
        unsupported(option),
      );
  });
});

describe("resources that write to one table", () => {
  const tableOf = (machine: Machine) => {
    const { writeDisposition, resource: owner, columns } = machine.pipeline().schemas["shop"]?.tables["t"] ?? {};
    return { writeDisposition, owner, type: columns?.["id"]?.dataType };
  };
  const writing = (name: string, hints: object, id: number) =>
    resource({ name, ...hints }, function* () {
      yield withTableName([{ id }], "t");
    });

  test("are in one partition when their names become the same", async () => {
    const machine = await newMachine();
    const named = (name: string, tableName: string) => resource({ name, tableName }, () => [{ id: 1 }]);
    const { manifests } = await readInParts(machine, () => shop(named("a", "myTable"), named("b", "my_table")));
    expect(manifests.map(({ resources }) => resources)).toEqual([["a", "b"]]);
  });

  test("without saying so beforehand: the first one declares it, as in a run", { timeout: 60_000 }, async () => {
    const [plain, parted] = [await newMachine(), await newMachine()];
    const hints = { writeDisposition: "replace", columns: { id: { dataType: "text" } } };
    const data = () => shop(writing("a", hints, 1), writing("b", hints, 2));
    // The second time nothing is new in what the first of them declares.
    for (let time = 0; time < 2; time++) {
      await plain.pipeline().run(data());
      const { manifests } = await readInParts(parted, data);
      await parted.pipeline().commit(manifests.toReversed());
      expect(tableOf(parted)).toEqual({ writeDisposition: "replace", owner: "a", type: "text" });
      expect(tableOf(parted)).toEqual(tableOf(plain));
      const rows = "SELECT id, typeof(id) AS type FROM t ORDER BY id";
      expect(await parted.query(rows)).toHaveLength(2);
      expect(await parted.query(rows)).toEqual(await plain.query(rows));
    }
    const versions = "SELECT version, version_hash FROM _dlt_version ORDER BY ALL";
    expect(await parted.query(versions)).toEqual(await plain.query(versions));
  });

  test("and declare it in different ways are refused", async () => {
    const machine = await newMachine();
    const data = () =>
      shop(
        writing("a", { writeDisposition: "replace" }, 1),
        writing("b", { columns: { id: { dataType: "text" } } }, 2),
      );
    const { manifests } = await readInParts(machine, data);
    await expect(machine.pipeline().commit(manifests)).rejects.toMatchObject({
      code: "PARTITION_TABLE_CONFLICT",
      context: { table: "t", first: "a", second: "b" },
    });
    await expect(access(machine.database)).rejects.toThrow("ENOENT");
  });
});

test("a counter that two partitions count is refused", async () => {
  const machine = await newMachine();
  const counting = (name: string) =>
    resource({ name }, ({ sourceState }) => {
      sourceState["n"] = Number(sourceState["n"] ?? 0) + 1;
      return [{ id: 1 }];
    });
  const { manifests } = await readInParts(machine, () => shop(counting("a"), counting("b")));
  await expect(machine.pipeline().commit(manifests)).rejects.toMatchObject({ code: "PARTITION_STATE_CONFLICT" });
});

test.each<[unknown, string]>([
  [2n ** 61n, "2305843009213693952"],
  [2.5, "2.5"],
  ["b", "b"],
  [new Date(0), "1970-01-01T00:00:00+00:00"],
])("a manifest gives the last value %s as text", async (value, text) => {
  const machine = await newMachine();
  const { manifests } = await readInParts(machine, () =>
    resource({ name: "rows", incremental: incremental("c") }, () => [{ c: value }]),
  );
  expect(JSON.parse(JSON.stringify(manifests))).toEqual(manifests);
  expect(manifests[0]?.cursors).toEqual({ rows: { c: text } });
});

test("what is no partition, no manifest or no folder is refused", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const data = resource({ name: "rows" }, () => [{ id: 1 }]);
  const { partitions, manifests } = await readInParts(machine, () => data);
  const [partition] = partitions;
  if (partition === undefined) throw new Error("There is no partition.");
  for (const given of [null, undefined, 1, {}])
    await expect(p.runPartition(given as never, data)).rejects.toMatchObject({ code: "PARTITION_INVALID" });
  for (const given of [null, undefined, {}, [null], [undefined], [1], [{}]])
    await expect(p.commit(given as never)).rejects.toMatchObject({ code: "PARTITION_MANIFEST_INVALID" });
  await expect(p.plan(data, ...([] as never as [PlanOptions]))).rejects.toMatchObject({ code: "EXCHANGE_INVALID" });
  for (const exchange of [undefined, null, 1, ""] as never[]) {
    await expect(p.plan(data, { exchange })).rejects.toMatchObject({ code: "EXCHANGE_INVALID" });
    if (exchange === undefined || exchange === null) continue;
    await expect(p.runPartition(partition, data, { exchange })).rejects.toMatchObject({ code: "EXCHANGE_INVALID" });
    await expect(p.commit(manifests, { exchange })).rejects.toMatchObject({ code: "EXCHANGE_INVALID" });
  }
});
