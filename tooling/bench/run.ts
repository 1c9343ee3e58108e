import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "../src/workspace.js";
import { eventsFile } from "./events-file.js";
import { type Measurement, measure, median, medians } from "./measure.js";
import { tableDifferences } from "./same-tables.js";

// `pnpm bench [--rows 500000] [--runs 3] [--floor-only]`: generated events into DuckDB, with dlt and with DuckDB alone.
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "500000" },
    runs: { type: "string", default: "3" },
    "floor-only": { type: "boolean", default: false },
  },
});
const rowCount = positiveInteger("rows", values.rows);
const runCount = positiveInteger("runs", values.runs);

const cache = join(repositoryRoot, ".cache", "bench");
const input = await eventsFile(cache, rowCount);
const folder = mkdtempSync(join(cache, "run-"));
try {
  console.log(
    `events: ${rowCount} rows, ${runCount} runs, ${availableParallelism()} cores, Node ${process.versions.node}`,
  );
  const floor: Measurement[] = [];
  const dlt: Measurement[] = [];
  for (let run = 1; run <= runCount; run++) {
    const floorFile = join(folder, `floor-${run}.duckdb`);
    const dltFile = join(folder, `dlt-${run}.duckdb`);
    floor.push(await measure(new URL("events-floor.js", import.meta.url), [input, floorFile]));
    print(`DuckDB alone, run ${run}`, floor.at(-1));
    if (values["floor-only"]) continue;
    const dataFolder = join(folder, `data-${run}`);
    dlt.push(await measure(new URL("events.js", import.meta.url), [input, dltFile], { DLT_DATA_DIR: dataFolder }));
    print(`dlt, run ${run}`, dlt.at(-1));
    const tables = { events: null, events__payload__commits: "events" };
    const differences = await tableDifferences({ expected: floorFile, actual: dltFile, schema: "bench", tables });
    if (differences.length > 0) throw new Error(`The tables are not those of the floor: ${differences.join(" ")}`);
    for (const path of [floorFile, dltFile, dataFolder]) rmSync(path, { recursive: true, force: true });
  }
  print("DuckDB alone, median", medians(floor));
  if (dlt.length > 0) {
    print("dlt, median", medians(dlt));
    console.log(
      `times the floor: ${ratio("wallSeconds")} wall, ${ratio("cpuSeconds")} CPU (medians of the runs' ratios)`,
    );
  }

  function ratio(figure: keyof Measurement): string {
    return median(dlt.map((measurement, run) => measurement[figure] / (floor[run]?.[figure] ?? Number.NaN))).toFixed(2);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(label: string, measurement: Measurement | undefined): void {
  if (measurement === undefined) return;
  const { wallSeconds, cpuSeconds, peakMegabytes } = measurement;
  const figures = [`${wallSeconds.toFixed(2)} s`, `${cpuSeconds.toFixed(2)} CPU s`, `${peakMegabytes.toFixed(0)} MB`];
  console.log(label.padEnd(22) + figures.map((figure) => figure.padStart(12)).join(""));
}

function positiveInteger(name: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`Expected --${name} to be an integer from 1 up, got \`${value}\`.`);
  return Number(value);
}
