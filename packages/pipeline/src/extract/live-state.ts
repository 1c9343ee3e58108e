import { type Float, isDltError, type JsonValue, kindOf, SourceError } from "@dlt/core";
import {
  decodeJson,
  decodeMarked,
  decodeTyped,
  encodeJson,
  ownMember,
  plainValue,
  setOwnMember,
} from "@dlt/core/engine";
import type { StateObject } from "../state/state-object.js";

/** The state of a source while it is read: plain objects, which code of authors may change. */
export interface LiveState {
  readonly source: Record<string, unknown>;
  /** The state of a resource; made when it is asked for. */
  resource(name: string): Record<string, unknown>;
  /** Forgets the state of a resource. The source has a state then, if an empty one. */
  resetResource(name: string): void;
  /** The `sources` part of the state with what was changed; the same object when nothing was. */
  stored(): StateObject;
  /** The same with only these parts of what was changed; the rest is as it was opened, or as the last call left it. */
  storedParts(parts: StateParts): StateObject;
  /** A part as it is. */
  capture(part: StatePart): CapturedState;
  /** The part of a resource without its cursors, as it is. */
  captureOwn(name: string): CapturedState;
  /** The part of a resource: its cursors as they are, the rest as it was captured. */
  withCursors(name: string, own: CapturedState): CapturedState;
}

/** A part of the state of a source: that of a resource by its name; `null`: what the source has beside its resources. */
export type StatePart = string | null;

/** A part of the state at some moment, typed JSON. */
export type CapturedState = string;

/** Parts of the state of a source as they were captured. */
export type StateParts = ReadonlyMap<StatePart, CapturedState>;

/** Opens the state of a source. Numbers are plain numbers, and marked texts the values that they stand for. */
export function openLiveState(opened: StateObject, name: string): LiveState {
  let sources = opened;
  let original = sources.get(name);
  const live = (original === undefined ? {} : plainValue(decodeTyped(original))) as Record<string, unknown>;
  let asked = original !== undefined;
  const resources = (): Record<string, unknown> => {
    asked = true;
    live["resources"] ??= {};
    return live["resources"] as Record<string, unknown>;
  };
  return {
    get source() {
      asked = true;
      return live;
    },
    resource: (resource) => {
      const all = resources();
      if (!Object.hasOwn(all, resource)) setOwnMember(all, resource, {});
      return all[resource] as Record<string, unknown>;
    },
    resetResource: (resource) => {
      asked = true;
      const { resources: all } = live;
      if (typeof all === "object" && all !== null) Reflect.deleteProperty(all, resource);
    },
    stored: () => {
      if (!asked) return sources;
      const value = reconciled(encoded(live, name), original);
      return value === original ? sources : new Map([...sources, [name, value]]);
    },
    storedParts: (parts) => {
      const value = withParts(original, parts);
      if (value !== original) sources = new Map([...sources, [name, value]]);
      original = value;
      return sources;
    },
    capture: (part) => {
      if (part !== null) return encodedText(resourceOf(live, part), name);
      const { resources: _, ...own } = live;
      return encodedText(own, name);
    },
    captureOwn: (resource) => {
      const { incremental: _, ...own } = resourceOf(live, resource);
      return encodedText(own, name);
    },
    withCursors: (resource, own) => {
      const { incremental } = resourceOf(live, resource);
      const captured = decodeJson(own) as StateObject;
      const cursors = incremental === undefined ? [] : [["incremental", encoded(incremental, name)] as const];
      return encodeJson(new Map([...captured, ...cursors]), { typed: true });
    },
  };
}

/** The state of a source with some parts of it replaced; the same object when nothing changed. */
function withParts(original: JsonValue | undefined, parts: StateParts): JsonValue {
  const before = original instanceof Map ? (original as StateObject) : new Map<string, JsonValue>();
  const resourcesBefore = before.get("resources");
  const all = new Map(resourcesBefore instanceof Map ? (resourcesBefore as StateObject) : []);
  for (const [name, text] of parts) {
    if (name === null) continue;
    const value = decodeJson(text);
    // A resource that keeps nothing has no part.
    if (all.has(name) || (value instanceof Map && value.size > 0)) all.set(name, value);
  }
  const shared = parts.get(null);
  const own = shared === undefined ? before : (decodeJson(shared) as StateObject);
  const members = [...own].filter(([key]) => key !== "resources");
  const hasResources = resourcesBefore !== undefined || all.size > 0;
  return reconciled(new Map([...members, ...(hasResources ? [["resources", all] as const] : [])]), original);
}

/** The part of a resource; empty when it has none. */
function resourceOf(live: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const { resources = {} } = live;
  return (ownMember(resources as Readonly<Record<string, unknown>>, name) ?? {}) as Readonly<Record<string, unknown>>;
}

/** Python dlt, which reads the state too, reads JSON of 1024 levels at most. */
const mostLevels = 1000;

function encoded(live: unknown, source: string): JsonValue {
  return decodeJson(encodedText(live, source));
}

function encodedText(live: unknown, source: string): string {
  let text: string;
  try {
    text = encodeJson(live, { typed: true });
  } catch (cause) {
    throw notStorable(source, isDltError(cause) ? cause.message : "it is not JSON", cause);
  }
  if (levelsOf(text) > mostLevels) throw notStorable(source, `it is nested more than ${mostLevels} levels deep.`);
  return text;
}

function notStorable(source: string, reason: string, cause?: unknown): SourceError {
  return new SourceError("SOURCE_STATE_INVALID", `The state of source \`${source}\` cannot be stored: ${reason}`, {
    hint: "Keep plain values, lists and objects in the state, and typed values such as `Decimal` and `Timestamp`.",
    context: { source },
    ...(cause !== undefined && { cause }),
  });
}

/** How deep arrays and objects are nested in a JSON text. */
function levelsOf(json: string): number {
  let most = 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') inString = !inString;
    else if (inString) at += character === "\\" ? 1 : 0;
    else if (character === "{" || character === "[") most = Math.max(most, ++depth);
    else if (character === "}" || character === "]") depth--;
  }
  return most;
}

/**
 * A new value with everything of the original that it equals, so that what nobody changed is stored as it was: a plain number
 * stays a float where it was one, a marked text keeps its form.
 */
function reconciled(value: JsonValue, original: JsonValue | undefined): JsonValue {
  if (original === undefined || Object.is(value, original)) return value;
  if (isFloat(original)) {
    const number = isFloat(value) ? value.value : value;
    return Object.is(number, original.value) ? original : value;
  }
  if (typeof value === "string" && typeof original === "string") {
    const decoded = decodeMarked(original);
    return typeof decoded !== "string" && decodeJson(encodeJson(decoded, { typed: true })) === value ? original : value;
  }
  if (Array.isArray(value) && Array.isArray(original)) {
    const list = value.map((element, index) => reconciled(element, original[index]));
    return list.length === original.length && list.every((element, index) => element === original[index])
      ? original
      : list;
  }
  if (value instanceof Map && original instanceof Map) {
    const before = original as StateObject;
    const map = new Map([...(value as StateObject)].map(([key, member]) => [key, reconciled(member, before.get(key))]));
    return map.size === before.size && [...map].every(([key, member]) => before.get(key) === member) ? original : map;
  }
  return value;
}

function isFloat(value: unknown): value is Float {
  return typeof value === "object" && value !== null && kindOf(value) === "float";
}
