import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "../src/workspace.js";
import type { BenchCase } from "./bench-case.js";
import { deep } from "./cases/deep.js";
import { events } from "./cases/events.js";
import { wide } from "./cases/wide.js";
import { compareCase, withProgramOf } from "./compare.js";
import { runCase } from "./run-case.js";

// `pnpm bench [--case events|wide|deep|all …] [--rows 500000] [--runs 3] [--compare <git ref>]`
const cases: readonly BenchCase[] = [events, wide, deep];
const { values } = parseArgs({
  options: {
    case: { type: "string", multiple: true, default: ["events"] },
    rows: { type: "string" },
    runs: { type: "string", default: "3" },
    compare: { type: "string" },
  },
});
const chosen = values.case.includes("all") ? cases : values.case.map(caseOf);
const cache = join(repositoryRoot, ".cache", "bench");
const optionsOf = ({ rowCount }: BenchCase) => ({
  cache,
  rowCount: values.rows === undefined ? rowCount : positiveInteger("rows", values.rows),
  runCount: positiveInteger("runs", values.runs),
});

const { compare } = values;
if (compare === undefined) {
  for (const each of chosen) await runCase(each, optionsOf(each));
} else {
  await withProgramOf(compare, async (program) => {
    for (const each of chosen) await compareCase(each, compare, { ...optionsOf(each), program });
  });
}

function caseOf(name: string): BenchCase {
  const found = cases.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new Error(`Expected --case to be ${cases.map((each) => each.name).join(", ")} or all, got \`${name}\`.`);
}

function positiveInteger(name: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`Expected --${name} to be an integer from 1 up, got \`${value}\`.`);
  return Number(value);
}
