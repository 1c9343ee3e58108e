import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "../src/workspace.js";
import type { BenchCase } from "./bench-case.js";
import { deep } from "./cases/deep.js";
import { events } from "./cases/events.js";
import { wide } from "./cases/wide.js";
import { compareCase, withProgramOf } from "./compare.js";
import { engineCases, runEngineCase } from "./engine-case.js";
import { runCase } from "./run-case.js";

// `pnpm bench [--case events|wide|deep|steps|parallel|backpressure|postgres-copy|duckdb-merge|http|one-row|all …] [--rows 500000] [--runs 3] [--compare <git ref>]`
const loads: readonly BenchCase[] = [events, wide, deep];
const names = [...loads, ...engineCases].map(({ name }) => name);
const { values } = parseArgs({
  options: {
    case: { type: "string", multiple: true, default: ["events"] },
    rows: { type: "string" },
    runs: { type: "string", default: "3" },
    compare: { type: "string" },
  },
});
const chosen = values.case.includes("all") ? names : values.case;
for (const name of chosen) if (!names.includes(name)) throw unknownCase(name);
const chosenLoads = loads.filter(({ name }) => chosen.includes(name));
const cache = join(repositoryRoot, ".cache", "bench");
const runCount = positiveInteger("runs", values.runs);
const countOr = (usual: number) => (values.rows === undefined ? usual : positiveInteger("rows", values.rows));
const optionsOf = ({ rowCount }: BenchCase) => ({ cache, rowCount: countOr(rowCount), runCount });

const { compare } = values;
if (compare === undefined) {
  for (const each of chosenLoads) await runCase(each, optionsOf(each));
  for (const each of engineCases)
    if (chosen.includes(each.name)) await runEngineCase(each, countOr(each.count), runCount);
} else {
  await withProgramOf(compare, async (program) => {
    for (const each of chosenLoads) await compareCase(each, compare, { ...optionsOf(each), program });
  });
}

function unknownCase(name: string): Error {
  return new Error(`Expected --case to be ${names.join(", ")} or all, got \`${name}\`.`);
}

function positiveInteger(name: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`Expected --${name} to be an integer from 1 up, got \`${value}\`.`);
  return Number(value);
}
