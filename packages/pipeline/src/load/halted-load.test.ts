import { expect, test } from "vitest";
import {
  capabilities,
  conflict,
  givenPackage,
  load,
  loadId,
  MemoryDestination,
  refused,
  settings,
  statuses,
  store,
  useStore,
} from "../../test/load/memory-load.js";
import type { PackageStore } from "../package/package-store.js";
import { retryPolicy } from "./retry.js";

useStore();

const oneAtATime = { ...capabilities, maxParallelJobs: 1 };

test("a process that is asked to end waits for the jobs that run, and begins no other", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  const ending = new AbortController();
  client.onRun = () => ending.abort();
  const ended = load(client, {
    ending: ending.signal,
    capabilities: oneAtATime,
  });
  await expect(ended).rejects.toMatchObject({ name: "AbortError" });
  expect(await statuses("normalized")).toEqual(["users completed 1"]);
  await load(client);
  expect(client.attempts).toEqual(["users.0000000000.jsonl", "events.0000000001.jsonl"]);
});

test("a process that is asked to end completes a load of which no job is left", async () => {
  await givenPackage(["users"]);
  const client = new MemoryDestination();
  const ending = new AbortController();
  client.onRun = () => ending.abort();
  await load(client, { ending: ending.signal });
  expect(client.completed).toEqual([loadId]);
});

test("with startNewJobsOnSignal the package is finished first", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  const ending = new AbortController();
  client.onRun = () => ending.abort();
  await load(client, {
    ending: ending.signal,
    capabilities: oneAtATime,
    settings: { ...settings, startNewJobsOnSignal: true },
  });
  expect(client.completed).toEqual([loadId]);
});

test("a job that fails for good while the others are waited for is told of", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [refused()]);
  const ending = new AbortController();
  client.onRun = () => ending.abort();
  const ended = load(client, {
    ending: ending.signal,
    capabilities: oneAtATime,
  });
  await expect(ended).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED" });
});

test("a job that waits for its next attempt is left when another one failed for good", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [conflict()]);
  let waiting = (): void => undefined;
  const isWaiting = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const retries = {
    ...retryPolicy({
      maxAttempts: 3,
      randomBytes: (length) => new Uint8Array(length),
      wait: async (_, signal) => {
        waiting();
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("The wait was ended.")));
        });
      },
    }),
  };
  client.failures.set("events", [refused()]);
  client.onRun = async (file) => {
    if (file.table.name === "events") await isWaiting;
  };
  await expect(load(client, { retries })).rejects.toMatchObject({
    code: "LOAD_PACKAGE_FAILED",
    message: expect.stringContaining("`events.0000000001.jsonl`: A value does not fit."),
  });
  expect(await statuses("normalized")).toEqual(["events failed 1"]);
});

test("what a destination answers while it is cut off is no failure of the job", async () => {
  await givenPackage(["users"]);
  const client = new MemoryDestination();
  client.failures.set("users", [refused()]);
  const stop = new AbortController();
  client.onRun = () => stop.abort();
  const cut = load(client, { signal: stop.signal });
  await expect(cut).rejects.toMatchObject({ name: "AbortError" });
  expect(await statuses("normalized")).toEqual([]);
});

test("an error of the disk ends the load as it is", async () => {
  await givenPackage(["users", "events"]);
  const full = new Error("ENOSPC");
  const broken: PackageStore = {
    ...store,
    reached: (point) => {
      if (point === "load.job.finished") throw full;
    },
  };
  await expect(load(new MemoryDestination(), { store: broken })).rejects.toBe(full);
});
