import { readText } from "@dlt/storage";
import { describe, expect, test, vi } from "vitest";
import {
  completed,
  errorOf,
  jobIdOf,
  jsonOf,
  keysOf,
  load,
  loadFile,
  loadIds,
  memoryPlace,
  newFolder,
  type OpenOptions,
  openClient,
  plan,
  run,
  schemaOf,
  stateOf,
  table,
  write,
} from "./support.js";

const users = table("users");
const orders = table("orders");
const [first, second, third] = loadIds;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00$/;

function hexOf(hash: string): string {
  return Buffer.from(hash, "base64").toString("hex");
}

test("a load leaves its files and the system files, named and filled as Python dlt does", async () => {
  const { store, files } = await memoryPlace();
  const client = await openClient({ store });
  const loadPlan = plan([users, orders]);
  await load(client, loadPlan, stateOf(first));
  const hash = hexOf(loadPlan.schemaHash);
  expect(await keysOf(files)).toEqual([
    `ds/_dlt_jobs/p__${first}.json`,
    `ds/_dlt_loads/src__${first}.jsonl`,
    `ds/_dlt_pipeline_state/p__${first}__${hash}.jsonl`,
    `ds/_dlt_version/src__${first}__${hash}.jsonl`,
    "ds/init",
    `ds/orders/${first}.a1b2c3d4e1.jsonl`,
    `ds/users/${first}.a1b2c3d4e0.jsonl`,
  ]);
  expect(await readText(files, "ds/init")).toBe('{"initial_version":2,"current_version":2}');
  const mark = await readText(files, `ds/_dlt_loads/src__${first}.jsonl`);
  expect(mark).not.toContain("\n");
  expect(JSON.parse(mark)).toEqual({
    load_id: first,
    schema_name: "src",
    status: 0,
    inserted_at: expect.stringMatching(isoTime) as string,
    schema_version_hash: loadPlan.schemaHash,
  });
  expect(await jsonOf(files, `ds/_dlt_version/src__${first}__${hash}.jsonl`)).toEqual({
    version_hash: loadPlan.schemaHash,
    schema_name: "src",
    version: 2,
    engine_version: 11,
    inserted_at: expect.stringMatching(isoTime) as string,
    schema: loadPlan.schema,
  });
  expect(await jsonOf(files, `ds/_dlt_pipeline_state/p__${first}__${hash}.jsonl`)).toEqual({
    version: 3,
    engine_version: 4,
    pipeline_name: "p",
    state: "eJw=",
    created_at: "2024-06-20T13:08:08.123456+00:00",
    version_hash: "h=",
    _dlt_load_id: first,
  });
  expect(await readText(files, `ds/users/${first}.a1b2c3d4e0.jsonl`)).toBe(`{"id":"${first}"}\n`);
});

