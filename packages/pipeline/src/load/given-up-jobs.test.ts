import { expect, test } from "vitest";
import {
  capabilities,
  givenPackage,
  load,
  loadId,
  MergingDestination,
  refused,
  settings,
  statuses,
  store,
  useStore,
} from "../../test/load/memory-load.js";
import { removeFailedMarks } from "../package/job-marks.js";
import { listPackages } from "../package/package-store.js";

useStore();

const goingOn = {
  settings: { ...settings, raiseOnFailedJobs: false },
  capabilities: { ...capabilities, maxParallelJobs: 1 },
};

test.each([
  ["first", "users", ["users__tags.0000000001.jsonl"]],
  ["last", "users__tags", ["users.0000000000.jsonl"]],
] as const)("what is loaded of a chain is merged when its %s job is given up", async (_, failing, loaded) => {
  await givenPackage(["users", "users__tags"], "merge");
  const client = new MergingDestination();
  client.failures.set(failing, [refused()]);
  await load(client, goingOn);
  expect([...client.jobs.keys()]).toEqual(loaded);
  expect(client.attempts.at(-1)).toBe("users.merge");
  expect(client.chains.map((chain) => chain.tables.map(({ name }) => name))).toEqual([["users", "users__tags"]]);
  expect(client.chains[0]?.loaded).toEqual(new Set(loaded.map((name) => name.split(".")[0])));
  expect(await statuses("loaded")).toContain(`${failing} failed 1`);
});

test("nothing is merged of a chain whose jobs were all given up", async () => {
  await givenPackage(["users", "users__tags"], "merge");
  const client = new MergingDestination();
  client.failures.set("users", [refused()]);
  client.failures.set("users__tags", [refused()]);
  await load(client, goingOn);
  expect(client.chains).toEqual([]);
  expect(client.completed).toEqual([loadId]);
});

test("a job that was given up is never run again, because what followed it has gone on without its rows", async () => {
  await givenPackage(["users", "users__tags"], "merge");
  const client = new MergingDestination();
  client.failures.set("users__tags", [refused()]);
  const dying = {
    ...store,
    reached: (point: string) => {
      if (point === "load.chain.finished") throw new Error("killed");
    },
  };
  await expect(load(client, { ...goingOn, store: dying })).rejects.toThrow("killed");
  await removeFailedMarks(store, loadId);
  await load(client);
  expect(client.attempts).toEqual(["users.0000000000.jsonl", "users__tags.0000000001.jsonl", "users.merge"]);
  expect(await listPackages(store, "loaded")).toEqual([loadId]);
  expect(await statuses("loaded")).toContain("users__tags failed 1");
});

test("a merge that fails for good is given up like any job", async () => {
  await givenPackage(["users"], "merge");
  const client = new MergingDestination();
  client.followUps = () => [{ id: "users.0123456789.sql", run: () => Promise.reject(refused()) }];
  await load(client, goingOn);
  expect(await statuses("loaded")).toEqual(["users completed 1", "users failed 1"]);
  expect(client.completed).toEqual([loadId]);
});
