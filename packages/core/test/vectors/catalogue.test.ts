import { expect, test } from "vitest";
import { unreadFormats, vectorFiles } from "./catalogue.js";
import { isOwnFolder, listFiles, readVectorFiles } from "./read-vectors.js";

const formats = new Set<unknown>(Object.values(vectorFiles).map(({ format }) => format));

/** What may lie beside vector files: the README, and the database of a take-over. */
const beside = /^(?:README\.md|takeover\/[^/]+\/[^/]+\.duckdb)$/;

test("every file is known", () => {
  const unknown = listFiles().filter((file) => !file.endsWith(".json") && !beside.test(file));
  expect(unknown).toEqual([]);
});

test("every vector file has a known format", () => {
  const unknown = readVectorFiles().flatMap(({ file, format }) => (formats.has(format) ? [] : [`${file}: ${format}`]));
  expect(unknown).toEqual([]);
  for (const { file, format, cases } of readVectorFiles()) {
    if (unreadFormats.has(format)) console.log(`${file}: ${cases.length} not tested yet`);
  }
});

test.runIf(isOwnFolder)(
  "the vector files of the repository are those of the list, with their formats and numbers of cases",
  () => {
    const found = readVectorFiles().map(({ file, format, cases }) => [file, { format, cases: cases.length }]);
    expect(Object.fromEntries(found)).toEqual(vectorFiles);
  },
);
