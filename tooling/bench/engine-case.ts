import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** A figure of the engine or a destination by itself, that is taken by a program of its own, without a file of rows and a floor of DuckDB. */
export interface EngineCase {
  readonly name: string;
  /** What the program counts its work in. */
  readonly unit: string;
  /** How many of them when nothing else is asked for. */
  readonly count: number;
}

export const engineCases: readonly EngineCase[] = [
  { name: "steps", unit: "rows", count: 2_000_000 },
  { name: "parallel", unit: "resources", count: 200 },
  { name: "backpressure", unit: "pages of 1 MB", count: 300 },
  { name: "postgres-copy", unit: "rows", count: 1_000_000 },
  { name: "duckdb-merge", unit: "rows", count: 100_000 },
  { name: "http", unit: "pages", count: 1000 },
  { name: "one-row", unit: "row", count: 1 },
];

/** Runs the program of a case, which prints its figures. */
export async function runEngineCase({ name, unit }: EngineCase, count: number, runCount: number): Promise<void> {
  const machine = `${availableParallelism()} cores, Node ${process.versions.node}`;
  console.log(`\n${name}: ${count.toLocaleString("en")} ${unit}, ${runCount} runs, ${machine}`);
  const program = fileURLToPath(new URL(`engine/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [program, String(count), String(runCount)], { stdio: "inherit" });
  const [exitCode] = (await once(child, "exit")) as [number | null];
  if (exitCode !== 0) throw new Error(`${program} ended with exit code ${exitCode}.`);
}
