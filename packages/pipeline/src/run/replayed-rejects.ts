import type { JsonValue, RejectedTable } from "@dlt/core";
import { isStateObject, type StateObject } from "../state/state-object.js";

/** Rejected rows of a table: those of the loads after `afterLoadId`, which may be empty, up to `lastLoadId`. */
export interface RejectedRange extends RejectedTable {
  readonly afterLoadId: string;
}

// Kept as the state of a resource, so that Python dlt carries it along: `resources._dlt_rejects.replayed = { table: load id }`.
export const rejectsResource = "_dlt_rejects";

/** The load id up to which rejected rows of a table were replayed; empty when none were. */
export function replayedUpTo(sources: StateObject, { schemaName, table }: RejectedTable): string {
  const replayed = objectIn(
    objectIn(objectIn(objectIn(sources, schemaName), "resources"), rejectsResource),
    "replayed",
  );
  const loadId = replayed.get(table);
  return typeof loadId === "string" ? loadId : "";
}

/** The `sources` part of the state in which rejected rows up to a load count as replayed. */
export function withReplayed(sources: StateObject, { schemaName, table, lastLoadId }: RejectedTable): StateObject {
  const path = [schemaName, "resources", rejectsResource, "replayed", table];
  return withValue(sources, path, lastLoadId);
}

function objectIn(object: StateObject, key: string): StateObject {
  const value = object.get(key);
  return isStateObject(value) ? value : new Map();
}

function withValue(object: StateObject, [key = "", ...rest]: readonly string[], value: JsonValue): StateObject {
  const changed = new Map(object);
  return changed.set(key, rest.length === 0 ? value : withValue(objectIn(object, key), rest, value));
}
