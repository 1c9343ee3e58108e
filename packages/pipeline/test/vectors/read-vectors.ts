import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeJson, type JsonValue } from "@dlt/core";
import { afterAll, describe, test } from "vitest";

/** An object of a vector file, decoded without loss. */
export type VectorObject = ReadonlyMap<string, JsonValue>;

/** The folder of the vectors: that of the repository, or what `DLT_VECTORS` names. */
const vectorsFolder = process.env["DLT_VECTORS"] ?? fileURLToPath(new URL("../../../../vectors", import.meta.url));

interface VectorFile {
  /** Path in the folder, e.g. `normalize/documents.json`. */
  readonly file: string;
  readonly cases: readonly VectorObject[];
}

/** The vector files of a format. Whether all files are known and complete is a test of core. */
export function vectorFiles(format: string): readonly VectorFile[] {
  return readdirSync(vectorsFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => {
      const content = decodeJson(readFileSync(path, "utf8")) as VectorObject;
      if (content.get("format") !== format) return [];
      const cases = (content.get("cases") ?? [content]) as readonly VectorObject[];
      return [{ file: relative(vectorsFolder, path).split(sep).join("/"), cases }];
    });
}

/** One way to put the cases of a format to the test. */
export interface VectorCheck {
  /** Tells it from the other ways, e.g. `rows as text`. */
  readonly name: string;
  /** Cases that it cannot take, which are counted by this reason; `null` for one that it takes. */
  readonly leaves?: (vector: VectorObject) => string | null;
  check(vector: VectorObject): void | Promise<void>;
}

/** Makes a test of every case for each of the ways, and prints file by file how many passed, failed, and were left out why. */
export function testVectors(format: string, checks: readonly VectorCheck[]): void {
  const files = vectorFiles(format);
  if (files.length === 0) test.skip(`no vectors of the format ${format}`);
  for (const { file, cases } of files) {
    describe(file, () => {
      for (const { name, leaves, check } of checks) {
        describe(name, () => {
          const counts = { passed: 0, failed: 0 };
          const left = new Map<string, number>();
          for (const [index, vector] of cases.entries()) {
            const reason = leaves?.(vector) ?? null;
            if (reason !== null) {
              left.set(reason, (left.get(reason) ?? 0) + 1);
              continue;
            }
            test(`${vector.get("id") ?? index}`, async () => {
              counts.failed += 1;
              await check(vector);
              counts.failed -= 1;
              counts.passed += 1;
            });
          }
          afterAll(() => {
            const others = [...left].map(([reason, count]) => `, ${count} ${reason}`).join("");
            console.log(`${file} (${name}): ${counts.passed} passed, ${counts.failed} failed${others}`);
          });
        });
      }
    });
  }
}
