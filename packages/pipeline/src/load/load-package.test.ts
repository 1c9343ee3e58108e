import { on } from "node:events";
import { readFile } from "node:fs/promises";
import type { DestinationClient } from "@dlt/core";
import { expect, test, vi } from "vitest";
import {
  capabilities,
  conflict,
  givenPackage,
  load,
  loadId,
  MemoryDestination,
  MergingDestination,
  refused,
  settings,
  statuses,
  store,
  useStore,
} from "../../test/load/memory-load.js";
import { listPackages, stagePath } from "../package/package-store.js";

useStore();

/** Waits for the next warning with this code. */
async function messageOfWarning(code: string): Promise<string> {
  for await (const [warning] of on(process, "warning")) if (warning.code === code) return warning.message;
  throw new Error("Warnings do not end.");
}

test("files are loaded, the load is completed, the package moves on", async () => {
  await givenPackage(["users", "users__tags", "events"]);
  const client = new MemoryDestination();
  await load(client);
  expect([...client.jobs.keys()].sort()).toEqual([
    "events.0000000002.jsonl",
    "users.0000000000.jsonl",
    "users__tags.0000000001.jsonl",
  ]);
  expect(client.completed).toEqual([loadId]);
  expect(await listPackages(store, "normalized")).toEqual([]);
  expect(await listPackages(store, "loaded")).toEqual([loadId]);
  expect(await statuses("loaded")).toEqual(["events completed 1", "users completed 1", "users__tags completed 1"]);
  const [plan] = client.plans;
  expect(plan?.tables.map((each) => each.name)).toEqual([
    "users",
    "users__tags",
    "events",
    "_dlt_version",
    "_dlt_loads",
  ]);
  expect([plan?.truncate, plan?.staged, plan?.drop]).toEqual([[], [], []]);
});

test("a replaced table is emptied with all of its chain, others are not", async () => {
  await givenPackage(["users", "events"], "replace");
  const client = new MemoryDestination();
  await load(client);
  expect(client.plans[0]?.truncate).toEqual(["users", "users__tags"]);
  expect(client.plans[0]?.tables.map((each) => each.name)).toEqual([
    "users",
    "users__tags",
    "events",
    "_dlt_version",
    "_dlt_loads",
  ]);
});

test("an error that may pass is tried again", async () => {
  await givenPackage(["users"]);
  const client = new MemoryDestination();
  client.failures.set("users", [conflict(), conflict()]);
  await load(client);
  expect(await statuses("loaded")).toEqual(["users completed 3"]);
});

test("when retries are used up the package stays, and the next load goes on", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [conflict(), conflict(), conflict()]);
  await expect(load(client)).rejects.toMatchObject({ code: "LOAD_RETRIES_EXHAUSTED", retryable: true });
  expect(client.completed).toEqual([]);
  await load(client);
  expect(client.completed).toEqual([loadId]);
  expect(client.attempts.filter((id) => id.startsWith("events"))).toHaveLength(1);
});

test("a job that fails for good keeps its package, and is tried once more by the next load", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [refused(), refused()]);
  const failure = {
    code: "LOAD_PACKAGE_FAILED",
    message: expect.stringContaining("`users.0000000000.jsonl`: A value does not fit."),
  };
  await expect(load(client)).rejects.toMatchObject(failure);
  expect(await statuses("normalized")).toContain("users failed 1");
  expect(await listPackages(store, "normalized")).toEqual([loadId]);
  await expect(load(client)).rejects.toMatchObject(failure);
  await load(client);
  expect(await statuses("loaded")).toEqual(["events completed 1", "users completed 1"]);
  expect(client.completed).toEqual([loadId]);
});

test("after a failed job no other is started", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [refused()]);
  await expect(load(client, { capabilities: { ...capabilities, maxParallelJobs: 1 } })).rejects.toMatchObject({
    code: "LOAD_PACKAGE_FAILED",
  });
  expect(client.attempts).toEqual(["users.0000000000.jsonl"]);
});

test("without raiseOnFailedJobs the package completes and the failed job is kept", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [refused()]);
  await load(client, { settings: { ...settings, workers: 1, raiseOnFailedJobs: false, deleteCompletedJobs: true } });
  expect(client.completed).toEqual([loadId]);
  expect(await statuses("loaded")).toEqual(["events completed 1", "users failed 1"]);
  expect(await readFile(stagePath(store, "loaded", loadId, "files", "users.0000000000.jsonl"), "utf8")).toBe(
    '{"id":1}\n',
  );
});

test("a mistake in a destination counts as a failed job", async () => {
  await givenPackage(["users"]);
  const client = new MemoryDestination();
  client.failures.set("users", [new TypeError("a mistake")]);
  await expect(load(client)).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED", cause: { message: "a mistake" } });
});

