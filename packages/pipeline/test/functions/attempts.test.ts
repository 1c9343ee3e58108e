import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { destination, type LoadRow, Timestamp } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { type PipelineRuntime, resource, source } from "../../src/index.js";
import type { Machine } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { warnings } from "../warnings.js";
import { type Received, receiver } from "./receiver.js";

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
const idsOf = ({ items }: Received): readonly unknown[] => (items as LoadRow[]).map(({ id }) => id);

/** Nothing is waited for between attempts. */
const hurried = ({ runtime }: Machine): PipelineRuntime => ({ ...runtime, wait: async () => undefined });

/** A destination of batches of two, whose function fails at these calls, counted from 1. */
function failingAt(fails: Readonly<Record<number, unknown>>, batchSize = 2) {
  const received = receiver(() => {
    const error = fails[received.calls.length];
    if (error !== undefined) throw error;
  });
  return { ...received, sink: destination("sink", received.load, { batchSize })() };
}

describe("what a function throws", () => {
  test("is tried again with the same batch, and what came before does not come again", async () => {
    const machine = await newMachine();
    const { calls, sink } = failingAt({ 2: new Error("busy"), 3: "not even an error" });
    await machine.pipeline({ destination: sink }, hurried(machine)).run(rows(6), { tableName: "t" });
    expect(calls.map(idsOf)).toEqual([
      [0, 1],
      [2, 3],
      [2, 3],
      [2, 3],
      [4, 5],
    ]);
    const ids = calls.map(({ context }) => context.batchId);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect([ids[1] === ids[2], ids[2] === ids[3], new Set(ids).size]).toEqual([true, true, 3]);
  });

  test("keeps the package when it does not stop; the next run goes on with the batch", async () => {
    const machine = await newMachine();
    const busy = Object.fromEntries([2, 3, 4, 5, 6].map((call) => [call, new TypeError("fetch failed")]));
    const first = failingAt(busy);
    await expect(
      machine.pipeline({ destination: first.sink }, hurried(machine)).run(rows(6), { tableName: "t" }),
    ).rejects.toMatchObject({
      code: "LOAD_RETRIES_EXHAUSTED",
      message: expect.stringContaining("failed on rows 3 to 4 of table `t`: TypeError: fetch failed"),
      retryable: true,
    });
    const next = failingAt({});
    await machine.pipeline({ destination: next.sink }).run();
    expect(next.calls.map(idsOf)).toEqual([
      [2, 3],
      [4, 5],
    ]);
    expect(next.calls[0]?.context.batchId).toBe(first.calls.at(-1)?.context.batchId);
  });

  test("fails the job for good with `retryable: false`, and goes on with the batch once the cause is mended", async () => {
    const machine = await newMachine();
    const refused = Object.assign(new Error("no such account"), { retryable: false });
    const first = failingAt({ 2: refused });
    const run = machine.pipeline({ destination: first.sink }).run(rows(5), { tableName: "t" });
    await expect(run).rejects.toMatchObject({
      code: "LOAD_PACKAGE_FAILED",
      message: expect.stringContaining("Error: no such account"),
      hint: expect.stringMatching(/^Correct the cause\. Rows that were handed over before are not handed over again\./),
      // The step of the pipeline, the package, the job.
      cause: {
        cause: {
          code: "DESTINATION_FUNCTION_FAILED",
          message: "The function of destination `sink` failed on rows 3 to 4 of table `t`: Error: no such account",
          cause: refused,
        },
      },
    });
    expect(first.calls.length).toBe(2);
    const next = failingAt({});
    await machine.pipeline({ destination: next.sink }).retryFailed();
    expect(next.calls.map(idsOf)).toEqual([[2, 3], [4]]);
  });

  test("is another error when the run was stopped", async () => {
    const machine = await newMachine();
    const stop = new AbortController();
    const { calls, load } = receiver(({ context }) => {
      if (calls.length === 2) stop.abort(new Error("enough"));
      context.signal.throwIfAborted();
    });
    const sink = destination("sink", load, { batchSize: 2 });
    const run = machine.pipeline({ destination: sink() }).run(rows(9), { tableName: "t", signal: stop.signal });
    await expect(run).rejects.toThrow();
    expect(calls.length).toBe(2);
    const next = failingAt({});
    await machine.pipeline({ destination: next.sink }).run();
    expect(next.calls.map(idsOf)).toEqual([[2, 3], [4, 5], [6, 7], [8]]);
  });
});

