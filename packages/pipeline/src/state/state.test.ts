import { deflateSync } from "node:zlib";
import type { JsonValue } from "@dlt/core";
import { decodeJson, encodeJson } from "@dlt/core/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentHash } from "./document-hash.js";
import { restoredState } from "./restore-state.js";
import {
  canonicalDestinationType,
  decodePipelineState,
  encodePipelineState,
  newPipelineState,
  type PipelineState,
  withSourceState,
} from "./state-document.js";
import { bumpState, stateHash } from "./state-hash.js";
import { encodeSourceState, type StateObject } from "./state-object.js";
import { restoreState, stateRecord, stateRow, storeState } from "./stored-state.js";

const invalid = expect.objectContaining({ code: "STATE_DOCUMENT_INVALID" }) as Error;
const minimal = { _state_version: 1, _state_engine_version: 4, pipeline_name: "p" };

test("a document of the specification has its hash", () => {
  const json =
    '{"pipeline_name":"typed","sources":{"s":{"b":"\uf02bYWI=","big":9007199254740993,"d":"\uf0282024-01-02","dec":"\uf0261.50","dt":"\uf0272024-01-02T03:04:05+00:00","f":1.0,"i":1,"n":null,"ndt":"\uf0272024-01-02T03:04:05.600000","t":"\uf02d03:04:05"}}}';
  expect(documentHash(decodeJson(json) as StateObject)).toBe("GRhDvBRFwSH7axtAJDm+H1qetJthKUwI6ugeWxwiQCg=");
});

describe("versions", () => {
  const first = bumpState(newPipelineState("p"));

  test("the first hash does not count as a change", () => {
    expect(first.version).toBe(0);
    expect(first.versionHash).toBe(stateHash(first));
    expect(bumpState({ ...first, versionHash: "" })).toEqual(first);
  });

  test("a change counts once, and a local one not at all", () => {
    const changed = bumpState({ ...first, schemaNames: ["s"] });
    expect(changed.version).toBe(1);
    expect(bumpState(changed)).toBe(changed);
    expect(bumpState({ ...changed, local: { ...changed.local, firstRun: false } }).version).toBe(1);
  });
});

describe("documents", () => {
  test("the local part is kept, and does not leave the machine", () => {
    const state: PipelineState = {
      ...newPipelineState("p"),
      local: {
        firstRun: false,
        devMode: true,
        initialCwd: "/app",
        lastExtractedAt: 1_714_000_000_123_456n,
        lastExtractedHash: "h",
        lastRunContext: new Map([["run_dir", "/app"]]),
        other: new Map([["duckdb_database", "/app/x.duckdb"]]),
      },
    };
    expect(decodePipelineState(encodePipelineState(state))).toEqual(state);
    expect(restoreState(storeState(state)).local).toEqual(newPipelineState("p").local);
  });

  test("what this version does not know is kept and hashed", () => {
    const state = decodePipelineState(JSON.stringify({ ...minimal, future: { a: [1] }, _local: { later: true } }));
    expect(state.other).toEqual(new Map([["future", new Map([["a", [1]]])]]));
    expect(stateHash(state)).not.toBe(stateHash({ ...state, other: new Map() }));
    expect(decodePipelineState(encodePipelineState(state))).toEqual(state);
  });

  test("a name that only repeats the type is none", () => {
    const read = (name: string) =>
      decodePipelineState(
        JSON.stringify({ ...minimal, destination_type: "dlt.destinations.duckdb", destination_name: name }),
      );
    expect(read("duckdb").destinationName).toBeNull();
    expect(read("warehouse").destinationName).toBe("warehouse");
  });

  test.each([
    "",
    "{",
    "[]",
    "null",
    "{}",
    JSON.stringify({ ...minimal, pipeline_name: undefined }),
    JSON.stringify({ ...minimal, pipeline_name: 1 }),
    JSON.stringify({ ...minimal, schema_names: "s" }),
    JSON.stringify({ ...minimal, schema_names: [1] }),
    JSON.stringify({ ...minimal, sources: [] }),
    JSON.stringify({ ...minimal, _state_version: "1" }),
    JSON.stringify({ ...minimal, _local: { first_run: "no" } }),
    JSON.stringify({ ...minimal, _state_engine_version: 0 }),
  ])("%s is refused", (text) => {
    expect(() => decodePipelineState(text)).toThrow(invalid);
  });

  test("one of a newer version is refused with what to do", () => {
    const read = (): unknown => decodePipelineState(JSON.stringify({ ...minimal, _state_engine_version: 5 }));
    expect(read).toThrow(expect.objectContaining({ code: "STATE_ENGINE_TOO_NEW", hint: "Update the @dlt packages." }));
  });

  test("types of destinations are written as Python dlt does", () => {
    expect(canonicalDestinationType("duckdb")).toBe("dlt.destinations.duckdb");
    expect(canonicalDestinationType("my.module.Destination")).toBe("my.module.Destination");
  });
});