test("tables that are merged go through staging, and are merged once all of their chain is in", async () => {
  await givenPackage(["users", "users__tags", "events"], "merge");
  const client = new MergingDestination();
  await load(client);
  expect(client.plans[0]?.staged).toEqual(["users", "users__tags"]);
  expect([...client.jobs.values()].map((file) => `${file.table.name} ${file.target}`).sort()).toEqual([
    "events final",
    "users staging",
    "users__tags staging",
  ]);
  const chains = client.chains.map((chain) => [chain.tables.map((each) => each.name), [...chain.loaded].sort()]);
  expect(chains).toContainEqual([
    ["users", "users__tags"],
    ["users", "users__tags"],
  ]);
  expect(chains).toContainEqual([["events"], ["events"]]);
  const merge = client.attempts.indexOf("users.merge");
  expect(client.attempts.slice(0, merge)).toEqual(
    expect.arrayContaining(["users.0000000000.jsonl", "users__tags.0000000001.jsonl"]),
  );
});

test("follow-ups of a chain whose files were in already are run by the next load", async () => {
  await givenPackage(["users"], "merge");
  const client = new MergingDestination();
  const dying = {
    ...store,
    reached: (point: string) => {
      if (point === "load.job.recorded") throw new Error("killed");
    },
  };
  await expect(load(client, { store: dying })).rejects.toThrow("killed");
  await load(client);
  expect(client.attempts).toEqual(["users.0000000000.jsonl", "users.merge"]);
});

test("a destination without follow-ups refuses what needs them before it is touched", async () => {
  await givenPackage(["users"], "merge");
  const client = new MemoryDestination();
  await expect(load(client)).rejects.toMatchObject({ code: "DESTINATION_DISPOSITION_UNSUPPORTED" });
  expect(client.plans).toEqual([]);
});

test("a destination that appends instead of merging loads such tables as they are, and says so", async () => {
  await givenPackage(["users", "users__tags", "events"], "merge");
  const client = new MemoryDestination();
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  await load(client, { capabilities: { ...capabilities, mergeStrategies: [], appendsInsteadOfMerging: true } });
  expect(client.plans[0]?.staged).toEqual([]);
  expect([...client.jobs.values()].map(({ target }) => target)).toEqual(["final", "final", "final"]);
  expect(warn.mock.calls.map(([message]) => message)).toEqual([
    "Destination `memory` cannot merge. Rows are appended to `users`, whose write disposition is `merge`.",
  ]);
});

test("the plan names every file of the load", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  await load(client);
  expect(client.plans[0]?.files).toEqual([
    { jobId: "users.0000000000.jsonl", table: "users" },
    { jobId: "events.0000000001.jsonl", table: "events" },
  ]);
});

test("a stop leaves the package for the next load", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  const stop = new AbortController();
  const stopping = {
    ...store,
    reached: (point: string) => {
      if (point === "load.job.recorded") stop.abort();
    },
  };
  await expect(
    load(client, { store: stopping, signal: stop.signal, capabilities: { ...capabilities, maxParallelJobs: 1 } }),
  ).rejects.toMatchObject({ name: "AbortError" });
  expect(client.jobs.size).toBe(1);
  expect(client.completed).toEqual([]);
  await load(client);
  expect(client.attempts).toHaveLength(2);
  expect(client.completed).toEqual([loadId]);
});

test("what hints of a table do not do is a warning", async () => {
  await givenPackage(["users"], "merge");
  const message = messageOfWarning("WRITE_DISPOSITION_HINTS");
  await load(new MergingDestination());
  expect(await message).toBe(
    "Table `users`: it is merged without a primary or merge key, so that rows are only appended.",
  );
});

test("the staging dataset is emptied once the load is complete, where it is asked for", async () => {
  await givenPackage(["users"], "merge");
  const client = new MergingDestination();
  const steps: unknown[] = [];
  const emptying: DestinationClient = Object.assign(client, {
    completeLoad: async () => void steps.push("completed"),
    truncateStaging: async (tables: readonly string[]) => void steps.push(tables),
  });
  await load(emptying, { settings: { ...settings, truncateStagingDataset: true } });
  expect(steps).toEqual(["completed", ["users", "users__tags"]]);
});

test("a staging dataset that cannot be emptied is a warning, and the load is complete", async () => {
  await givenPackage(["users"], "merge");
  const client = new MergingDestination();
  const failing: DestinationClient = Object.assign(client, { truncateStaging: () => Promise.reject(refused()) });
  const message = messageOfWarning("STAGING_NOT_TRUNCATED");
  await load(failing, { settings: { ...settings, truncateStagingDataset: true } });
  expect(await listPackages(store, "loaded")).toEqual([loadId]);
  expect(await message).toBe(
    `The staging dataset was not emptied after load \`${loadId}\`, which is complete: A value does not fit.`,
  );
});

test.each([
  ["nothing is staged", "append", true],
  ["nobody asks for it", "merge", false],
] as const)("the staging dataset is left alone where %s", async (_, writeDisposition, truncateStagingDataset) => {
  await givenPackage(["users"], writeDisposition);
  const emptied: unknown[] = [];
  const client: DestinationClient = Object.assign(new MergingDestination(), {
    truncateStaging: async (tables: readonly string[]) => void emptied.push(tables),
  });
  await load(client, { settings: { ...settings, truncateStagingDataset } });
  expect(emptied).toEqual([]);
});
