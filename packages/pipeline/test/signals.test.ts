import { once } from "node:events";
import { expect, test } from "vitest";
import { resource } from "../src/index.js";
import { newMachine } from "./new-machine.js";
import { refusingDuckdb } from "./refusing-duckdb.js";
import { stopRuns } from "./stop-runs.js";

const events = resource({ name: "events", primaryKey: "id" }, () => [{ id: 1, tags: ["a", "b"] }]);

/** A machine whose first load job gets the process a signal. */
async function machineWithSignal(env: Readonly<Record<string, string>>) {
  const machine = await newMachine();
  const listening = process.listeners("SIGTERM");
  const signalling = refusingDuckdb(machine.database, () => {
    stopRuns(listening);
    return false;
  });
  const runtime = { ...machine.runtime, env: { LOAD__WORKERS: "1", ...env } };
  return { machine, stopped: machine.pipeline({ destination: signalling }, runtime) };
}

test.each(["run", "load"] as const)("%s finishes the job at work, and the next run goes on", async (call) => {
  const { machine, stopped } = await machineWithSignal({});
  if (call === "load") {
    await stopped.extract(events);
    await stopped.normalize();
  }
  const [loadId = ""] = await stopped.listNormalizedLoadPackages();
  const failed = call === "load" ? stopped.load() : stopped.run(events);
  await expect(failed).rejects.toMatchObject({
    code: "PIPELINE_STOPPED",
    step: "load",
    isPackagePartiallyLoaded: true,
    pendingLoadIds: [loadId === "" ? expect.any(String) : loadId],
  });
  const [pending = ""] = await stopped.listNormalizedLoadPackages();
  const { jobs } = await stopped.getLoadPackageInfo(pending);
  expect([jobs.completedJobs.length, jobs.failedJobs.length, jobs.newJobs.length]).toEqual([1, 0, 2]);
  await machine.pipeline().run();
  expect(await machine.query("SELECT id FROM events")).toEqual([{ id: 1 }]);
  expect(await machine.query("SELECT value FROM events__tags ORDER BY 1")).toEqual([{ value: "a" }, { value: "b" }]);
});

test("with start_new_jobs_on_signal the package at work is finished", async () => {
  const { machine, stopped } = await machineWithSignal({ LOAD__START_NEW_JOBS_ON_SIGNAL: "true" });
  expect((await stopped.run(events)).rowCounts).toEqual({ events: 1, events__tags: 2 });
  expect(await machine.query("SELECT id FROM events")).toEqual([{ id: 1 }]);
});

test("an extract on its own ends when the process is asked to", async () => {
  const machine = await newMachine();
  const listening = process.listeners("SIGTERM");
  const hanging = resource({ name: "events" }, async function* ({ signal }) {
    yield [{ id: 1 }];
    const aborted = once(signal, "abort");
    stopRuns(listening);
    await aborted;
  });
  await expect(machine.pipeline().extract(hanging)).rejects.toMatchObject({ code: "PIPELINE_STOPPED" });
});
