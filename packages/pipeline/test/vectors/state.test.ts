import { inflateSync } from "node:zlib";
import type { JsonValue } from "@dlt/core";
import { decodeJson, encodeJson } from "@dlt/core/engine";
import { expect } from "vitest";
import { migrateState } from "../../src/state/migrate-state.js";
import {
  decodePipelineState,
  encodePipelineState,
  newPipelineState,
  type PipelineState,
  stateDocument,
} from "../../src/state/state-document.js";
import { bumpState, stateHash } from "../../src/state/state-hash.js";
import type { StateObject } from "../../src/state/state-object.js";
import { restoreState, stateRecord, stateRow, storeState } from "../../src/state/stored-state.js";
import { testVectors, type VectorObject } from "./read-vectors.js";
import { vectorValue } from "./vector-value.js";

/** The typed JSON of a value written in a vector. */
const typedJson = (written: JsonValue | undefined): string => encodeJson(vectorValue(written ?? null), { typed: true });

/** Key order does not matter. */
const sorted = (json: string): string => encodeJson(decodeJson(json), { sorted: true });

const stateOf = (vector: VectorObject): PipelineState => decodePipelineState(typedJson(vector.get("state")));

testVectors("pipeline-state", [
  {
    name: "hash and version",
    check(vector) {
      const state = stateOf(vector);
      const bumped = bumpState(state);
      expect(stateHash(state)).toBe(vector.get("version_hash"));
      expect(
        new Map<string, JsonValue>([
          ["_state_version", bumped.version],
          ["_version_hash", bumped.versionHash],
        ]),
      ).toEqual(vector.get("after_bump"));
      expect(bumpState(bumped)).toBe(bumped);
    },
  },
  {
    name: "stored text",
    check(vector) {
      const stored = storeState(bumpState(stateOf(vector)));
      expect(sorted(inflateSync(Buffer.from(stored, "base64")).toString("utf8"))).toBe(
        sorted(vector.get("stored_json") as string),
      );
    },
  },
  {
    name: "restored from the text of the reference, and from plain JSON",
    check(vector) {
      for (const text of [vector.get("stored_text") as string, vector.get("stored_json") as string]) {
        const restored = restoreState(text);
        expect(sorted(encodeJson(stateDocument(restored), { typed: true }))).toBe(
          sorted(typedJson(vector.get("decoded"))),
        );
        expect(stateHash(restored)).toBe(restored.versionHash);
      }
    },
  },
  {
    name: "kept in the working folder without a change",
    check(vector) {
      const state = stateOf(vector);
      const kept = decodePipelineState(encodePipelineState(state));
      expect(kept).toEqual(state);
      expect(stateHash(kept)).toBe(vector.get("version_hash"));
    },
  },
]);

testVectors("state-migrations", [
  {
    name: "to the version in force",
    check(vector) {
      const expected = vector.get("migrated");
      const migrate = () => migrateState(decodeJson(typedJson(vector.get("state"))) as StateObject);
      if (expected instanceof Map && expected.has("error")) expect(migrate).toThrow();
      else expect(sorted(encodeJson(migrate()))).toBe(sorted(typedJson(expected)));
    },
  },
]);

testVectors("system-tables", [
  {
    name: "the row of a state has the columns of its table in their order, before the one that is added",
    leftOut: (vector) => (vector.get("table") === "_dlt_pipeline_state" ? null : "since they hold no states"),
    check(vector) {
      const definition = vector.get("definition") as VectorObject;
      const columns = definition.get("columns") as readonly VectorObject[];
      const record = stateRecord(bumpState(newPipelineState("p")), { loadId: "1714000000.123456", createdAt: 0n });
      expect([...stateRow(record).keys(), "_dlt_id"]).toEqual(columns.map((column) => column.get("name")));
    },
  },
]);
