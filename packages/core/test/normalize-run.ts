import type { NormalizeRun } from "../src/contract/normalizer.js";

/** What a package gives every chunk, for tests: always the same ids. */
export const testRun: NormalizeRun = {
  loadId: "1700000001.0",
  nowMicros: 1_700_000_001_000_000n,
  idSeed: new Uint8Array(32).fill(7),
  maxIdentifierLength: null,
  timestampPrecision: 6,
  maxTimestampPrecision: 6,
  decimalPrecision: [38, 9],
  weiPrecision: [38, 0],
  mergeStrategies: [],
  doubles: [],
  integers: [],
};
