import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorFamilies } from "../src/error-reference.js";
import { repositoryFiles } from "../src/repository-files.js";
import { repositoryRoot } from "../src/workspace.js";

const codes = errorFamilies().flatMap(({ entries }) => entries.map(({ code }) => code));

test("each code is one that a test has met", () => {
  // Those that tests of others are made of count too.
  const tests = repositoryFiles("*.test.ts", "**/test/**/*.ts", "packages/storage/src/testing.ts").map((file) =>
    readFileSync(join(repositoryRoot, file), "utf8"),
  );
  const met = new Set(tests.flatMap((text) => text.match(/\b[A-Z]+(?:[_:][A-Z\d]+)+\b/g) ?? []));
  expect(codes.filter((code) => !met.has(code))).toEqual([]);
});

test("no code is listed twice", () => {
  expect(codes.length).toBeGreaterThan(200);
  expect(new Set(codes).size).toBe(codes.length);
});
