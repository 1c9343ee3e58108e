import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BenchCase, Dataset } from "./bench-case.js";
import { datasetFile } from "./dataset-file.js";
import { type Measurement, measure, median, medians } from "./measure.js";
import { databaseIn, measureLoad } from "./measure-load.js";
import { printHeading, printRun } from "./report.js";
import { tableDifferences } from "./same-tables.js";

export interface CaseOptions {
  /** A folder for generated files, and for what runs write. */
  readonly cache: string;
  readonly rowCount: number;
  readonly runCount: number;
}

/** One load of a dataset with DuckDB alone, and one with dlt. */
interface Pair {
  readonly floor: Measurement;
  readonly dlt: Measurement;
}

/**
 * Loads the dataset of a case and those beside it, each with DuckDB alone and with dlt, in turn, and prints what it took.
 * @throws Error when the two do not give the same tables
 */
export async function runCase(benchCase: BenchCase, { cache, rowCount, runCount }: CaseOptions): Promise<void> {
  const { name, beside } = benchCase;
  const dataset = benchCase.dataset(rowCount);
  const others = beside.map((each) => ({ ...each, dataset: each.dataset(rowCount), pairs: [] as Pair[] }));
  for (const each of others) await datasetFile(cache, each.dataset);
  printHeading(name, dataset, await datasetFile(cache, dataset));
  const pairs: Pair[] = [];
  for (let run = 1; run <= runCount; run++) {
    const pair = await runPair(name, dataset, cache);
    pairs.push(pair);
    printRun(`DuckDB alone, run ${run}`, rowCount, pair.floor);
    printRun(`dlt, run ${run}`, rowCount, pair.dlt);
    for (const other of others) other.pairs.push(await runPair(name, other.dataset, cache));
  }
  printRun("DuckDB alone, median", rowCount, medians(pairs.map(({ floor }) => floor)));
  printRun("dlt, median", rowCount, medians(pairs.map(({ dlt }) => dlt)));
  const timesFloor = (figure: keyof Measurement) =>
    median(pairs.map(({ floor, dlt }) => dlt[figure] / floor[figure])).toFixed(2);
  console.log(`times the floor: ${timesFloor("wallSeconds")} wall, ${timesFloor("cpuSeconds")} CPU`);
  for (const other of others) {
    const perValue = (role: keyof Pair) => median(costPerValue(pairs, other, role)).toFixed(2);
    console.log(
      `a value's CPU seconds, times those in ${other.label}: ${perValue("dlt")}, DuckDB alone: ${perValue("floor")}`,
    );
  }
}

/** CPU seconds of a value, run by run, as a multiple of those of a value in other rows. */
function costPerValue(
  pairs: readonly Pair[],
  { pairs: others, times }: { readonly pairs: readonly Pair[]; readonly times: number },
  role: keyof Pair,
): readonly number[] {
  return others.map((other, run) => (pairs[run]?.[role].cpuSeconds ?? Number.NaN) / other[role].cpuSeconds / times);
}

async function runPair(table: string, dataset: Dataset, cache: string): Promise<Pair> {
  const input = await datasetFile(cache, dataset);
  const folder = mkdtempSync(join(cache, "run-"));
  try {
    const expected = join(folder, "floor.duckdb");
    const floor = await measure(new URL("floor.js", import.meta.url), [input, expected, dataset.floor]);
    const dlt = await measureLoad({ program: new URL("load.js", import.meta.url), input, table, folder });
    const { tables } = dataset;
    const differences = await tableDifferences({ expected, actual: databaseIn(folder), schema: "bench", tables });
    if (differences.length > 0) throw new Error(`The tables are not those of the floor: ${differences.join(" ")}`);
    return { floor, dlt };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
