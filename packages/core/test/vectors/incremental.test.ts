import { expect } from "vitest";
import { resourceDefinition } from "../../src/authoring/brand.js";
import { incremental } from "../../src/authoring/incremental.js";
import { resource } from "../../src/authoring/resource.js";
import { cursorOf } from "../../src/authoring/steps.js";
import type { IncrementalOptions } from "../../src/contract/incremental.js";
import { SourceError } from "../../src/errors/index.js";
import { encodeJson } from "../../src/json/encode.js";
import { openCursor } from "../../src/reading/cursor/cursor-reader.js";
import { testVectors } from "./read-vectors.js";
import { isExpectedError, typedValue } from "./typed-value.js";

interface LagCase {
  readonly last_value: unknown;
  readonly lag: number;
  readonly last_value_func: "min" | "max";
  readonly initial_value: unknown;
  readonly start_value: unknown;
}

/**
 * The reference reads digits as Unix seconds, prints weeks that are not those of ISO 8601, and gives a date-time for some texts,
 * which no row equals. Here weeks and months stay what they are, and the rest is refused (`null`).
 */
const ownResults: Readonly<Record<string, string | null>> = {
  "2023-W10 max 86400 null": "2023-W09",
  "202303 max 1 null": "202302",
  "2024-W01-1 max 604800 null": "2023-W52-1",
  "2024-W01 min 1 null": "2024-W01",
  "2026-W10 max 1 null": "2026-W09",
  "2026-W01-1 max 86400 null": "2025-W52-7",
  "10 max 1 null": null,
  "10 max 1 10": null,
  "2023-03-03T12:00:00.5 max 60 null": null,
};

testVectors("incremental-lag", (vector: LagCase) => {
  const { last_value: last, lag, last_value_func: lastValueFunc, initial_value: initial } = vector;
  const initialValue = typedValue(initial);
  const start = (): unknown =>
    startOf(typedValue(last), { lag, lastValueFunc, ...(initial !== null && { initialValue }) });
  const own = ownResults[`${last} ${lastValueFunc} ${lag} ${initial}`];
  if (last === null) {
    // Without a last value there is nothing to go back from.
    expect(start()).toBeUndefined();
  } else if (own === null || (own === undefined && isExpectedError(vector.start_value))) {
    expect(start).toThrow(SourceError);
  } else {
    expect(typedJson(start())).toBe(typedJson(own ?? typedValue(vector.start_value)));
  }
});

function startOf(last: unknown, options: IncrementalOptions<unknown>): unknown {
  const cursor = cursorOf(
    resourceDefinition(resource({ name: "items", incremental: incremental("at", options) }, () => [])).steps,
  );
  if (cursor === undefined) throw new Error("The resource has no cursor.");
  const document = { initial_value: null, last_value: last, unique_hashes: [], start_value: null };
  return openCursor({
    cursor,
    primaryKey: undefined,
    state: () => ({ incremental: { at: document } }),
    stopsEarly: true,
  }).window.startValue;
}

function typedJson(value: unknown): string {
  return encodeJson(value, { typed: true });
}

interface ValidationCase {
  readonly options: Readonly<Record<string, unknown>>;
  readonly result: "accepted" | { readonly error: readonly string[] };
}

const optionNames: Readonly<Record<string, keyof IncrementalOptions<unknown>>> = {
  initial_value: "initialValue",
  end_value: "endValue",
  last_value_func: "lastValueFunc",
  on_cursor_value_missing: "onCursorValueMissing",
  range_start: "rangeStart",
  lag: "lag",
};

testVectors("incremental-validation", ({ options, result }: ValidationCase) => {
  const { cursor_path: path, ...others } = options;
  const given = Object.fromEntries(
    Object.entries(others).map(([name, value]) => {
      const option = optionNames[name];
      if (option === undefined) throw new Error(`The test does not know the option ${name}.`);
      return [option, typedValue(value)];
    }),
  );
  const make = (): unknown => incremental(path as string, given);
  // The reference never looks at the ranges; here every option is checked.
  if (result === "accepted" && given["rangeStart"] !== "half") expect(make).not.toThrow();
  else expect(make).toThrow(SourceError);
});
