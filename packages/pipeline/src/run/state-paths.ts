import type { JsonValue } from "@dlt/core";
import { isStateObject, type StateObject } from "../state/state-object.js";

/** The keys that lead to a place in the state of a source, from the outside in; `*` stands for every key. */
export type StatePath = readonly string[];

/** `$.repos.last_page` → `["repos", "last_page"]`; `null` for what is no path. */
export function parseStatePath(text: string): StatePath | null {
  const path = text.replace(/^\$\.?/, "").split(".");
  return path.some((key) => key === "") ? null : path;
}

/** The places in the state of a source that a path leads to, e.g. `["repos.last_page"]`. `resources` is none of them. */
export function placesOf(sources: StateObject, sourceName: string, path: StatePath): readonly string[] {
  const state = sources.get(sourceName);
  return isStateObject(state) ? places(ownPart(state), path) : [];
}

/** The `sources` part of the state without these places in the state of a source. */
export function withoutPaths(sources: StateObject, sourceName: string, paths: readonly StatePath[]): StateObject {
  const state = sources.get(sourceName);
  if (!isStateObject(state) || paths.length === 0) return sources;
  const resources = state.get("resources");
  const kept = paths.reduce<StateObject>((rest, path) => withoutPath(rest, path), ownPart(state));
  const changed = new Map([...kept, ...(resources === undefined ? [] : [["resources", resources] as const])]);
  return new Map(sources).set(sourceName, changed);
}

/** What the source itself keeps. That of its resources is reset by their names. */
function ownPart(state: StateObject): StateObject {
  return new Map([...state].filter(([key]) => key !== "resources"));
}

function places(state: StateObject, [first = "", ...rest]: StatePath): readonly string[] {
  return matching(state, first).flatMap(([key, value]) => {
    if (rest.length === 0) return [key];
    return isStateObject(value) ? places(value, rest).map((place) => `${key}.${place}`) : [];
  });
}

function withoutPath(state: StateObject, [first = "", ...rest]: StatePath): StateObject {
  const kept = new Map(state);
  for (const [key, value] of matching(state, first)) {
    if (rest.length === 0) kept.delete(key);
    else if (isStateObject(value)) kept.set(key, withoutPath(value, rest) as JsonValue);
  }
  return kept;
}

function matching(state: StateObject, key: string): readonly (readonly [string, JsonValue])[] {
  return [...state].filter(([candidate]) => key === "*" || candidate === key);
}
