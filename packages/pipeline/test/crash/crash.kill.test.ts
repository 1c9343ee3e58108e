import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PipelinePoint, pipelinePoints } from "../../src/points.js";
import { bundleScript } from "../bundle.js";
import { machineIn } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { type ScenarioName, scenarios } from "./scenarios.js";

/** An undisturbed run: how often it reaches each point, and what it loads. */
interface Undisturbed {
  readonly hits: ReadonlyMap<PipelinePoint, number>;
  readonly content: unknown;
}

const undisturbed = new Map<ScenarioName, Undisturbed>();

/** What a process that is killed runs, and its folder. */
let script: string;
let scripts: string;

beforeAll(async () => {
  scripts = await mkdtemp(join(tmpdir(), "dlt-dying-"));
  script = await bundleScript(fileURLToPath(new URL("dying-process.ts", import.meta.url)), scripts);
  for (const name of names) {
    const { run, content, broken } = scenarios[name];
    const folder = await mkdtemp(join(tmpdir(), "dlt-undisturbed-"));
    try {
      const machine = machineIn(folder);
      const hits = new Map<PipelinePoint, number>();
      const reached = (point: PipelinePoint) => void hits.set(point, (hits.get(point) ?? 0) + 1);
      await run(machine, { ...machine.runtime, reached });
      expect(await broken(machine)).toEqual([]);
      undisturbed.set(name, { hits, content: await content(machine) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}, 120_000);
afterAll(() => rm(scripts, { recursive: true }));

const names = Object.keys(scenarios) as readonly ScenarioName[];

/** Runs the scenario in a process of its own that is killed at a point. @returns the signal that ended it */
async function runAndKill(
  name: ScenarioName,
  folder: string,
  point: PipelinePoint,
  times: number,
): Promise<string | null> {
  const child = spawn(process.execPath, [script, name, folder, point, String(times)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal;
}

test("every named point is reached", () => {
  expect(pipelinePoints.length).toBeGreaterThanOrEqual(25);
  const hits = new Set([...undisturbed.values()].flatMap((run) => [...run.hits.keys()]));
  expect(pipelinePoints.filter((point) => !hits.has(point))).toEqual([]);
  const known: readonly PipelinePoint[] = pipelinePoints;
  expect([...hits].filter((point) => !known.includes(point))).toEqual([]);
});

describe.each(names)("%s: killed, the next run gives what an undisturbed one gives", (name) => {
  const { run, content, broken } = scenarios[name];
  test.each(pipelinePoints.filter(scenarios[name].reaches))("%s", { timeout: 120_000 }, async (point) => {
    const last = undisturbed.get(name)?.hits.get(point) ?? 0;
    const kills = [...new Set([1, last])].map(async (times) => {
      const machine = await newMachine();
      const signal = await runAndKill(name, machine.folder, point, times);
      await run(machine, machine.runtime);
      return { times, signal, broken: await broken(machine), content: await content(machine) };
    });
    for (const outcome of await Promise.all(kills)) {
      const expected = undisturbed.get(name)?.content;
      expect(outcome).toEqual({ times: outcome.times, signal: "SIGKILL", broken: [], content: expected });
    }
  });
});