describe("stored texts", () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }),
  );
  const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      scalar,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 }).map((pairs): JsonValue => new Map(pairs)),
    ),
  })).value;
  const sources = fc.array(fc.tuple(fc.string(), value), { maxLength: 4 }).map((pairs) => new Map(pairs));

  test("give the state back, with the same hash", () => {
    fc.assert(
      fc.property(sources, (made) => {
        const state = bumpState({ ...newPipelineState("p"), sources: made, keepsSources: made.size > 0 });
        const restored = restoreState(storeState(state));
        expect(restored).toEqual(state);
        expect(bumpState(restored)).toBe(restored);
        expect(decodePipelineState(encodePipelineState(state))).toEqual(state);
      }),
    );
  });

  test.each(["AAAA", "eNpd", "not base64!", deflateSync("[]").toString("base64")])("%s is refused", (text) => {
    expect(() => restoreState(text)).toThrow(invalid);
  });
});

test("the row of a state has the values of its record", () => {
  const state = bumpState(newPipelineState("p"));
  const record = stateRecord(state, { loadId: "1714000000.123456", createdAt: 1_714_000_000_123_456n });
  expect(encodeJson(stateRow(record), { typed: true })).toBe(
    `{"version":0,"engine_version":4,"pipeline_name":"p","state":"${record.state}","created_at":"\uf0272024-04-24T23:06:40.123456+00:00","version_hash":"${state.versionHash}","_dlt_load_id":"1714000000.123456"}`,
  );
  expect(restoreState(record.state)).toEqual(state);
});

test("the state of one source is taken out and put back", () => {
  const state = decodePipelineState(JSON.stringify({ ...minimal, sources: { a: { x: "\uf0261.50" }, b: {} } }));
  expect(encodeSourceState(state.sources, "a")).toBe('{"x":"\uf0261.50"}');
  expect(encodeSourceState(state.sources, "c")).toBeNull();
  const emptied = withSourceState(state, "a", null);
  expect([...emptied.sources.keys()]).toEqual(["b"]);
  expect(stateHash(withSourceState(emptied, "a", encodeSourceState(state.sources, "a")))).toBe(stateHash(state));
});

describe("restoring", () => {
  const state = (version: number, datasetName: string, pipelineName = "p"): PipelineState => ({
    ...bumpState({ ...newPipelineState(pipelineName), datasetName }),
    version,
  });
  const local = state(5, "x");

  test.each<[string, PipelineState, boolean]>([
    ["an older one is left", state(4, "y"), false],
    ["a newer one wins", state(6, "y"), true],
    ["one as new with other content wins", state(5, "y"), true],
    ["one with the same content is left", state(9, "x"), false],
    ["an older one of another pipeline is left", state(4, "y", "q"), false],
  ])("%s", (_, remote, isTaken) => {
    const result = restoredState(local, remote);
    expect(result.isTaken).toBe(isTaken);
    expect(result.state.local.firstRun).toBe(false);
    expect(result.state.version).toBe(isTaken ? remote.version : 5);
  });

  test("the local values and the dataset stay, and nothing has to be extracted", () => {
    const remote = state(6, "y");
    const here = { ...local, local: { ...local.local, initialCwd: "/app" } };
    expect(restoredState(here, remote).state).toEqual({
      ...remote,
      datasetName: "x",
      local: { ...here.local, firstRun: false, lastExtractedHash: remote.versionHash },
    });
  });

  test("the state of another pipeline is refused", () => {
    expect(() => restoredState(local, state(6, "y", "q"))).toThrow(
      expect.objectContaining({ code: "STATE_OF_OTHER_PIPELINE" }),
    );
  });
});
