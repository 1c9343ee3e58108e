import { resource } from "@dlt/pipeline";
import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { storedValue } from "../stored-value.js";
import type { Trial } from "../trial.js";

const days = ["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z"] as const;
type Day = (typeof days)[number];
const at = (day: Day): string | null => storedValue({ dataType: "timestamp" }, day);

const tests: readonly ConformanceTest[] = [
  {
    name: "scd2 ends the versions that changed or are gone, and begins the new ones, at the boundary",
    async run(trial) {
      await load(trial, days[0], [staff(1, "north", ["a"]), staff(2, "south", ["b"])]);
      await load(trial, days[1], [staff(1, "north", ["a"]), staff(2, "west", ["c"])]);
      await load(trial, days[2], [staff(1, "north", ["a"])]);
      const [one, two, three] = days.map(at);
      expect(await versions(trial)).toEqual([
        [1, "north", one, null],
        [2, "south", one, two],
        [2, "west", two, three],
      ]);
      expect((await trial.stored("staff__tags")).map((row) => String(row["value"])).sort()).toEqual(["a", "b", "c"]);
    },
  },
  {
    name: "scd2 begins a version again that came back",
    async run(trial) {
      await load(trial, days[0], [staff(1, "north", []), staff(2, "south", [])]);
      await load(trial, days[1], [staff(2, "south", [])]);
      await load(trial, days[2], [staff(1, "north", []), staff(2, "south", [])]);
      const [one, two, three] = days.map(at);
      expect(await versions(trial)).toEqual([
        [1, "north", one, two],
        [1, "north", three, null],
        [2, "south", one, null],
      ]);
    },
  },
];

export const history: ConformanceArea = {
  name: "scd2",
  isEssential: false,
  testsFor: ({ capabilities }) => (capabilities.mergeStrategies.includes("scd2") ? tests : []),
};

interface Staff {
  readonly id: number;
  readonly office: string;
  readonly tags: readonly string[];
}

function staff(id: number, office: string, tags: readonly string[]): Staff {
  return { id, office, tags };
}

async function load(trial: Trial, boundaryTimestamp: Day, rows: readonly Staff[]): Promise<void> {
  await using pipeline = trial.pipeline();
  const writeDisposition = { disposition: "merge", strategy: "scd2", boundaryTimestamp } as const;
  await pipeline.run(resource({ name: "staff", writeDisposition }, () => rows));
}

async function versions(trial: Trial): Promise<readonly unknown[]> {
  const rows = (await trial.stored("staff")).map((row) => [
    Number(row["id"]),
    row["office"],
    storedValue({ dataType: "timestamp" }, row["_dlt_valid_from"]),
    storedValue({ dataType: "timestamp" }, row["_dlt_valid_to"]),
  ]);
  return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
