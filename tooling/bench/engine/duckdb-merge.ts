// What a merge takes beside DuckDB alone: rows into half as many again, half of them new. `node duckdb-merge.js <rows> <runs>`.
// DuckDB flattens five events for each row in the same run, so that figures of other machines can be told in those of this one. Where
// `DLT_BENCH_PYTHON` names a Python that has dlt, it merges the same rows.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { events } from "../cases/events.js";
import { rowsBefore } from "../cases/merge-rows.js";
import { datasetFile } from "../dataset-file.js";
import { type Measurement, measure, median, medians } from "../measure.js";
import { printRun } from "../report.js";

const [, , rowText = "", runText = ""] = process.argv;
const rowCount = Number(rowText);
const runCount = Number(runText);
const python = process.env["DLT_BENCH_PYTHON"];
/** Seconds for 100,000 rows on the machine where DuckDB takes `floor` for 500,000 events: what is asked for, and Python dlt 1.26. */
const reference = { floor: 6.5, goal: 0.6, python: 4.8 };

const cache = fileURLToPath(new URL("../../../.cache/bench", import.meta.url));
const dataset = events.dataset(rowCount * 5);
const input = await datasetFile(cache, dataset);

/** The measurement of a program that merges into a new database, whose rows are checked. */
async function merge(run: (database: string, env: Readonly<Record<string, string>>) => Promise<Measurement>) {
  const folder = mkdtempSync(join(cache, "run-"));
  try {
    const database = join(folder, "merged.duckdb");
    const measurement = await run(database, { DLT_DATA_DIR: join(folder, "data"), RUNTIME__DLTHUB_TELEMETRY: "false" });
    await checkRows(database);
    return measurement;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkRows(database: string): Promise<void> {
  const instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const text =
    "SELECT count(*), count(DISTINCT id), count(*) FILTER (value <> id * 1.5 + 1), count(DISTINCT _dlt_id) FROM bench.users";
  const [found = []] = (await connection.runAndReadAll(text)).getRows();
  connection.closeSync();
  instance.closeSync();
  const total = rowsBefore(rowCount) + Math.ceil(rowCount / 2);
  const expected = [total, total, rowCount, total].map(BigInt);
  if (found.join() !== expected.join()) throw new Error(`The table has ${found.join()} rows, not ${expected.join()}.`);
}

async function flatten(): Promise<Measurement> {
  const folder = mkdtempSync(join(cache, "run-"));
  try {
    return await measure(new URL("../floor.js", import.meta.url), [input, join(folder, "floor.duckdb"), dataset.floor]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const withDlt = () =>
  merge((database, env) => measure(new URL("../merge.js", import.meta.url), [database, String(rowCount)], { env }));

const pythonProgram = new URL("../../bench/engine/duckdb_merge.py", import.meta.url);
const withPython = (interpreter: string, format: string) =>
  merge((database, env) => measure(pythonProgram, [database, String(rowCount), format], { env, interpreter }));

const programs: Readonly<Record<string, () => Promise<Measurement>>> = {
  "DuckDB alone, events": flatten,
  dlt: withDlt,
  ...(python !== undefined && {
    "Python, Parquet": () => withPython(python, "parquet"),
    "Python, default": () => withPython(python, ""),
  }),
};

const measured = new Map<string, Measurement[]>();
for (let run = 1; run <= runCount; run++) {
  for (const [name, program] of Object.entries(programs)) {
    const measurement = await program();
    measured.set(name, [...(measured.get(name) ?? []), measurement]);
    printRun(`${name}, ${run}`, name === "DuckDB alone, events" ? dataset.rowCount : rowCount, measurement);
  }
}

/** How many times as much a program took as another in the same run, in the median. */
function times(one: string, other: string, figure: "wallSeconds" | "cpuSeconds"): number {
  const others = measured.get(other) ?? [];
  return median((measured.get(one) ?? []).map((each, run) => each[figure] / (others[run]?.[figure] ?? Number.NaN)));
}

const both = (one: string, other: string, digits: number) =>
  `${times(one, other, "wallSeconds").toFixed(digits)} wall, ${times(one, other, "cpuSeconds").toFixed(digits)} CPU`;

for (const [name, each] of measured) {
  const { wallSeconds, cpuSeconds } = medians(each);
  console.log(`${name}, median: ${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} CPU s`);
}
const goal = reference.goal / reference.floor;
console.log(
  `dlt, times DuckDB alone: ${both("dlt", "DuckDB alone, events", 3)}; at most ${goal.toFixed(3)} wall is asked for`,
);
for (const name of measured.keys())
  if (name.startsWith("Python"))
    console.log(
      `${name}, times dlt: ${both(name, "dlt", 1)}; at least ${reference.python / reference.goal} is asked for`,
    );
