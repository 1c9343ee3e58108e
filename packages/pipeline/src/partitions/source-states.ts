import { type JsonValue, PackageError } from "@dlt/core";
import { compareCursors, decodeJson, decodeMarked, encodeJson } from "@dlt/core/engine";
import { isStateObject, type StateObject } from "../state/state-object.js";
import type { PartCursor, PlannedPart } from "./plan-document.js";

/** The state of a source after one of its partitions. */
export interface PartState {
  readonly part: PlannedPart;
  readonly state: StateObject;
}

const empty: StateObject = new Map();

/** Reads what `encodeSourceState` gave. */
export function parseSourceState(text: string | null): StateObject {
  return text === null ? empty : objectOf(decodeJson(text));
}

/** The state of a source as it is opened when these of its resources start without one. */
export function withoutStateOf(names: readonly string[], state: StateObject): StateObject {
  const resources = new Map([...resourcesOf(state)].filter(([name]) => !names.includes(name)));
  return state.has("resources") ? new Map([...state, ["resources", resources]]) : state;
}

/**
 * Refuses what cannot be put together again: a resource that is read in parts may move its cursor, and change no other state.
 * @param opened the state that the partition started from
 * @throws PackageError `PARTITION_STATE_CHANGED`
 */
export function assertOnlyCursorsMoved(source: string, opened: StateObject, { part, state }: PartState): void {
  if (part.split === null) return;
  const shared = [...changedKeys(opened, state)].filter((key) => key !== "resources");
  const [before, after] = [resourcesOf(opened), resourcesOf(state)];
  const changed = [...new Set([...before.keys(), ...after.keys()])].find((name) => {
    const cursors = part.cursors.filter(({ resource }) => resource === name).map(({ path }) => path);
    return withoutCursors(before.get(name), cursors) !== withoutCursors(after.get(name), cursors);
  });
  if (shared.length === 0 && changed === undefined) return;
  throw new PackageError(
    "PARTITION_STATE_CHANGED",
    `Resource \`${part.split}\` of source \`${source}\` is read in parts and changed ${changed === undefined ? "the state of the source" : `the state of \`${changed}\``}.`,
    {
      hint: "Only cursors of incremental loading can be put together from parts. Leave `partitions` out, or keep what you know in a cursor.",
      context: { source, resource: part.split },
    },
  );
}

/**
 * The state that all partitions together leave. A resource that was read as a whole has its own; one that was read in parts has the
 * cursors of all of them put together. Anything else may be changed by one partition only: what each makes of it follows from what was
 * there before, so that even the same value may be another one than a run leaves, such as that of a counter.
 *
 * @throws PackageError `PARTITION_STATE_CONFLICT` when two changed the same of what they share
 */
export function mergeStates(source: string, before: StateObject, parts: readonly PartState[]): StateObject {
  const merged = new Map(before);
  const shared = new Set<string>();
  const changed = new Map<string, PartState[]>();
  for (const part of parts) {
    for (const key of changedKeys(before, part.state)) {
      if (key === "resources") continue;
      if (shared.has(key)) throw conflict(source, `the key \`${key}\` of its state`);
      shared.add(key);
      setOrDelete(merged, key, part.state.get(key));
    }
    for (const name of changedKeys(resourcesOf(before), resourcesOf(part.state)))
      changed.set(name, [...(changed.get(name) ?? []), part]);
  }
  if (changed.size === 0) return merged;
  const resources = new Map(resourcesOf(before));
  for (const [name, by] of changed) {
    const states = by.map(({ state }) => resourcesOf(state).get(name));
    const isSplit = by.every(({ part }) => part.split !== null);
    if (!isSplit && by.length > 1) throw conflict(source, `the state of \`${name}\``);
    const cursors = by[0]?.part.cursors.filter(({ resource }) => resource === name) ?? [];
    const own = resourcesOf(before).get(name);
    setOrDelete(resources, name, isSplit ? mergedResource(own, states, cursors) : states[0]);
  }
  return merged.set("resources", resources);
}

