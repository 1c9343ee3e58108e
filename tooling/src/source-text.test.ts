import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { repositoryFiles, shippedSources } from "./repository-files.js";
import { repositoryRoot } from "./workspace.js";

const files = repositoryFiles().filter((file) => !/\.(parquet|gz|zst|duckdb|png|ico|bin)$/.test(file));
const sources = files.filter((file) => /^(packages|sources|destinations)\/[^/]+\/src\/.*\.ts$/.test(file));
const shipped = shippedSources();

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
  expect(shipped.length).toBeGreaterThan(10);
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
  expect(shipped.flatMap((file) => nodes(file, (node) => node.kind === ts.SyntaxKind.AnyKeyword))).toEqual([]);
  expect(shipped.flatMap((file) => nodes(file, ts.isNonNullExpression))).toEqual([]);
});

test("no source switches off the compiler, a lost promise or the rule against `any`", () => {
  const switches =
    /@ts-(?:ignore|nocheck|expect-error)|eslint-disable|biome-ignore-all|biome-ignore lint(?::|\/suspicious\/noExplicitAny)/;
  expect(occurrences(shipped, switches)).toEqual([]);
});

test("no source has a default export", () => {
  expect(shipped.flatMap((file) => nodes(file, isDefaultExport))).toEqual([]);
});

test("no test is left out or run alone", () => {
  const tests = sources.filter((file) => file.endsWith(".test.ts"));
  expect(occurrences(tests, /\b(?:it|test|describe)\.(?:only|skip|todo)\b/)).toEqual([]);
});

test("core imports nothing but itself", () => {
  const imports = shipped
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
