import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { measure, median, medians } from "./measure.js";

/** A script of one line, gone when the test ends. */
function script(code: string): URL {
  const folder = mkdtempSync(join(tmpdir(), "measure-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "script.mjs"), code);
  return pathToFileURL(join(folder, "script.mjs"));
}

test("a measurement has the time until the process ended, and what the process said of itself", async () => {
  const child = script(`import fs from "node:fs";
    fs.writeSync(3, JSON.stringify({ cpuSeconds: Number(process.argv[2]), peakMegabytes: Number(process.env.PEAK) }));`);
  const measurement = await measure(child, ["1.5"], { env: { PEAK: "64" } });
  expect(measurement).toMatchObject({ cpuSeconds: 1.5, peakMegabytes: 64 });
  expect(measurement.wallSeconds).toBeGreaterThan(0);
});

test("a script may say what it took itself, and be run by something else than Node", async () => {
  const child = script(`echo '{ "cpuSeconds": 1, "peakMegabytes": 2, "wallSeconds": 0.25 }' >&3`);
  expect(await measure(child, [], { interpreter: "sh" })).toEqual({
    cpuSeconds: 1,
    peakMegabytes: 2,
    wallSeconds: 0.25,
  });
});

test("a script that fails is not measured", async () => {
  await expect(measure(script("process.exit(3)"), [])).rejects.toThrow(/ended with exit code 3/);
});

test("the median is the middle value, or lies between the two in the middle", () => {
  expect(median([9, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 9])).toBe(3);
  expect(median([])).toBeNaN();
});

test("medians are taken of each figure by itself", () => {
  const measurements = [
    { wallSeconds: 1, cpuSeconds: 9, peakMegabytes: 5 },
    { wallSeconds: 2, cpuSeconds: 8, peakMegabytes: 7 },
    { wallSeconds: 3, cpuSeconds: 7, peakMegabytes: 6 },
  ];
  expect(medians(measurements)).toEqual({ wallSeconds: 2, cpuSeconds: 8, peakMegabytes: 6 });
});