describe("prepare", () => {
  test("tells new tables and columns once", async () => {
    const { store } = await memoryPlace();
    const client = await openClient({ store });
    const names = (changes: readonly { name: string; columns: ReadonlyMap<string, unknown> }[]) =>
      changes.map(({ name, columns }) => [name, [...columns.keys()]]);
    expect(names(await client.prepare(plan([users])))).toEqual([["users", ["id"]]]);
    expect(await client.prepare(plan([users]))).toEqual([]);
    const grown = plan([table("users", ["id", "constructor"]), orders], { loadId: second });
    expect(names(await client.prepare(grown))).toEqual([
      ["users", ["constructor"]],
      ["orders", ["id"]],
    ]);
    const dropped = plan([users], { loadId: third, drop: ["users"] });
    expect(names(await client.prepare(dropped))).toEqual([["users", ["id"]]]);
  });

  test("stores a schema once", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store });
    for (const loadId of loadIds) await client.prepare(plan([users], { loadId }));
    expect(await keysOf(files, "ds/_dlt_version/")).toHaveLength(1);
    await client.prepare(plan([users, orders], { loadId: "1718889001.000000" }));
    expect(await keysOf(files, "ds/_dlt_version/")).toHaveLength(2);
  });

  test("deletes exactly the files of tables that are emptied", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store });
    await load(client, plan([users, table("users_old"), table("user")]));
    await write(files, "ds_staging/users/1.jsonl", "x");
    await client.prepare(plan([users], { loadId: second, truncate: ["users", "never_loaded"] }));
    const left = (await keysOf(files)).filter((key) => !key.includes("_dlt_"));
    expect(left).toEqual([
      "ds/init",
      `ds/user/${first}.a1b2c3d4e2.jsonl`,
      `ds/users_old/${first}.a1b2c3d4e1.jsonl`,
      "ds_staging/users/1.jsonl",
    ]);
  });

  test("does so without a folder for each table, too", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store, layout: "{table_name}_{load_id}.{file_id}.{ext}" });
    await load(client, plan([users, table("users_old")]));
    await client.prepare(plan([users], { loadId: second, truncate: ["users"] }));
    expect(await keysOf(files, "ds/users")).toEqual([`ds/users_old_${first}.a1b2c3d4e1.jsonl`]);
  });

  test("empties nothing the second time, after jobs ran", async () => {
    const { store, files } = await memoryPlace();
    const replaced = plan([users], { truncate: ["users"] });
    const client = await openClient({ store });
    await client.prepare(replaced);
    await run(client, loadFile(users));
    // A new process.
    const again = await openClient({ store });
    expect(await again.prepare(replaced)).toEqual([]);
    expect(await keysOf(files, "ds/users/")).toHaveLength(1);
    await again.completeLoad(completed(replaced));
    expect(await again.prepare(replaced)).toEqual([]);
    expect(await keysOf(files, "ds/users/")).toHaveLength(1);
  });

  test("goes on where it was cut off between deleting and the mark", async () => {
    const { store, files } = await memoryPlace();
    await load(await openClient({ store }), plan([users]));
    const stop = new AbortController();
    const dying = {
      ...store,
      open: async (...args: Parameters<typeof store.open>) => {
        const opened = await store.open(...args);
        return {
          ...opened,
          putIfAbsent: async () => {
            stop.abort(new Error("killed"));
            throw stop.signal.reason;
          },
        };
      },
    };
    const replaced = plan([users], { loadId: second, truncate: ["users"] });
    await expect((await openClient({ store: dying })).prepare(replaced)).rejects.toThrow("killed");
    expect(await keysOf(files, "ds/users/")).toEqual([]);
    const client = await openClient({ store });
    await load(client, replaced);
    expect(await keysOf(files, "ds/users/")).toEqual([`ds/users/${second}.a1b2c3d4e0.jsonl`]);
  });

  test("drops tables with the stored versions of their schema, and leaves other schemas", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store });
    await load(client, plan([users, orders]));
    await load(client, plan([users, orders, table("more")], { loadId: second }));
    await write(files, "ds/_dlt_version/src__b__1718888888.1__00.jsonl", "{}");
    const dropping = plan([orders], { loadId: third, drop: ["users"] });
    await client.prepare(dropping);
    expect(await keysOf(files, "ds/users/")).toEqual([]);
    expect(await keysOf(files, "ds/orders/")).toHaveLength(2);
    expect(await keysOf(files, "ds/_dlt_version/")).toEqual([
      `ds/_dlt_version/src__${third}__${hexOf(dropping.schemaHash)}.jsonl`,
      "ds/_dlt_version/src__b__1718888888.1__00.jsonl",
    ]);
  });
});

describe("explain", () => {
  test("tells what prepare would do, and does nothing", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store });
    const hash = hexOf(schemaOf([users]).schemaHash);
    expect(await client.explain(plan([users], { truncate: ["users"] }))).toEqual([
      "WRITE memory://m/ds/init",
      `WRITE memory://m/ds/_dlt_version/src__${first}__${hash}.jsonl`,
    ]);
    expect(await keysOf(files)).toEqual([]);
    await load(client, plan([users]));
    expect(await client.explain(plan([users], { loadId: second, truncate: ["users"] }))).toEqual([
      "DELETE memory://m/ds/users/*",
    ]);
    expect(await client.explain(plan([users]))).toEqual([]);
    expect(await keysOf(files, "ds/users/")).toHaveLength(1);
  });
});

