import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { type PipelinePoint, pipelinePoints } from "../../src/points.js";
import { machineIn } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { brokenRules, loadedContent, runScenario } from "./crash-scenario.js";

/** How often each point is reached by an undisturbed run. */
const hits = new Map<PipelinePoint, number>();
/** What an undisturbed run loads. */
let content: unknown;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "dlt-undisturbed-"));
  try {
    const machine = machineIn(folder);
    const reached = (point: PipelinePoint) => void hits.set(point, (hits.get(point) ?? 0) + 1);
    await runScenario(folder, { ...machine.runtime, reached });
    expect(await brokenRules(machine)).toEqual([]);
    content = await loadedContent(machine);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);

/** Runs the scenario in a process of its own that is killed at a point. @returns the signal that ended it */
async function runAndKill(folder: string, point: PipelinePoint, times: number): Promise<string | null> {
  const script = fileURLToPath(new URL("dying-process.ts", import.meta.url));
  const child = spawn(
    process.execPath,
    ["--conditions=@dlt/source", "--import=tsx", script, folder, point, String(times)],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal;
}

test("every named point is reached", () => {
  expect(pipelinePoints.length).toBeGreaterThanOrEqual(25);
  expect(pipelinePoints.filter((point) => !hits.has(point))).toEqual([]);
  const known: readonly PipelinePoint[] = pipelinePoints;
  expect([...hits.keys()].filter((point) => !known.includes(point))).toEqual([]);
});

describe("killed, the next run gives what an undisturbed one gives", () => {
  test.each(pipelinePoints)("%s", { timeout: 60_000 }, async (point) => {
    const last = hits.get(point) ?? 0;
    const kills = [...new Set([1, last])].map(async (times) => {
      const machine = await newMachine();
      const signal = await runAndKill(machine.folder, point, times);
      await runScenario(machine.folder, machine.runtime);
      return { times, signal, broken: await brokenRules(machine), content: await loadedContent(machine) };
    });
    for (const outcome of await Promise.all(kills)) {
      expect(outcome).toEqual({ times: outcome.times, signal: "SIGKILL", broken: [], content });
    }
  });
});
