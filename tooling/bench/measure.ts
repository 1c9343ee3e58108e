import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Usage, usageFileDescriptor } from "./usage.js";

/** One run of a program, from its start to its end. */
export interface Measurement extends Usage {
  readonly wallSeconds: number;
}

export interface MeasureOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Path of what runs the script. Default: this Node. */
  readonly interpreter?: string;
}

/**
 * Runs a script that reports its usage in a process of its own.
 * @throws Error when the script fails
 */
export async function measure(
  script: URL,
  args: readonly string[],
  { env = {}, interpreter = process.execPath }: MeasureOptions = {},
): Promise<Measurement> {
  const started = performance.now();
  const child = spawn(interpreter, [fileURLToPath(script), ...args], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
    env: { ...process.env, ...env },
  });
  const usage = text(child.stdio[usageFileDescriptor] as Readable);
  const [exitCode] = (await once(child, "exit")) as [number | null];
  const wallSeconds = (performance.now() - started) / 1000;
  if (exitCode !== 0) throw new Error(`${fileURLToPath(script)} ended with exit code ${exitCode}.`);
  return { wallSeconds, ...(JSON.parse(await usage) as Usage) };
}

/** The median of each figure by itself. */
export function medians(measurements: readonly Measurement[]): Measurement {
  return {
    wallSeconds: median(measurements.map(({ wallSeconds }) => wallSeconds)),
    cpuSeconds: median(measurements.map(({ cpuSeconds }) => cpuSeconds)),
    peakMegabytes: median(measurements.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

/** The middle value, or the mean of the two in the middle; `NaN` for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
