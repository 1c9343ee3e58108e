/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type VectorFile, vectorFiles } from "./catalogue.js";

/** The folder of the vectors: that of the repository, or what `DLT_VECTORS` names. */
export const vectorsFolder =
  process.env["DLT_VECTORS"] ?? fileURLToPath(new URL("../../../../vectors", import.meta.url));

/** The paths of all JSON files in the folder, e.g. `keys/digests.json`. */
export function listVectorFiles(): readonly string[] {
  return readdirSync(vectorsFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => relative(vectorsFolder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** The content of a vector file, with the fields that its cases have in common. A take-over is one case, the file itself. */
export function readVectorFile(file: VectorFile): {
  readonly cases: readonly unknown[];
  readonly [field: string]: unknown;
} {
  const content = JSON.parse(readFileSync(join(vectorsFolder, file), "utf8")) as {
    readonly format: string;
    readonly cases?: readonly unknown[];
  };
  expect(content.format, file).toBe(vectorFiles[file].format);
  const cases = content.cases ?? [content];
  expect(cases.length, `cases of ${file}`).toBe(vectorFiles[file].cases);
  return { ...content, cases };
}

/** Makes a test that puts every case of a file to `check`, prints how many passed, and fails if one failed. */
export function testVectors<Case>(file: VectorFile, check: (vector: Case) => void | Promise<void>): void {
  test(file, async () => {
    const { cases } = readVectorFile(file);
    const failures: string[] = [];
    for (const [index, vector] of cases.entries()) {
      try {
        await check(vector as Case);
      } catch (error) {
        failures.push(`case ${index}: ${error instanceof Error ? error.message : error}`);
      }
    }
    console.log(`${file}: ${cases.length - failures.length} passed, ${failures.length} failed`);
    expect(failures).toEqual([]);
  });
}
