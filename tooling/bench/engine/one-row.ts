// What a load of next to nothing takes, from the start of the process to its end: one row into a new database, beside DuckDB alone.
// `node one-row.js <rows> <runs>`. Where `DLT_BENCH_PYTHON` names a Python that has dlt, it loads the same row.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../measure.js";

const [, , rowText = "", runText = ""] = process.argv;
const runCount = Number(runText);
const python = process.env["DLT_BENCH_PYTHON"];
/** Seconds of Python dlt 1.26 on a machine where Node starts in `node`; a quarter of it is asked for. */
const reference = { python: 1.9, node: 0.075 };

const rows = `Array.from({ length: ${Number(rowText)} }, (_, id) => ({ id }))`;
const programs: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  "Node alone": [process.execPath, "--eval", "0"],
  "DuckDB alone": [
    process.execPath,
    "--input-type=module",
    "--eval",
    `import { DuckDBInstance } from "@duckdb/node-api";
     const database = await DuckDBInstance.create(process.env.DATABASE);
     const connection = await database.connect();
     await connection.run("CREATE TABLE items (id BIGINT)");
     for (const { id } of ${rows}) await connection.run(\`INSERT INTO items VALUES (\${id})\`);
     connection.closeSync();
     database.closeSync();`,
  ],
  dlt: [
    process.execPath,
    "--input-type=module",
    "--eval",
    `import { duckdb } from "@dlt/destination-duckdb";
     import { pipeline } from "@dlt/pipeline";
     const destination = duckdb({ credentials: process.env.DATABASE });
     await pipeline({ pipelineName: "one_row", destination }).run(${rows}, { tableName: "items" });`,
  ],
  ...(python !== undefined && {
    Python: [
      python,
      "-c",
      `import dlt, os
dlt.pipeline("one_row", destination=dlt.destinations.duckdb(os.environ["DATABASE"])).run([{"id": n} for n in range(${Number(rowText)})], table_name="items")`,
    ] as const,
  }),
};

/** Seconds of a program in a new folder. */
async function seconds([command, ...args]: readonly [string, ...string[]]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "dlt-one-row-"));
  const env = {
    ...process.env,
    DATABASE: join(folder, "one.duckdb"),
    DLT_DATA_DIR: folder,
    RUNTIME__DLTHUB_TELEMETRY: "false",
  };
  try {
    const started = performance.now();
    // What it imports is found from here.
    const cwd = fileURLToPath(new URL("../..", import.meta.url));
    const [exitCode] = (await once(
      spawn(command, args, { stdio: ["ignore", "ignore", "inherit"], env, cwd }),
      "exit",
    )) as [number];
    if (exitCode !== 0) throw new Error(`${command} ended with exit code ${exitCode}.`);
    return (performance.now() - started) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const measured = new Map<string, number[]>();
for (let run = 1; run <= runCount; run++)
  for (const [name, program] of Object.entries(programs))
    measured.set(name, [...(measured.get(name) ?? []), await seconds(program)]);

for (const [name, each] of measured) console.log(`${name}, median: ${median(each).toFixed(3)} s`);

/** How many times as long one took as another in the same run, in the median. */
function times(one: string, other: string): string {
  const others = measured.get(other) ?? [];
  return median((measured.get(one) ?? []).map((each, run) => each / (others[run] ?? Number.NaN))).toFixed(2);
}

const goal = reference.python / 4 / reference.node;
console.log(`dlt, times DuckDB alone: ${times("dlt", "DuckDB alone")}`);
console.log(`dlt, times Node alone: ${times("dlt", "Node alone")}; at most ${goal.toFixed(1)} is asked for`);
if (measured.has("Python")) console.log(`Python, times dlt: ${times("Python", "dlt")}; at least 4 is asked for`);
