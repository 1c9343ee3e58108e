/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { VectorFormat } from "./catalogue.js";
import { failureText } from "./difference.js";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
const ownFolder = join(repository, "vectors");

/** The folder that is read: that of the repository, or another with vectors of the same formats. A relative path starts at the repository. */
const vectorsFolder = resolve(repository, process.env["DLT_VECTORS"] ?? ownFolder);
export const isOwnFolder = relative(ownFolder, vectorsFolder) === "";

export interface VectorFile {
  /** Path in the folder, e.g. `keys/digests.json`. */
  readonly file: string;
  readonly format: unknown;
  /** A take-over is one case, the file itself. */
  readonly cases: readonly unknown[];
  /** Everything that the file holds, with the fields that its cases have in common. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** The paths of all files in the folder. */
export function listFiles(): readonly string[] {
  return readdirSync(vectorsFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(vectorsFolder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** The vector files of the folder: all that is JSON. */
export function readVectorFiles(): readonly VectorFile[] {
  return listFiles()
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      const content = JSON.parse(readFileSync(join(vectorsFolder, file), "utf8")) as Record<string, unknown>;
      const { format, cases = [content] } = content;
      return { file, format, cases: cases as readonly unknown[], content };
    });
}

/** The vector files of a format. */
export function vectorFilesOf(format: VectorFormat): readonly VectorFile[] {
  return readVectorFiles().filter((file) => file.format === format);
}

/** The number of a case in its file, with its id if it has one. */
function caseName(vector: unknown, index: number): string {
  const { id } = Object(vector) as { readonly id?: unknown };
  return id === undefined ? `${index}` : `${index} (${id})`;
}

/**
 * Makes a test of every file of a format that puts each case to `check`, prints how many passed, and fails if one failed. `content`
 * has the fields that the cases have in common.
 */
export function testVectors<Case>(
  format: VectorFormat,
  check: (vector: Case, content: VectorFile["content"]) => void | Promise<void>,
): void {
  const files = vectorFilesOf(format);
  if (files.length === 0) test.skip(`no vectors of the format ${format}`);
  for (const { file, cases, content } of files) {
    test(file, { timeout: 5000 + 10 * cases.length }, async () => {
      const failures: string[] = [];
      for (const [index, vector] of cases.entries()) {
        try {
          await check(vector as Case, content);
        } catch (error) {
          failures.push(`case ${caseName(vector, index)}: ${failureText(error)}`);
        }
      }
      const quirks = cases.filter((vector) => Object.hasOwn(Object(vector), "quirk")).length;
      const exceptions = quirks === 0 ? "" : `, ${quirks} of them by our own outcome where the reference has a quirk`;
      console.log(
        [`${file}: ${cases.length - failures.length} passed, ${failures.length} failed${exceptions}`, ...failures].join(
          "\n  ",
        ),
      );
      expect(failures).toEqual([]);
    });
  }
}
