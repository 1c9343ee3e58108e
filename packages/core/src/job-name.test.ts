import fc from "fast-check";
import { expect, test } from "vitest";
import { fileId, formatJobName, type JobName, parseJobName } from "./job-name.js";

const table = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc.string({ unit: fc.constantFrom(..."aZ9_-%~. /\\▶é😀"), minLength: 1, maxLength: 120 }),
);
const job: fc.Arbitrary<JobName> = fc.record({
  table,
  fileId: fc.tuple(fc.string(), fc.string(), fc.nat()).map((parts) => fileId(...parts)),
  format: fc.constantFrom("parquet", "jsonl", "typed-jsonl", "csv"),
});
const anyJob: fc.Arbitrary<JobName> = fc.oneof(
  job,
  job.map((named) => ({ ...named, isCompressed: true })),
);
const bytes = (text: string) => new TextEncoder().encode(text).length;

test("a job is read from its name, unless the name of its table was cut", () => {
  fc.assert(
    fc.property(anyJob, (named) => {
      const name = formatJobName(named);
      if (name.includes("~")) expect(parseJobName(name)).toBeNull();
      else expect(parseJobName(name)).toEqual(named);
    }),
    { numRuns: 1000 },
  );
});

test("names fit every file system, and tell tables apart", () => {
  fc.assert(
    fc.property(anyJob, table, fc.nat(300), (named, other, length) => {
      const long = { ...named, table: named.table.repeat(length + 1) };
      const name = formatJobName(long);
      expect(bytes(name)).toBeLessThanOrEqual(255);
      expect(name).toMatch(/^[\p{L}\p{N}_%~-]+\.[0-9a-f]{10}\.[a-z-]+(\.gz)?$/u);
      if (other !== long.table) expect(formatJobName({ ...long, table: other })).not.toBe(name);
      expect(formatJobName({ ...long, table: `${long.table}x` })).not.toBe(name);
    }),
  );
});

test.each([
  "",
  "a",
  "a.b",
  "a.0123456789",
  "a.0123456789.",
  ".0123456789.csv",
  "a b.0123456789.csv",
  "a%.0123456789.csv",
  "%c080.0123456789.csv",
])("%j is no name of a job", (name) => {
  expect(parseJobName(name)).toBeNull();
});

test("ids of files come from load, table and number alone", () => {
  expect(fileId("1", "t", 0)).toBe(fileId("1", "t", 0));
  expect(new Set([fileId("1", "t", 0), fileId("1", "t", 1), fileId("2", "t", 0), fileId("1", "u", 0)]).size).toBe(4);
});
