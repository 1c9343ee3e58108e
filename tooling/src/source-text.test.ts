import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { repositoryRoot } from "./workspace.js";

// Files that are not committed yet count too, so that a mistake shows before the commit.
const listing = ["-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"];
const files = execFileSync("git", listing, { cwd: repositoryRoot, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
  .split("\n")
  .filter((file) => !/\.(parquet|gz|zst|duckdb|png|ico|bin)$/.test(file))
  .filter((file) => file !== "" && existsSync(join(repositoryRoot, file)));

const sources = files.filter((file) => /^(packages|sources|destinations)\/[^/]+\/src\/.*\.ts$/.test(file));
const shippedSources = sources.filter((file) => !/\.test(-d)?\.ts$/.test(file));

const read = (file: string): string => readFileSync(join(repositoryRoot, file), "utf8");

/** `file:line` of every match. */
function occurrences(candidates: readonly string[], pattern: RegExp): readonly string[] {
  return candidates.flatMap((file) => {
    const lines = read(file).split("\n");
    return lines.flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : []));
  });
}

/** `file:line` of every node of a syntax tree that `wanted` picks. */
function nodes(file: string, wanted: (node: ts.Node) => boolean): readonly string[] {
  const tree = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (wanted(node)) found.push(`${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

test("there are sources to look at", () => {
  expect(shippedSources.length).toBeGreaterThan(10);
});

test("no file names a path of the machine it was written on", () => {
  expect(occurrences(files, /(?:^|[\s"'`(=:])\/(?:work|root|home\/[a-z]+|Users\/[a-z]+)\//)).toEqual([]);
});

test("no file names the host of a package registry", () => {
  const hosts =
    /\b(?:registry\.(?:npmjs|yarnpkg)|pypi\.(?:org|python)|files\.pythonhosted|proxy\.golang|repo\d?\.maven)\b/;
  expect(occurrences(files, hosts)).toEqual([]);
});

test("no source has a type that is switched off", () => {
  expect(shippedSources.flatMap((file) => nodes(file, (node) => node.kind === ts.SyntaxKind.AnyKeyword))).toEqual([]);
  expect(shippedSources.flatMap((file) => nodes(file, ts.isNonNullExpression))).toEqual([]);
});

test("no source switches off the compiler, a lost promise or the rule against `any`", () => {
  const switches =
    /@ts-(?:ignore|nocheck|expect-error)|eslint-disable|biome-ignore-all|biome-ignore lint(?::|\/suspicious\/noExplicitAny)/;
  expect(occurrences(shippedSources, switches)).toEqual([]);
});

test("no source has a default export", () => {
  expect(shippedSources.flatMap((file) => nodes(file, isDefaultExport))).toEqual([]);
});

test("no test is left out or run alone", () => {
  const tests = sources.filter((file) => file.endsWith(".test.ts"));
  expect(occurrences(tests, /\b(?:it|test|describe)\.(?:only|skip|todo)\b/)).toEqual([]);
});

test("core imports nothing but itself", () => {
  const imports = shippedSources
    .filter((file) => file.startsWith("packages/core/"))
    .flatMap((file) => ts.preProcessFile(read(file)).importedFiles.map(({ fileName }) => `${file}: ${fileName}`));
  expect(imports.filter((line) => !/: \.\.?\//.test(line))).toEqual([]);
});

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}