describe("jobs", () => {
  test("write over their own object, however often and by whichever process they run", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store });
    await client.prepare(plan([users]));
    const file = loadFile(users);
    expect(await run(client, file)).toEqual({
      rowCount: 1,
      bytes: 9,
      remoteUrl: "memory://m/ds/users/1718888888.123456.a1b2c3d4e0.jsonl",
    });
    await run(client, file);
    await run(await openClient({ store }), file);
    expect(await keysOf(files, "ds/users/")).toEqual([`ds/users/${first}.a1b2c3d4e0.jsonl`]);
  });

  test("keep their names when layout, time and placeholders are others by then", async () => {
    const { store, files } = await memoryPlace();
    let calls = 0;
    const changing = {
      store,
      layout: "{table_name}/{YYYY}/{tag}/{load_id}.{file_id}.{ext}",
      currentDatetime: () => new Date(Date.UTC(2000 + ++calls, 0)),
      extraPlaceholders: { tag: () => `t${++calls}` },
    };
    const names = ["2001", "t2"];
    const client = await openClient(changing);
    await client.prepare(plan([users]));
    await run(client, loadFile(users));
    const again = await openClient(changing);
    await again.prepare(plan([users]));
    await run(again, loadFile(users));
    const other = await openClient({ store, layout: "{table_name}/{load_id}-{file_id}" });
    await other.prepare(plan([users]));
    await run(other, loadFile(users));
    expect(await keysOf(files, "ds/users/")).toEqual([`ds/users/${names.join("/")}/${first}.a1b2c3d4e0.jsonl`]);
  });

  test("keep the names of whoever prepared first, when two did at the same time", async () => {
    const { store, files } = await memoryPlace();
    const clients = await Promise.all(
      ["a", "b"].map((tag) =>
        openClient({ store, layout: "{table_name}/{tag}.{load_id}.{file_id}", extraPlaceholders: { tag } }),
      ),
    );
    await Promise.all(clients.map((client) => client.prepare(plan([users]))));
    for (const client of clients) await run(client, loadFile(users));
    expect(await keysOf(files, "ds/users/")).toHaveLength(1);
  });

  test("leave the state to the end of the load", async () => {
    const { store, files } = await memoryPlace();
    const state = table("_dlt_pipeline_state");
    const client = await openClient({ store });
    await client.prepare(plan([state]));
    expect(await run(client, loadFile(state))).toEqual({ rowCount: 1, bytes: 9 });
    expect(await keysOf(files, "ds/_dlt_pipeline_state/")).toEqual([]);
  });

  test("keep what a file is compressed with in its name, except in datasets of the first version", async () => {
    const jobId = jobIdOf(users, 0, "jsonl.gz");
    const compressed = plan([users], { files: [{ jobId, table: "users" }] });
    for (const [init, name] of [
      ['{"initial_version":2,"current_version":2}', "jsonl.gz"],
      ["", "jsonl"],
    ] as const) {
      const { store, files } = await memoryPlace();
      await write(files, "ds/init", init);
      const client = await openClient({ store });
      await client.prepare(compressed);
      await run(client, loadFile(users, "gzipped", { jobId }));
      expect(await keysOf(files, "ds/users/")).toEqual([`ds/users/${first}.a1b2c3d4e0.${name}`]);
      if (init === "") expect(await readText(files, "ds/init")).toBe('{"initial_version":1,"current_version":2}');
    }
  });

  test("do nothing for a load that is long complete, and refuse one that was not prepared", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store });
    await load(client, plan([users]));
    await load(client, plan([users], { loadId: second }));
    await files.delete([`ds/users/${first}.a1b2c3d4e0.jsonl`]);
    const again = await openClient({ store });
    await again.prepare(plan([users]));
    expect(await run(again, loadFile(users))).toEqual({ rowCount: 1, bytes: 9 });
    expect(await keysOf(files, "ds/users/")).toEqual([`ds/users/${second}.a1b2c3d4e0.jsonl`]);

    const unprepared = await errorOf(run(again, loadFile(users, "x", { loadId: third })));
    expect(unprepared.code).toBe("INTERNAL_STATE_UNEXPECTED");
  });

  test("stop on the signal of the job, and on that of the client", async () => {
    const { store, files } = await memoryPlace();
    const stop = new AbortController();
    const client = await openClient({ store, signal: stop.signal });
    await client.prepare(plan([users]));
    const reason = new Error("stopped");
    await expect(run(client, loadFile(users), AbortSignal.abort(reason))).rejects.toBe(reason);
    stop.abort(reason);
    await expect(run(client, loadFile(users))).rejects.toBe(reason);
    expect(await keysOf(files, "ds/users/")).toEqual([]);
  });

  test("say that a load file is gone", async () => {
    const { store } = await memoryPlace();
    const client = await openClient({ store });
    await client.prepare(plan([users]));
    const error = await errorOf(run(client, { ...loadFile(users), at: { path: "/nowhere/a.jsonl" } }));
    expect(error).toMatchObject({ code: "DESTINATION_LOAD_FILE_UNREADABLE", retryable: false });
  });
});

