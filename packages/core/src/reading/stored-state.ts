import type { ReadEnvironment } from "./environment.js";

/** Live state that is forgotten afterwards. */
export type ForgottenState = Pick<ReadEnvironment, "resourceState" | "sourceState">;

/** Gives a copy of the state of a source to start from, or of resources that belong to none; `null`: nothing is stored. */
type StateLookup = (source: string | null) => ForgottenState | null;

const lookupKey = Symbol.for("dlt.state");
type Realm = { [lookupKey]?: StateLookup | undefined };

/**
 * Sets where resources that are iterated without a run take their state from. Done by the engine, which stores it. `undefined` takes
 * the look-up away.
 */
export function installState(lookup: StateLookup | undefined): void {
  (globalThis as Realm)[lookupKey] = lookup;
}

/** A copy of the stored state of a source; empty where nothing is stored, or nobody stores anything. */
export function copiedState(source: string | null): ForgottenState {
  const stored = (globalThis as Realm)[lookupKey]?.(source) ?? null;
  if (stored !== null) return stored;
  const state: Record<string, unknown> = {};
  return { resourceState: recordsByName(new Map()), sourceState: () => state };
}

/** Gives the record of a name; made when it is asked for first. */
export function recordsByName(
  records: Map<string, Record<string, unknown>>,
): (name: string) => Record<string, unknown> {
  return (name) => {
    const known = records.get(name) ?? {};
    records.set(name, known);
    return known;
  };
}
