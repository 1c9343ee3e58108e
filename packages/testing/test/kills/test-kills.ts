import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { DestinationCapabilities } from "@dlt/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brokenRules, type Documents, documentsOf } from "../../src/faults/documents.js";
import { scenariosFor } from "../../src/faults/scenarios.js";
import { faultSchedule } from "../../src/faults/schedule.js";
import type { FaultScenario } from "../../src/index.js";
import { type KilledDestination, type KilledPlace, withKilledPlace } from "./killed-place.js";

const seed = 20260131;

export interface TestedKills {
  readonly on: KilledDestination;
  readonly capabilities: DestinationCapabilities;
  /** For each scenario, how often a place is loaded into by processes that die in turn. */
  readonly times: number;
  /** How many processes have to have died, so that these tests try something. */
  readonly kills: number;
}

/** What undisturbed runs of a scenario come to. */
interface Undisturbed {
  readonly points: number;
  readonly documents: Documents;
}

/** Makes tests in which processes that load are killed by SIGKILL, over and over. */
export function testKills({ on, capabilities, times, kills }: TestedKills): void {
  let killed = 0;
  describe(`killed while they load into ${on}, runs give what undisturbed ones give`, () => {
    for (const scenario of scenariosFor(capabilities)) {
      describe(scenario.name, () => {
        let undisturbed: Undisturbed;
        beforeAll(async () => {
          undisturbed = await withKilledPlace(on, async (place, folder) => {
            const { points } = await runDays({ on, place, folder, scenario, day: 1 });
            return { points, documents: documentsOf(await place.readTables()) };
          });
        }, 60_000);

        test.for(Array.from({ length: times }, (_, n) => n))("schedule %i", { timeout: 120_000 }, async (n) => {
          const schedule = faultSchedule(seed, n, undisturbed.points).map(([fault]) => fault?.at ?? 1);
          const outcome = await withKilledPlace(on, async (place, folder) => {
            let day = 1;
            for (const dieAt of schedule) {
              const run = await runDays({ on, place, folder, scenario, day, dieAt, turns: n % 5 });
              if (run.signal === "SIGKILL") killed += 1;
              day = run.nextDay;
            }
            const last = await runDays({ on, place, folder, scenario, day });
            const tables = await place.readTables();
            return { ended: last.signal, broken: brokenRules(tables), documents: documentsOf(tables) };
          });
          expect(outcome).toEqual({ ended: null, broken: [], documents: undisturbed.documents });
        });
      });
    }
    afterAll(() => expect(killed).toBeGreaterThanOrEqual(kills));
  });
}

interface KilledRun {
  readonly on: KilledDestination;
  readonly place: KilledPlace;
  readonly folder: string;
  readonly scenario: FaultScenario;
  /** The first day that was not loaded. */
  readonly day: number;
  /** Default: 0, never. */
  readonly dieAt?: number;
  readonly turns?: number;
}

const script = fileURLToPath(new URL("dying-run.mjs", import.meta.url));

async function runDays({ on, place, folder, scenario, day, dieAt = 0, turns = 0 }: KilledRun) {
  const args = [on, place.location, join(folder, "pipelines"), scenario.name, day, dieAt, turns].map(String);
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [[code, signal], output, errors] = await Promise.all([
    once(child, "exit") as Promise<[number | null, string | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0 && signal !== "SIGKILL") throw new Error(`A run ended with ${code ?? signal}: ${errors}`);
  const loaded = [...output.matchAll(/^day (\d+)$/gm)].map(([, number]) => Number(number));
  const points = Number(/^points (\d+)$/m.exec(output)?.[1] ?? 0);
  return { signal, nextDay: (loaded.at(-1) ?? day - 1) + 1, points };
}