describe("completeLoad", () => {
  test("may be repeated", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store });
    const loadPlan = plan([users]);
    await load(client, loadPlan, stateOf(first));
    const before = await readText(files, `ds/_dlt_loads/src__${first}.jsonl`);
    const keys = await keysOf(files);
    await client.completeLoad(completed(loadPlan, stateOf(first)));
    expect(await readText(files, `ds/_dlt_loads/src__${first}.jsonl`)).toBe(before);
    expect(await keysOf(files)).toEqual(keys);
  });

  test("removes names of earlier loads of this pipeline, and of no other", async () => {
    const { store, files } = await memoryPlace();
    const others = { q: "1718888800.000000", p__p: "1718888800.000001" };
    for (const [pipelineName, loadId] of Object.entries(others))
      await load(await openClient({ store, pipelineName }), plan([users], { loadId }));
    const client = await openClient({ store });
    await load(client, plan([users], { loadId: second }));
    await load(client, plan([users], { loadId: third }));
    expect(await keysOf(files, "ds/_dlt_jobs/")).toEqual([
      `ds/_dlt_jobs/p__${third}.json`,
      `ds/_dlt_jobs/p__p__${others.p__p}.json`,
      `ds/_dlt_jobs/q__${others.q}.json`,
    ]);
  });

  test("keeps the names of a load that is not complete, which another machine may go on with", async () => {
    const { store, files } = await memoryPlace();
    let calls = 0;
    const changing: OpenOptions = {
      store,
      layout: "{table_name}/{tag}/{load_id}.{file_id}.{ext}",
      extraPlaceholders: { tag: () => `t${++calls}` },
    };
    const waiting = await openClient(changing);
    await waiting.prepare(plan([users]));
    await run(waiting, loadFile(users));
    await load(await openClient(changing), plan([users], { loadId: second }));
    const again = await openClient(changing);
    await load(again, plan([users]));
    await load(again, plan([users], { loadId: third }));
    expect(await keysOf(files, "ds/users/")).toEqual([
      `ds/users/t1/${first}.a1b2c3d4e0.jsonl`,
      `ds/users/t2/${second}.a1b2c3d4e0.jsonl`,
      `ds/users/t3/${third}.a1b2c3d4e0.jsonl`,
    ]);
    expect(await keysOf(files, "ds/_dlt_jobs/")).toEqual([`ds/_dlt_jobs/p__${third}.json`]);
  });

  test("keeps the newest states of the pipeline, by the numbers of their loads", async () => {
    const { store, files } = await memoryPlace();
    const client = await openClient({ store, maxStateFiles: 2 });
    const other = await openClient({ store, pipelineName: "p__p" });
    await load(other, plan([users], { loadId: third }), stateOf(third, { pipelineName: "p__p" }));
    const ids = ["999999999.5", "1718888888.1", "1718888888.123456", "1718888999.0"];
    for (const loadId of ids) await load(client, plan([users], { loadId }), stateOf(loadId));
    const kept = (await keysOf(files, "ds/_dlt_pipeline_state/")).map((key) => /state\/(.*)__/.exec(key)?.[1]);
    expect(kept).toEqual(["p__1718888888.123456", "p__1718888999.0", `p__p__${third}`]);
  });

  test("counts although nothing may be deleted, and says so", async () => {
    const { store, files } = await memoryPlace();
    const denied = new Error("delete is denied");
    const appendOnly = {
      ...store,
      open: async (...args: Parameters<typeof store.open>) => ({
        ...(await store.open(...args)),
        delete: async (keys: readonly string[]) => keys.map((key) => ({ key, error: denied })),
      }),
    };
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
    const client = await openClient({ store: appendOnly });
    for (const loadId of [first, second]) await load(client, plan([users], { loadId }));
    expect(await keysOf(files, "ds/_dlt_loads/")).toHaveLength(2);
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      `Load ${second} is complete, but files that it makes needless are still there: delete is denied`,
    ]);
  });
});

