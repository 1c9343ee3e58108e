import type { JsonValue } from "@dlt/core";
import { decodeJson, encodeJson } from "@dlt/core/engine";
import { describe, expect, test } from "vitest";
import type { StateObject } from "../state/state-object.js";
import type { PlannedPart } from "./plan-document.js";
import {
  assertOnlyCursorsMoved,
  mergeCursors,
  mergeStates,
  parseSourceState,
  withoutStateOf,
} from "./source-states.js";

const stateOf = (value: unknown) => decodeJson(JSON.stringify(value)) as StateObject;
const plain = (state: JsonValue | null) =>
  state === null ? null : (JSON.parse(encodeJson(state, { typed: true })) as unknown);
const cursor = (last: unknown, hashes: readonly string[], start: unknown = null) => ({
  initial_value: null,
  last_value: last,
  unique_hashes: hashes,
  start_value: start,
});
const inParts: PlannedPart = {
  resources: ["r"],
  range: 0,
  split: "r",
  cursors: [{ resource: "r", path: "id", lastValueFunc: "max" }],
};
const whole = (name: string): PlannedPart => ({ resources: [name], split: null, cursors: [] });

describe("cursors", () => {
  const merged = (documents: readonly unknown[], before: unknown = null, lastValueFunc: "min" | "max" = "max") =>
    plain(mergeCursors(documents.map(stateOf), { before: before === null ? null : stateOf(before), lastValueFunc }));

  test("the greatest last value counts, with the rows that have it in any part", () => {
    const parts = [cursor(3, ["a"]), cursor(9, ["b"]), cursor(9, ["c", "b"]), cursor(5, ["d"])];
    expect(merged(parts)).toEqual(cursor(9, ["b", "c"]));
    expect(merged(parts, null, "min")).toEqual(cursor(3, ["a"]));
  });

  test("a part without rows leaves what was before, and knows no better start", () => {
    const before = cursor(4, ["x"], 1);
    expect(merged([before, cursor(6, ["a"], 4), before], before)).toEqual(cursor(6, ["a"], 4));
    expect(merged([before, cursor(4, ["x", "y"], 4)], before)).toEqual(cursor(4, ["x", "y"], 4));
    expect(merged([before, before], before)).toEqual(before);
    expect(merged([cursor(null, []), cursor(2, ["a"])])).toEqual(cursor(2, ["a"]));
  });

  test("typed values compare as what they stand for", () => {
    const at = (time: string) => `\uf027${time}`;
    const parts = [cursor(at("2024-01-01T23:00:00+00:00"), ["a"]), cursor(at("2024-01-02T00:30:00+02:00"), ["b"])];
    expect(merged(parts)).toEqual(parts[0]);
  });
});

describe("states of sources", () => {
  const before = stateOf({ token: 1, resources: { r: { incremental: { id: cursor(1, []) } }, other: { n: 1 } } });

  test("each resource keeps what its partitions left", () => {
    const parts = [
      {
        part: inParts,
        state: stateOf({ token: 1, resources: { r: { incremental: { id: cursor(5, ["a"]) } }, other: { n: 1 } } }),
      },
      {
        part: inParts,
        state: stateOf({ token: 1, resources: { r: { incremental: { id: cursor(3, ["b"]) } }, other: { n: 1 } } }),
      },
      {
        part: whole("other"),
        state: stateOf({
          token: 2,
          resources: { r: { incremental: { id: cursor(1, []) } }, other: { n: 2 }, extra: {} },
        }),
      },
    ];
    expect(plain(mergeStates("shop", before, parts))).toEqual({
      token: 2,
      resources: { r: { incremental: { id: cursor(5, ["a"]) } }, other: { n: 2 }, extra: {} },
    });
    expect(plain(mergeStates("shop", before, []))).toEqual(plain(before));
  });

  test("two that changed the same are refused, also to the same value", () => {
    const changed = (change: object) => ({ part: whole("a"), state: stateOf({ token: 1, ...change }) });
    expect(() => mergeStates("shop", before, [changed({ token: 2 }), changed({ token: 3 })])).toThrow(
      expect.objectContaining({ code: "PARTITION_STATE_CONFLICT" }),
    );
    const other = (n: number) => changed({ resources: { other: { n } } });
    expect(() => mergeStates("shop", before, [other(2), other(3)])).toThrow(
      expect.objectContaining({ code: "PARTITION_STATE_CONFLICT" }),
    );
    for (const twice of [changed({ token: 2 }), changed({ fresh: 1 }), other(2)])
      expect(() => mergeStates("shop", before, [twice, twice])).toThrow(
        expect.objectContaining({ code: "PARTITION_STATE_CONFLICT" }),
      );
  });

  const other = { other: { n: 1 } };
  const checkOf = (opened: StateObject, state: object) => () =>
    assertOnlyCursorsMoved("shop", opened, { part: inParts, state: stateOf(state) });

  test.each<[string, object]>([
    ["another cursor", { token: 1, resources: { r: { incremental: { at: cursor(2, []) } }, ...other } }],
    ["state of its own", { token: 1, resources: { r: { page: 1 }, ...other } }],
    ["state of another resource", { token: 1, resources: { r: { incremental: { id: cursor(2, []) } } } }],
    ["state of the source", { token: 2, resources: other }],
  ])("a resource in parts that changes %s is refused", (_, state) => {
    expect(checkOf(before, state)).toThrow(expect.objectContaining({ code: "PARTITION_STATE_CHANGED" }));
    assertOnlyCursorsMoved("shop", before, { part: whole("r"), state: stateOf(state) });
  });

  test("a resource in parts may move its cursor", () => {
    checkOf(before, { token: 1, resources: { r: { incremental: { id: cursor(2, []) } }, ...other } })();
  });

  test("a resource in parts may clear its state only by being replaced, which the partition starts with", () => {
    const kept = stateOf({ token: 1, resources: { r: { page: 1 }, ...other } });
    const cleared = { token: 1, resources: { r: {}, ...other } };
    expect(checkOf(kept, cleared)).toThrow(expect.objectContaining({ code: "PARTITION_STATE_CHANGED" }));
    checkOf(withoutStateOf(["r"], kept), cleared)();
    checkOf(withoutStateOf(["r"], kept), { token: 1, resources: other })();
    expect(plain(withoutStateOf(["r"], stateOf({ token: 1 })))).toEqual({ token: 1 });
  });

  test("no state is an empty one", () => {
    expect(parseSourceState(null)).toEqual(new Map());
  });
});
