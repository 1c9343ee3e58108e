import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonValue } from "@dlt/core";
import { decodeJson } from "@dlt/core/engine";
import { afterAll, describe, test } from "vitest";

/** An object of a vector file, decoded without loss. */
export type VectorObject = ReadonlyMap<string, JsonValue>;

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
/** That of the repository, or another with vectors of the same formats. A relative path starts at the repository. */
const vectorsFolder = resolve(repository, process.env["DLT_VECTORS"] ?? "vectors");

interface VectorFile {
  /** Path in the folder, e.g. `normalize/documents.json`. */
  readonly file: string;
  readonly cases: readonly VectorObject[];
}

/** The vector files of a format. Whether all files are known and complete is a test of core. */
function vectorFiles(format: string): readonly VectorFile[] {
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
  /** Why this way cannot be held to a case as it stands, so that our own documented outcome counts; `null`: it can. */
  readonly exception?: (vector: VectorObject) => string | null;
  /** Why a case is not for this way at all; `null`: it is. */
  readonly leftOut?: (vector: VectorObject) => string | null;
  check(vector: VectorObject, isException: boolean): void | Promise<void>;
}

/** Makes a test of every case for each of the ways, and prints file by file how many passed and failed, and the exceptions. */
export function testVectors(format: string, checks: readonly VectorCheck[]): void {
  const files = vectorFiles(format);
  if (files.length === 0) test.skip(`no vectors of the format ${format}`);
  for (const { file, cases } of files) {
    describe(file, () => {
      for (const each of checks) describe(each.name, () => testCases(file, cases, each));
    });
  }
}

function testCases(
  file: string,
  cases: readonly VectorObject[],
  { name, exception, leftOut, check }: VectorCheck,
): void {
  const exceptions = new Map<string, string[]>();
  const left = new Map<string, string[]>();
  let tested = 0;
  let passed = 0;
  for (const [index, vector] of cases.entries()) {
    const id = `${vector.get("id") ?? index}`;
    if (noted(left, leftOut?.(vector), id)) continue;
    const isException = noted(exceptions, exception?.(vector), id);
    if (vector.has("quirk")) noted(exceptions, "where the reference has a quirk", id);
    tested += 1;
    test(id, async () => {
      await check(vector, isException);
      passed += 1;
    });
  }
  afterAll(() => {
    console.log(
      [
        `${file} (${name}): ${passed} passed, ${tested - passed} failed`,
        ...[...exceptions].map(
          ([reason, ids]) => `${ids.length} of them by our own outcome, ${reason}: ${ids.join(", ")}`,
        ),
        ...[...left].map(([reason, ids]) => `${ids.length} left out, ${reason}: ${ids.join(", ")}`),
      ].join("\n  "),
    );
  });
}

function noted(reasons: Map<string, string[]>, reason: string | null | undefined, id: string): boolean {
  if (reason === null || reason === undefined) return false;
  reasons.set(reason, [...(reasons.get(reason) ?? []), id]);
  return true;
}
