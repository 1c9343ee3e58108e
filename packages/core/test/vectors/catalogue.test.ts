import { expect, test } from "vitest";
import { type VectorFile, vectorFiles } from "./catalogue.js";
import { listVectorFiles, readVectorFile } from "./read-vectors.js";

test("every vector file is known, none is missing", () => {
  expect(listVectorFiles()).toEqual(Object.keys(vectorFiles).sort());
});

test.each(Object.keys(vectorFiles) as VectorFile[])("%s has its format and number of cases", (file) => {
  readVectorFile(file);
});
