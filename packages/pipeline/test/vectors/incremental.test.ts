import { readFileSync } from "node:fs";
import {
  type DataValue,
  decodeJson,
  encodeJson,
  encodeRows,
  type Hints,
  type IncrementalOptions,
  incremental,
  type JsonValue,
  kindOf,
  type Resource,
  resource,
} from "@dlt/core";
import { describe, expect, test } from "vitest";
import type { StateObject } from "../../src/state/state-object.js";
import { rowsByTable, runExtract, sourceOf } from "../extract-run.js";
import { vectorValue } from "./vector-value.js";

type Case = ReadonlyMap<string, JsonValue>;

const text = readFileSync(new URL("../../../../vectors/incremental/runs.json", import.meta.url), "utf8");
const cases = (decodeJson(text) as Case).get("cases") as readonly Case[];

/** `refresh` is an argument of a run, which changes the state before anything is extracted. */
const byRuns = new Set(["refresh_drop_resources"]);

const optionNames: Readonly<Record<string, keyof IncrementalOptions<unknown>>> = {
  initial_value: "initialValue",
  end_value: "endValue",
  primary_key: "primaryKey",
  row_order: "rowOrder",
  lag: "lag",
  range_start: "rangeStart",
  range_end: "rangeEnd",
  on_cursor_value_missing: "onCursorValueMissing",
};
const hintNames: Readonly<Record<string, keyof Hints>> = {
  primary_key: "primaryKey",
  write_disposition: "writeDisposition",
};

type Event = Readonly<Record<string, string>>;
const functions: Readonly<Record<string, "min" | "max" | ((values: readonly never[]) => unknown)>> = {
  min: "min",
  max: "max",
  latest_by_type: ([event, last = {}]: readonly Event[]) => {
    const { type = "", created_at: at = "" } = event ?? {};
    const latest = [last[type] ?? "", at].sort().at(-1) ?? "";
    return { ...last, [type]: latest };
  },
  mod10: (values: readonly number[]) => [...values].sort((a, b) => (b % 10) - (a % 10) || b - a)[0],
  longest: (values: readonly string[]) => [...values].sort((a, b) => b.length - a.length || (b > a ? 1 : -1))[0],
};

/** Objects as code of authors has them; typed values stay. */
function asObjects(value: DataValue): unknown {
  if (Array.isArray(value)) return value.map(asObjects);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, member]) => [key, asObjects(member as DataValue)]));
}

function renamed(given: JsonValue | undefined, names: Readonly<Record<string, string>>): Record<string, unknown> {
  const members = [...((given ?? new Map()) as Case)].filter(
    ([key]) => key !== "cursor_path" && key !== "last_value_func",
  );
  return Object.fromEntries(
    members.map(([key, value]) => {
      const name = names[key];
      if (name === undefined) throw new Error(`The test does not know ${key}.`);
      return [name, asObjects(vectorValue(value))];
    }),
  );
}

/** How the rows of a vector are handed over. */
type Feed = "objects" | "text";

function resourceOf(described: Case, feed: Feed): Resource {
  const pages = (described.get("pages") ?? [described.get("rows") ?? []]) as readonly JsonValue[];
  const read = function* (): Generator<unknown> {
    for (const page of pages) {
      const value = vectorValue(page);
      if (feed === "objects" || !Array.isArray(value) || value.length === 0) yield asObjects(value);
      else yield { jsonText: encodeRows(value), framing: "lines" };
    }
    if (described.get("fail") === true) throw new Error("as the vector says");
  };
  const made = resource({ name: described.get("name") as string, ...renamed(described.get("hints"), hintNames) }, read);
  const cursor = described.get("incremental") as Case | undefined;
  if (cursor !== undefined) {
    const chosen = cursor.get("last_value_func") as string | undefined;
    const lastValueFunc = functions[chosen ?? "max"];
    if (lastValueFunc === undefined) throw new Error(`The test does not know ${chosen}.`);
    const options = { ...renamed(cursor, optionNames), lastValueFunc } as IncrementalOptions<unknown>;
    made.applyHints({ incremental: incremental(cursor.get("cursor_path") as string, options) });
  }
  const limit = described.get("limit");
  return limit === undefined ? made : made.addLimit(limit as number);
}

/** Typed JSON in which neither the order of keys nor that of hashes counts. */
function canonical(value: DataValue | StateObject): string {
  return encodeJson(withSortedHashes(value), { typed: true, sorted: true });
}

function withSortedHashes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedHashes);
  if (!(value instanceof Map)) return value;
  return new Map(
    [...(value as ReadonlyMap<string, unknown>)].map(([key, member]) => [
      key,
      key === "unique_hashes" ? [...(member as readonly string[])].sort() : withSortedHashes(member),
    ]),
  );
}

/** True when JSON text can say the rows: typed values of text are only known to the normalizer. */
function fitsText(value: DataValue): boolean {
  if (Array.isArray(value)) return value.every(fitsText);
  if (value instanceof Map) return [...value.values()].every((member) => fitsText(member as DataValue));
  return typeof value !== "object" || value === null || kindOf(value) === "float";
}

async function check(vector: Case, feed: Feed): Promise<void> {
  let sourcesState: StateObject = new Map();
  for (const run of vector.get("runs") as readonly Case[]) {
    const expected = run.get("expect") as Case;
    const extracted = (async () => {
      const resources = (run.get("resources") as readonly Case[]).map((described) => resourceOf(described, feed));
      return await runExtract({ source: sourceOf(...resources), sourcesState });
    })();
    if (expected.get("error") === null) {
      const { chunks, result } = await extracted;
      sourcesState = result.sourcesState;
      expect(canonical(new Map(Object.entries(rowsByTable(chunks))))).toBe(
        canonical(vectorValue(expected.get("rows") ?? null)),
      );
    } else await expect(extracted).rejects.toMatchObject({ family: "source" });
    expect(canonical(sourcesState)).toBe(canonical(vectorValue(expected.get("state") ?? new Map())));
  }
}

test("cases are there, and what is left out says why", () => {
  expect(cases.length).toBe(77);
  for (const vector of cases) {
    if (!byRuns.has(vector.get("id") as string)) continue;
    expect((vector.get("runs") as readonly Case[]).some((run) => run.has("refresh"))).toBe(true);
  }
});

const extractOnly = cases.filter((vector) => !byRuns.has(vector.get("id") as string));

describe("rows as objects", () => {
  test.each(extractOnly.map((vector) => [vector.get("id") as string, vector] as const))("%s", async (_, vector) => {
    await check(vector, "objects");
  });
});

describe("rows as text", () => {
  const asText = extractOnly.filter((vector) =>
    (vector.get("runs") as readonly Case[]).every((run) =>
      (run.get("resources") as readonly Case[]).every((each) =>
        fitsText(vectorValue(each.get("pages") ?? each.get("rows") ?? [])),
      ),
    ),
  );
  test.each(asText.map((vector) => [vector.get("id") as string, vector] as const))("%s", async (_, vector) => {
    await check(vector, "text");
  });
});
