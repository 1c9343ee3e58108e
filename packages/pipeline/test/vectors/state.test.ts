import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import type { JsonValue } from "@dlt/core";
import { decodeJson, encodeJson } from "@dlt/core/engine";
import { describe, expect, test } from "vitest";
import { migrateState } from "../../src/state/migrate-state.js";
import {
  decodePipelineState,
  encodePipelineState,
  newPipelineState,
  stateDocument,
} from "../../src/state/state-document.js";
import { bumpState, stateHash } from "../../src/state/state-hash.js";
import type { StateObject } from "../../src/state/state-object.js";
import { restoreState, stateRecord, stateRow, storeState } from "../../src/state/stored-state.js";
import { vectorValue } from "./vector-value.js";

type Case = ReadonlyMap<string, JsonValue>;

function casesOf(file: string): readonly Case[] {
  const text = readFileSync(new URL(`../../../../vectors/state/${file}`, import.meta.url), "utf8");
  const document = decodeJson(text) as ReadonlyMap<string, JsonValue>;
  return document.get("cases") as readonly Case[];
}

/** The typed JSON of a value written in a vector. */
const typedJson = (written: JsonValue | undefined): string => encodeJson(vectorValue(written ?? null), { typed: true });

/** Key order does not matter. */
const sorted = (json: string): string => encodeJson(decodeJson(json), { sorted: true });

const documents = casesOf("documents.json");

test("there are cases", () => {
  expect(documents.length).toBeGreaterThan(8);
  expect(casesOf("migrations.json").length).toBeGreaterThan(5);
});

describe.each(documents.map((each, index) => [index, each] as const))("document %i", (_, each) => {
  const state = decodePipelineState(typedJson(each.get("state")));
  const storedJson = each.get("stored_json") as string;

  test("hash and version", () => {
    const bumped = bumpState(state);
    expect(stateHash(state)).toBe(each.get("version_hash"));
    expect(
      new Map<string, JsonValue>([
        ["_state_version", bumped.version],
        ["_version_hash", bumped.versionHash],
      ]),
    ).toEqual(each.get("after_bump"));
    expect(bumpState(bumped)).toBe(bumped);
  });

  test("stored text", () => {
    const stored = storeState(bumpState(state));
    expect(sorted(inflateSync(Buffer.from(stored, "base64")).toString("utf8"))).toBe(sorted(storedJson));
  });

  test("restored from the text of the reference, and from plain JSON", () => {
    for (const text of [each.get("stored_text") as string, storedJson]) {
      const restored = restoreState(text);
      expect(sorted(encodeJson(stateDocument(restored), { typed: true }))).toBe(sorted(typedJson(each.get("decoded"))));
      expect(stateHash(restored)).toBe(restored.versionHash);
    }
  });

  test("kept in the working folder without a change", () => {
    const kept = decodePipelineState(encodePipelineState(state));
    expect(kept).toEqual(state);
    expect(stateHash(kept)).toBe(each.get("version_hash"));
  });
});

test.each(casesOf("migrations.json").map((each, index) => [index, each] as const))("migration %i", (_, each) => {
  const migrated = migrateState(decodeJson(typedJson(each.get("state"))) as StateObject);
  expect(sorted(encodeJson(migrated))).toBe(sorted(typedJson(each.get("migrated"))));
});

test("the row of a state has the columns of the system table in their order, before the one that is added", () => {
  const table = casesOf("system_tables.json").find((each) => each.get("table") === "_dlt_pipeline_state");
  const definition = table?.get("definition") as ReadonlyMap<string, JsonValue>;
  const columns = definition.get("columns") as readonly ReadonlyMap<string, JsonValue>[];
  const row = stateRow(stateRecord(bumpState(newPipelineState("p")), { loadId: "1714000000.123456", createdAt: 0n }));
  expect([...row.keys(), "_dlt_id"]).toEqual(columns.map((column) => column.get("name")));
});
