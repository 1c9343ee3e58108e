import { resource } from "@dlt/core";
import { expect, test, vi } from "vitest";
import type { HookedCall, LoadInfo, RunHooks, SchemaChange } from "../src/index.js";
import { newMachine } from "./new-machine.js";
import { refusingDuckdb } from "./refusing-duckdb.js";

/** Hooks that take down what they are told. */
function noting(): { readonly told: unknown[][]; readonly hooks: RunHooks } {
  const told: unknown[][] = [];
  return {
    told,
    hooks: {
      onStarted: ({ pipeline }) => void told.push(["started", pipeline.pipelineName]),
      onSchemaChange: ({ schemaName, datasetName, tables }) =>
        void told.push([
          "schema changed",
          schemaName,
          datasetName,
          Object.fromEntries(Object.entries(tables).map(([name, { columns }]) => [name, Object.keys(columns)])),
        ]),
      onLoaded: (info) => void told.push(["loaded", info.rowCounts]),
      onError: (error) => void told.push(["error", (error as { code?: string }).code]),
    },
  };
}

const items = (rows: readonly object[]) => resource({ name: "items" }, () => rows);

test("hooks are told of what begins, changes, is loaded and fails, in order", async () => {
  const machine = await newMachine();
  const { told, hooks } = noting();
  const pipeline = machine.pipeline({ hooks });
  await pipeline.run(items([{ id: 1 }]));
  await pipeline.run(items([{ id: 2, note: "new" }]));
  await pipeline.run(items([{ id: 3 }]));
  await pipeline.run();
  const failing = resource({ name: "items" }, () => {
    throw new TypeError("the source is gone");
  });
  await expect(pipeline.run(failing)).rejects.toThrow();
  const started = ["started", pipeline.pipelineName];
  expect(told).toEqual([
    started,
    ["schema changed", "shop", "data", { items: ["id", "_dlt_load_id", "_dlt_id"] }],
    ["loaded", { items: 1 }],
    started,
    ["schema changed", "shop", "data", { items: ["note"] }],
    ["loaded", { items: 1 }],
    started,
    ["loaded", { items: 1 }],
    started,
    started,
    ["error", "RESOURCE_FAILED"],
  ]);
});

test("calls of single steps, and hooks of a call beside those of the pipeline", async () => {
  const machine = await newMachine();
  const [ofPipeline, ofCall] = [noting(), noting()];
  const pipeline = machine.pipeline({ hooks: [ofPipeline.hooks, {}] });
  await pipeline.extract(items([{ id: 1 }]));
  await pipeline.normalize();
  await pipeline.load({ hooks: ofCall.hooks });
  expect(ofPipeline.told.map(([what]) => what)).toEqual(["started", "started", "started", "schema changed", "loaded"]);
  expect(ofCall.told.map(([what]) => what)).toEqual(["started", "schema changed", "loaded"]);
});

test("a call waits for its hooks, and is over for the pipeline before: they may use it", async () => {
  const machine = await newMachine();
  const calls: HookedCall[] = [];
  const changes: SchemaChange[] = [];
  const loaded: LoadInfo[] = [];
  const pipeline = machine.pipeline({
    hooks: {
      onStarted: (call) => void calls.push(call),
      onSchemaChange: (change, call) => {
        expect(calls).toContain(call);
        changes.push(change);
      },
      async onLoaded(info) {
        loaded.push(info);
        await pipeline.run([info], { tableName: "loading_status" });
      },
    },
  });
  const info = await pipeline.run(items([{ id: 1 }]));
  expect(loaded[0]).toBe(info);
  expect(await machine.query("SELECT count(*) AS n FROM loading_status")).toEqual([{ n: 1 }]);
  expect(changes[0]?.tables["items"]?.columns["id"]?.dataType).toBe("bigint");
});

test("what was loaded before a call failed is told of, too", async () => {
  const machine = await newMachine();
  const { told, hooks } = noting();
  const destination = refusingDuckdb(machine.database, (table) => table === "bad");
  const pipeline = machine.pipeline({ hooks, destination });
  await pipeline.extract(items([{ id: 1 }]));
  await pipeline.extract(resource({ name: "bad" }, () => [{ id: 1 }]));
  told.length = 0;
  await expect(pipeline.run()).rejects.toThrow();
  expect(told.map(([what, , , tables]) => [what, tables])).toEqual([
    ["started", undefined],
    ["schema changed", { items: ["id", "_dlt_load_id", "_dlt_id"] }],
    ["error", undefined],
  ]);
});

test("a hook that fails changes nothing of the call", async () => {
  const machine = await newMachine();
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const { told, hooks } = noting();
  const broken: RunHooks = {
    onStarted: () => {
      throw new Error("no start");
    },
    onLoaded: () => Promise.reject(new Error("no channel")),
    onError: () => Promise.reject(new Error("no help")),
  };
  const pipeline = machine.pipeline({ hooks: [broken, hooks] });
  await pipeline.run(items([{ id: 1 }]));
  await expect(pipeline.run(items([{ id: 2 }]), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "PIPELINE_STOPPED",
  });
  expect(told.map(([what]) => what)).toEqual(["started", "schema changed", "loaded", "started", "error"]);
  expect(warned.mock.calls.map(([text]) => text)).toEqual([
    "The hook `onStarted` failed, and the call went on without it: no start",
    "The hook `onLoaded` failed, and the call went on without it: no channel",
    "The hook `onStarted` failed, and the call went on without it: no start",
    "The hook `onError` failed, and the call went on without it: no help",
  ]);
});
