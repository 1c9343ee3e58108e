import { expect, test } from "vitest";
import { datasetName, devSuffix } from "./dataset-name.js";

const capabilities = {
  preferredFileFormat: "jsonl",
  fileFormats: ["jsonl"],
  maxIdentifierLength: 127,
  caseSensitiveIdentifiers: false,
  supportsDdlTransactions: true,
  supportsTransactions: true,
  replaceStrategies: [],
  mergeStrategies: [],
} as const;
const base = { pipelineName: "chess", given: undefined, capabilities, devSuffix: null, layout: undefined };

test("a given name is kept, otherwise it is made where the destination needs one", () => {
  expect(datasetName({ ...base, given: "mydata" })).toBe("mydata");
  expect(datasetName(base)).toBe("chess_dataset");
  expect(datasetName({ ...base, capabilities: { ...capabilities, needsDataset: false } })).toBeNull();
  expect(datasetName({ ...base, capabilities: null })).toBeNull();
});

test("the suffix of devMode is put on, then the layout", () => {
  const suffix = devSuffix(new Date(2026, 0, 31, 15, 4, 5));
  expect(suffix).toBe("_20260131030405");
  expect(datasetName({ ...base, given: "mydata", devSuffix: suffix })).toBe("mydata_20260131030405");
  expect(datasetName({ ...base, given: "mydata_", devSuffix: suffix, layout: "prefix_%s" })).toBe(
    "prefix_mydata_20260131030405",
  );
});

test("midnight and noon are 12", () => {
  expect(devSuffix(new Date(2026, 0, 31, 0, 0, 0))).toBe("_20260131120000");
  expect(devSuffix(new Date(2026, 0, 31, 12, 0, 0))).toBe("_20260131120000");
});

test("a layout without a place for the name is refused", () => {
  expect(() => datasetName({ ...base, given: "mydata", layout: "fixed" })).toThrowError(/dataset_name_layout/);
});