describe("what is wrong with a dataset is told before anything is changed", () => {
  test.each([
    ['{"initial_version":2,"current_version":3}', "DATASET_VERSION_UNSUPPORTED"],
    ['{"initial_version":"2"}', "DATASET_VERSION_UNSUPPORTED"],
    ["{", "DESTINATION_RECORD_UNREADABLE"],
  ])("init is %s", async (init, code) => {
    const { store, files } = await memoryPlace();
    await write(files, "ds/init", init);
    await write(files, "ds/users/1.jsonl", "x");
    const client = await openClient({ store });
    expect((await errorOf(client.prepare(plan([users], { truncate: ["users"] })))).code).toBe(code);
    expect(await keysOf(files)).toEqual(["ds/init", "ds/users/1.jsonl"]);
  });
});

test("a name that cannot be written is told before anything is changed, and the load goes on once it is corrected", async () => {
  const { store, files } = await memoryPlace();
  await load(await openClient({ store }), plan([users]));
  const before = await keysOf(files);
  const replaced = plan([users], { loadId: second, truncate: ["users"] });
  const layout = "{table_name}/{tag}/{load_id}.{file_id}.{ext}";
  for (const tag of ["", "..", "a\0b"]) {
    const wrong = await openClient({ store, layout, extraPlaceholders: { tag } });
    expect(await errorOf(wrong.prepare(replaced))).toMatchObject({
      code: "FILE_PLACEHOLDER_INVALID",
      message: expect.stringContaining("which no file can have") as string,
    });
  }
  expect(await keysOf(files)).toEqual(before);
  await load(await openClient({ store, layout, extraPlaceholders: { tag: "eu" } }), replaced);
  expect(await keysOf(files, "ds/users/")).toEqual([`ds/users/eu/${second}.a1b2c3d4e0.jsonl`]);
});

test.each([
  ["init/{table_name}/{load_id}.{file_id}", {}],
  ["{table_name}/{load_id}.{file_id}/init", {}],
  ["{table_name}/{load_id}.{file_id}/{tag}", { tag: "init" }],
])("a file of a table is not named like those of datasets: %s", async (layout, extraPlaceholders) => {
  const { store } = await memoryPlace();
  const client = await openClient({ store, layout, extraPlaceholders });
  expect((await errorOf(client.prepare(plan([users])))).code).toBe("FILE_LAYOUT_INVALID");
});

test("a folder of this machine is a destination, relative to the folder for local files", async () => {
  const localDir = newFolder();
  const client = await openClient({ bucketUrl: "lake", localDir });
  await load(client, plan([users], { truncate: ["users"] }), stateOf(first));
  expect(client.displayLocation).toBe(`file://${localDir}/lake`);
  expect(client.identity).toBeUndefined();
  expect((await client.state?.readState("p"))?.loadId).toBe(first);
  await client.state?.dropDataset();
  expect(await client.state?.datasetExists()).toBe(false);
});