describe("between attempts", () => {
  test("another size of batches goes on with the next row", async () => {
    const machine = await newMachine();
    await expect(
      machine.pipeline({ destination: failingAt({ 2: final() }).sink }).run(rows(7), { tableName: "t" }),
    ).rejects.toThrow("final");
    const next = failingAt({}, 4);
    await machine.pipeline({ destination: next.sink }).run();
    expect(next.calls.map(idsOf)).toEqual([[2, 3, 4, 5], [6]]);
  });

  test("a file that was begun in batches is not handed over as a whole", async () => {
    const machine = await newMachine();
    await expect(
      machine.pipeline({ destination: failingAt({ 2: final() }).sink }).run(rows(7), { tableName: "t" }),
    ).rejects.toThrow("final");
    const asFile = receiver();
    await expect(
      machine.pipeline({ destination: destination("sink", asFile.load, { batchSize: 0 })() }).run(),
    ).rejects.toMatchObject({
      hint: expect.stringMatching(/^Set `batchSize` back to a number of rows/),
      cause: {
        cause: {
          code: "DESTINATION_BATCHES_CHANGED",
          message: expect.stringMatching(/^2 rows of `t\.[^`]*` were handed to destination `sink` in batches before\./),
        },
      },
    });
    expect(asFile.calls).toEqual([]);
  });

  test("a file that was handed over as a whole does not come again", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver();
    const sink = destination("sink", load, { batchSize: 0 });
    // The process dies after the path was noted, before the job is known as done.
    const dying: PipelineRuntime = {
      ...machine.runtime,
      reached: (point) => {
        if (point === "load.job.finished" && calls.length === 1) throw new Error("died");
      },
    };
    await expect(machine.pipeline({ destination: sink() }, dying).run(rows(3), { tableName: "t" })).rejects.toThrow(
      "died",
    );
    await machine.pipeline({ destination: sink() }).run();
    expect(calls.length).toBe(1);
  });

  test("a file that lost rows is not taken for complete", async () => {
    const machine = await newMachine();
    const first = failingAt({ 1: final() });
    const p = machine.pipeline({ destination: first.sink });
    await expect(p.run(rows(5), { tableName: "t" })).rejects.toThrow("final");
    const { loadId, jobId } = first.calls[0]?.context ?? { loadId: "", jobId: "" };
    const path = join(p.workingDir, "packages", "normalized", loadId, "files", jobId);
    writeFileSync(path, (await readFile(path, "utf8")).split("\n").slice(0, 3).join("\n"));
    const next = failingAt({});
    await expect(machine.pipeline({ destination: next.sink }).run()).rejects.toThrow(
      "has 3 rows, and was written with 5",
    );
    writeFileSync(path, '{"id":0}\n{"id":1}\n{"id":2}\n{"id":"secret');
    await expect(machine.pipeline({ destination: next.sink }).run()).rejects.toThrow("line 4 is no JSON");
    expect(next.calls.map(idsOf)).toEqual([[0, 1], [2]]);
  });
});

describe("state of the load", () => {
  test("is kept with the batches that changed it, for the next attempt", async () => {
    const machine = await newMachine();
    const seen: unknown[] = [];
    const load =
      (fails: boolean) =>
      async (items: LoadRow[], _: unknown, { state }: Received["context"]) => {
        seen.push(structuredClone(state["count"] ?? null));
        state["count"] = { rows: Number((state["count"] as { rows: number } | undefined)?.rows ?? 0) + items.length };
        state["at"] = new Timestamp({ seconds: 5 });
        if (items[0]?.["id"] === 4) delete state["at"];
        if (fails && items[0]?.["id"] === 4) throw final();
      };
    const sink = (fails: boolean) => destination("sink", load(fails), { batchSize: 2 })();
    await expect(machine.pipeline({ destination: sink(true) }).run(rows(8), { tableName: "t" })).rejects.toThrow(
      "final",
    );
    const states: unknown[] = [];
    const next = destination(
      "sink",
      async (_items, _table, { state }) => {
        states.push({ ...state });
        delete state["at"];
      },
      { batchSize: 2 },
    );
    await machine.pipeline({ destination: next() }).run();
    expect(seen).toEqual([null, { rows: 2 }, { rows: 4 }]);
    expect(states).toEqual([{ count: { rows: 4 }, at: new Timestamp({ seconds: 5 }) }, { count: { rows: 4 } }]);
  });

  test("of calls at the same time has what each of them changed", async () => {
    const machine = await newMachine();
    const { promise: bothCalled, resolve } = deferred();
    const states: unknown[] = [];
    const sink = destination(
      "sink",
      async (items, { name }, { state }) => {
        states.push({ ...state });
        state[name] = items.length;
        if (states.length === 2) resolve();
        await bothCalled;
      },
      { batchSize: 1 },
    );
    const two = (name: string) => resource({ name }, () => rows(2));
    await machine.pipeline({ destination: sink() }).run([two("a"), two("b")]);
    expect(states.slice(0, 2)).toEqual([{}, {}]);
    expect(states.at(-1)).toEqual({ a: 1, b: 1 });
  });

  test("that cannot be stored is told with its key, and the batch comes again", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver(({ context: { state } }) => {
      if (calls.length === 1) state["sent"] = { callback: () => undefined };
    });
    const p = machine.pipeline({ destination: destination("sink", load, { batchSize: 2 })() });
    await expect(p.run(rows(2), { tableName: "t" })).rejects.toMatchObject({
      hint: expect.stringMatching(/^Keep plain values, lists and objects in the state/),
      cause: {
        cause: {
          code: "LOAD_STATE_INVALID",
          message: expect.stringMatching(
            /^`sent` in the state of load `[\d.]+` cannot be stored: `callback` of a value is a function/,
          ),
        },
      },
    });
    await p.run();
    const [first, second] = calls.map(({ context }) => context);
    expect([calls.length, first?.batchId === second?.batchId, second?.state]).toEqual([2, true, {}]);
  });
});

test("rows that came before a refresh are left, with a warning", async () => {
  const machine = await newMachine();
  const codes = warnings();
  const shop = () => source({ name: "shop" }, () => [resource({ name: "t" }, () => rows(1))])();
  const { calls, load } = receiver();
  const sink = destination("sink", load);
  await machine.pipeline({ destination: sink() }).run(shop());
  await machine.pipeline({ destination: sink() }).run(shop(), { refresh: "drop_sources" });
  expect(calls.map(idsOf)).toEqual([[0], [0]]);
  expect(codes).toEqual(["TABLES_LEFT"]);
});

function deferred() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

function final(): Error {
  return Object.assign(new Error("final"), { retryable: false });
}
