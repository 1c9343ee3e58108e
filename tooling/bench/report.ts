import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Dataset } from "./bench-case.js";
import type { Measurement } from "./measure.js";

/** Prints what is loaded, and where. */
export function printHeading(name: string, { rowCount }: Dataset, input: string): void {
  const megabytes = (statSync(input).size / 1e6).toFixed(0);
  const machine = `${availableParallelism()} cores, Node ${process.versions.node}`;
  console.log(`\n${name}: ${rowCount.toLocaleString("en")} rows, ${megabytes} MB, ${machine}`);
}

/** Prints what one run took. */
export function printRun(label: string, rowCount: number, measurement: Measurement): void {
  const { wallSeconds, cpuSeconds, peakMegabytes } = measurement;
  const figures = [
    `${wallSeconds.toFixed(2)} s`,
    `${cpuSeconds.toFixed(2)} CPU s`,
    `${peakMegabytes.toFixed(0)} MB`,
    `${Math.round(rowCount / wallSeconds).toLocaleString("en")} rows/s`,
  ];
  console.log(label.padEnd(22) + figures.map((figure) => figure.padStart(16)).join(""));
}
