import { describe, expect, it } from "vitest";
import { schemaRecord, stateRecord } from "./stored-records.js";

describe("stateRecord", () => {
  it("reads numbers, bigints and text as drivers give them", () => {
    const expected = {
      version: 3,
      engineVersion: 4,
      pipelineName: "pipe",
      state: "{}",
      createdAt: 1_700_000_000_123_456n,
      versionHash: null,
      loadId: "1.5",
    };
    expect(stateRecord([3, 4, "pipe", "{}", 1_700_000_000_123_456, "1.5"])).toEqual(expected);
    expect(stateRecord([3n, 4n, "pipe", "{}", 1_700_000_000_123_456n, "1.5"])).toEqual(expected);
    expect(stateRecord(["3", "4", "pipe", "{}", "1700000000123456", "1.5"])).toEqual(expected);
  });

  it("says which column of a changed table is of no use", () => {
    expect(() => stateRecord([3, 4, "pipe", "{}", "2024-01-02", "1.5"])).toThrow(
      "does not hold an integer in column 5",
    );
    expect(() => stateRecord([3, 4, "pipe", null, 5, "1.5"])).toThrow("does not hold text in column 4");
  });
});

describe("schemaRecord", () => {
  it("reads a row", () => {
    expect(schemaRecord([2, 11, 5n, "src", "hash", "{}"])).toEqual({
      version: 2,
      engineVersion: 11,
      insertedAt: 5n,
      schemaName: "src",
      versionHash: "hash",
      schema: "{}",
    });
  });
});
