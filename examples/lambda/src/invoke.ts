/**
 * Runs the functions in `lambda.ts` and `cloud-function.ts` as their clouds do: each invocation is a process of its own, on a machine
 * that is new, where nothing can be written but the temporary folder. Node's permission model sees to that.
 */
import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";

const cloud = await mkdtemp(join(tmpdir(), "dlt-cloud-"));
const warehouse = join(cloud, "warehouse.duckdb"); // stands for a warehouse somewhere else

/** What of the JSON is looked at here. */
interface Result {
  readonly row_counts?: Readonly<Record<string, number>>;
  readonly first_run?: boolean;
  readonly can_be_continued?: boolean;
  readonly destination_type?: string;
  readonly errorMessage?: string;
}

async function invoke(name: "aws" | "google", time: string, timeoutMs = 60_000): Promise<Result> {
  const temporary = await mkdtemp(join(cloud, "machine-"));
  const permission = process.allowedNodeEnvironmentFlags.has("--permission")
    ? "--permission"
    : "--experimental-permission";
  const child = fork(fileURLToPath(new URL("./machine.ts", import.meta.url)), [name, time, String(timeoutMs)], {
    execArgv: [
      ...process.execArgv,
      permission,
      "--allow-fs-read=*",
      `--allow-fs-write=${temporary}/*`,
      "--allow-addons", //         DuckDB
      "--allow-worker", //         threads that normalize
      "--allow-child-process", //  tsx, which compiles this program
      "--disable-warning=ExperimentalWarning",
      "--disable-warning=SecurityWarning",
    ],
    env: {
      PATH: process.env["PATH"],
      HOME: "/home/function",
      TMPDIR: temporary,
      DESTINATION__DUCKDB__CREDENTIALS: warehouse,
    },
    silent: true,
  });
  try {
    const exited = once(child, "exit");
    const results: Result[] = [];
    child.on("message", (result) => results.push(result as Result));
    let log = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (log += text));
    await exited;
    const [result] = results;
    if (result === undefined) throw new Error(`The function failed:\n${log}`);
    return result;
  } finally {
    await rm(temporary, { recursive: true }); // the machine is gone, and its disk with it
  }
}

// The machine of an invocation knows nothing of those before. The destination does, so that each loads only what is new.
const first = await invoke("aws", "2026-03-03T00:00:00Z");
const second = await invoke("aws", "2026-03-04T12:00:00Z");
const third = await invoke("google", "2026-03-05T00:00:00Z"); // another cloud goes on where the first was
console.log("Orders loaded by three invocations:", [first, second, third].map(ordersOf).join(", "));

// A year of orders, and an invocation has nine seconds. It loads what it can and says that it is not done, so it is invoked again.
const year: Result[] = [];
do {
  year.push(await invoke("aws", "2027-03-05T00:00:00Z", 9_000));
  assert.equal(year.at(-1)?.errorMessage, undefined);
} while (year.at(-1)?.can_be_continued);
console.log("A year of orders took more than one invocation:", year.length > 1);

// What the last one returned, shortened:
const { first_run, can_be_continued, destination_type } = year.at(-1) ?? {};
console.log(JSON.stringify({ first_run, can_be_continued, destination_type, "…": "…" }));

const desk = pipeline({
  pipelineName: "orders",
  destination: duckdb({ credentials: warehouse }),
  datasetName: "shop",
  pipelinesDir: join(cloud, "desk"),
});
const sql = await desk.sqlClient();
const stored = await sql.executeSql("SELECT count(*), count(DISTINCT id) FROM orders");
await sql.close();
await rm(cloud, { recursive: true });

assert.deepEqual([first, second, third].map(ordersOf), [48, 36, 12]);
assert.deepEqual(
  [first, second, third].map((result) => result.first_run),
  [true, false, false],
);
assert.ok(year.length > 1);
assert.deepEqual(stored, [[(4 + 365) * 24, (4 + 365) * 24]]); // none is missing, none there twice

function ordersOf({ row_counts }: Result): number {
  return row_counts?.["orders"] ?? 0;
}
