import { resource } from "@dlt/pipeline";
import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { storedValue } from "../stored-value.js";
import type { Trial } from "../trial.js";

const days = ["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z"] as const;
type Day = (typeof days)[number];
const endOfTime = "9999-12-31T00:00:00Z";
const at = (day: string): string | null => storedValue({ dataType: "timestamp" }, day);

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
      expect(await tags(trial)).toEqual(["a", "b", "c"]);
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
  {
    name: "scd2 by a version of one's own adds what is nested in a row with the row alone",
    async run(trial) {
      const own = { writeDisposition: { rowVersionColumnName: "office" } };
      await load(trial, days[0], [staff(1, "north", ["a", "b"]), staff(2, "south", ["c"])], own);
      await load(trial, days[1], [staff(1, "north", ["a", "b"]), staff(2, "west", ["d"])], own);
      expect(await tags(trial)).toEqual(["a", "b", "c", "d"]);
    },
  },
  {
    name: "scd2 with a merge key leaves versions alone whose key a load lacks",
    async run(trial) {
      const byId = { mergeKey: "id" };
      await load(trial, days[0], [staff(1, "north", []), staff(2, "south", [])], byId);
      await load(trial, days[1], [staff(2, "west", []), staff(3, "east", [])], byId);
      const [one, two] = days.map(at);
      expect(await versions(trial)).toEqual([
        [1, "north", one, null],
        [2, "south", one, two],
        [2, "west", two, null],
        [3, "east", two, null],
      ]);
    },
  },
  {
    name: "scd2 takes names of one's own for the validity, also reserved words, and a time for what holds",
    async run(trial) {
      const columns = ["from", "end"] as const;
      const own = { writeDisposition: { validityColumnNames: columns, activeRecordTimestamp: endOfTime } };
      await load(trial, days[0], [staff(1, "north", []), staff(2, "south", [])], own);
      await load(trial, days[1], [staff(1, "north", []), staff(2, "west", [])], own);
      const [one, two] = days.map(at);
      expect(await versions(trial, columns)).toEqual([
        [1, "north", one, at(endOfTime)],
        [2, "south", one, two],
        [2, "west", two, at(endOfTime)],
      ]);
    },
  },
  {
    name: "scd2 adds what is nested in equal rows of a load once, as their ids are the same",
    async run(trial) {
      await load(trial, days[0], [staff(1, "north", ["a", "b"]), staff(1, "north", ["a", "b"])]);
      expect(await versions(trial)).toHaveLength(2);
      expect(await tags(trial)).toEqual(["a", "b"]);
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

async function load(
  trial: Trial,
  boundaryTimestamp: Day,
  rows: readonly Staff[],
  { writeDisposition = {}, ...hints }: { readonly writeDisposition?: object; readonly mergeKey?: string } = {},
): Promise<void> {
  await using pipeline = trial.pipeline();
  const disposition = { disposition: "merge", strategy: "scd2", boundaryTimestamp, ...writeDisposition } as const;
  await pipeline.run(resource({ name: "staff", writeDisposition: disposition, ...hints }, () => rows));
}

async function tags(trial: Trial): Promise<readonly string[]> {
  return (await trial.stored("staff__tags")).map((row) => String(row["value"])).sort();
}

async function versions(
  trial: Trial,
  [from, to]: readonly [string, string] = ["_dlt_valid_from", "_dlt_valid_to"],
): Promise<readonly unknown[]> {
  const rows = (await trial.stored("staff")).map((row) => [
    Number(row["id"]),
    row["office"],
    storedValue({ dataType: "timestamp" }, row[from]),
    storedValue({ dataType: "timestamp" }, row[to]),
  ]);
  return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