/** The last values of the cursors of a resource, by their paths. */
export function lastValuesOf(state: StateObject, resource: string): ReadonlyMap<string, JsonValue> {
  const cursors = cursorsIn(objectOf(resourcesOf(state).get(resource)));
  return new Map([...cursors].map(([path, cursor]) => [path, objectOf(cursor).get("last_value") ?? null]));
}

function mergedResource(
  before: JsonValue | undefined,
  states: readonly (JsonValue | undefined)[],
  cursors: readonly PartCursor[],
): JsonValue | undefined {
  const known = states.filter((state) => state !== undefined).map(objectOf);
  const [first] = known;
  if (first === undefined) return undefined;
  const merged = new Map(first);
  for (const { path, lastValueFunc } of cursors) {
    const documents = known.flatMap((state) => cursorDocument(state, path) ?? []);
    const document = mergeCursors(documents, { before: cursorDocument(objectOf(before), path), lastValueFunc });
    if (document !== null) merged.set("incremental", new Map([...cursorsIn(merged), [path, document]]));
  }
  return merged;
}

/**
 * A cursor after all parts: the greatest (or smallest) of the last values, with the rows that have it in any of them. `null` when no
 * part has it.
 */
export function mergeCursors(
  documents: readonly StateObject[],
  options: { readonly before: StateObject | null; readonly lastValueFunc: "min" | "max" },
): StateObject | null {
  const { before, lastValueFunc } = options;
  const moved = documents.filter((document) => before === null || !same(document, before));
  const direction = lastValueFunc === "max" ? 1 : -1;
  let best: StateObject | null = null;
  const hashes = new Set<JsonValue>();
  for (const document of moved) {
    const order = best === null ? 1 : compareLast(document, best, direction);
    if (order > 0) {
      best = document;
      hashes.clear();
    }
    if (order >= 0) for (const hash of listOf(document.get("unique_hashes"))) hashes.add(hash);
  }
  if (best === null) return documents[0] ?? null;
  // The parts that gave rows have written down where they started.
  const started = moved.find((document) => !same(document.get("start_value"), before?.get("start_value"))) ?? best;
  return new Map([...best, ["unique_hashes", [...hashes]], ["start_value", started.get("start_value") ?? null]]);
}

/** Positive when `a` is beyond `b`. A cursor without a value is beyond none. */
function compareLast(a: StateObject, b: StateObject, direction: 1 | -1): number {
  const [left = null, right = null] = [a.get("last_value"), b.get("last_value")];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return compareCursors(decoded(left), decoded(right)) * direction;
}

function decoded(value: JsonValue): unknown {
  return typeof value === "string" ? decodeMarked(value) : value;
}

function conflict(source: string, what: string): PackageError {
  return new PackageError(
    "PARTITION_STATE_CONFLICT",
    `Several partitions of source \`${source}\` changed ${what}, without knowing of each other. Nothing was loaded.`,
    {
      hint: "Let each resource keep its own state, or only one of them write what they share. Then make a new plan.",
      context: { source },
    },
  );
}

function resourcesOf(state: StateObject): StateObject {
  return objectOf(state.get("resources"));
}

function cursorsIn(resource: StateObject): StateObject {
  return objectOf(resource.get("incremental"));
}

function cursorDocument(resource: StateObject, path: string): StateObject | null {
  const document = cursorsIn(resource).get(path);
  return isStateObject(document) ? document : null;
}

/** The state of a resource without the cursors that are put together, as text. */
function withoutCursors(state: JsonValue | undefined, cursors: readonly string[]): string {
  const rest = new Map(objectOf(state));
  const others = [...cursorsIn(rest)].filter(([path]) => !cursors.includes(path));
  if (others.length === 0) rest.delete("incremental");
  else rest.set("incremental", new Map(others));
  return textOf(rest);
}

function changedKeys(before: StateObject, after: StateObject): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => !same(before.get(key), after.get(key)));
}

function setOrDelete(map: Map<string, JsonValue>, key: string, value: JsonValue | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && textOf(a) === textOf(b));
}

function textOf(value: JsonValue): string {
  return encodeJson(value, { typed: true, sorted: true });
}

function objectOf(value: JsonValue | undefined): StateObject {
  return isStateObject(value) ? value : empty;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
