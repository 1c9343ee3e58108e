// Runs schedules of faults and prints how many failed, last: `node run-faults.ts [--destination duckdb] [--schedules 500] [--seed 20260131]
// [--first 0] [--processes <cores>]`. Each failure is printed with the command that repeats it.
import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type FaultFailure, type FaultReport, runFaultSchedules } from "../src/index.js";
import { places } from "./places.js";

const { values } = parseArgs({
  options: {
    destination: { type: "string", default: "duckdb" },
    schedules: { type: "string", default: "500" },
    seed: { type: "string", default: "20260131" },
    first: { type: "string", default: "0" },
    processes: { type: "string", default: String(availableParallelism()) },
  },
});
const { destination } = values;
const schedules = wholeNumber(values.schedules);
const seed = wholeNumber(values.seed);
const first = wholeNumber(values.first);
const processes = wholeNumber(values.processes);

/** What a process that runs a part of the schedules sends. */
type Message = { readonly failure: FaultFailure } | { readonly report: FaultReport };

const toParent = process.send?.bind(process);
if (toParent !== undefined)
  await runPart((message) => new Promise((resolve) => void toParent(message, undefined, {}, () => resolve())));
else report(processes === 1 ? [await runPart(print)] : await runInProcesses());
// A server that was started for the schedules lasts as long as its process.
process.exit();

async function runPart(send: (message: Message) => void | Promise<void>): Promise<FaultReport> {
  const place = places[destination];
  if (place === undefined)
    throw new Error(`There is no destination \`${destination}\`; there are ${Object.keys(places).join(", ")}.`);
  const done = await runFaultSchedules({
    place,
    schedules,
    seed,
    first,
    onFailure: (failure) => void send({ failure }),
  });
  await send({ report: done });
  return done;
}

/** Each process takes a part of the schedules that follow each other. */
async function runInProcesses(): Promise<readonly FaultReport[]> {
  const reports: FaultReport[] = [];
  const size = Math.ceil(schedules / processes);
  const parts = Array.from({ length: processes }, async (_, part) => {
    const count = Math.min(size, schedules - part * size);
    if (count <= 0) return;
    const args = [
      "--destination",
      destination,
      "--seed",
      String(seed),
      "--schedules",
      String(count),
      "--first",
      String(first + part * size),
    ];
    const child = fork(fileURLToPath(import.meta.url), args, { execArgv: process.execArgv });
    child.on("message", (message: Message) => {
      print(message);
      if ("report" in message) reports.push(message.report);
    });
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`A process that ran schedules ended with code ${code}.`);
  });
  await Promise.all(parts);
  return reports;
}

function print(message: Message): void {
  if (!("failure" in message)) return;
  const { index, scenario, schedule, problems } = message.failure;
  console.log(
    `\nschedule ${index}, ${scenario}: ${JSON.stringify(schedule)}\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
  );
  console.log(`  again: pnpm test:faults --destination ${destination} --seed ${seed} --first ${index} --schedules 1`);
}

function report(reports: readonly FaultReport[]): void {
  const failed = reports.flatMap(({ failures }) => failures).length;
  const byScenario = new Map<string, number>();
  for (const part of reports)
    for (const [name, count] of Object.entries(part.byScenario))
      byScenario.set(name, (byScenario.get(name) ?? 0) + count);
  for (const [name, count] of byScenario) console.log(`${String(count).padStart(7)}  ${name}`);
  console.log(`${reports.reduce((sum, part) => sum + part.schedules, 0)} schedules, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`\`${text}\` is no whole number.`);
  return Number(text);
}
