import { resourceDefinition } from "../authoring/brand.js";
import { fetchSecrets } from "../authoring/secret.js";
import { cursorOf } from "../authoring/steps.js";
import type { CursorWindow } from "../contract/incremental.js";
import type { PlainJson, Resource } from "../contract/resource.js";
import { SourceError } from "../errors/index.js";
import { isPlainObject } from "../json/encode.js";
import { openCursor } from "./cursor/cursor-reader.js";
import type { ReadEnvironment } from "./environment.js";
import { failureAt } from "./failure.js";

/**
 * The parts in which a resource says that it can be read; `null` when it says nothing. Its function is told the state and where the
 * cursor would start; what it changes of the state is the caller's to forget.
 *
 * @throws SourceError `RESOURCE_PARTITIONS_INVALID`, and what the function throws, with the name of the resource
 */
export async function listPartitions(
  resource: Resource,
  environment: Pick<ReadEnvironment, "source" | "signal" | "resourceState" | "sourceState">,
): Promise<readonly PlainJson[] | null> {
  const { name, hints, steps, partitions } = resourceDefinition(resource);
  if (partitions === undefined) return null;
  const state = (): Record<string, unknown> => environment.resourceState(name);
  const cursor = cursorOf(steps);
  try {
    await fetchSecrets();
    const window = cursor && openCursor({ cursor, primaryKey: hints?.primaryKey, state, stopsEarly: true }).window;
    const given: unknown = await partitions({
      // A resource without a cursor is typed to see none.
      incremental: window as CursorWindow<unknown>,
      signal: environment.signal,
      get state() {
        return state();
      },
      get sourceState() {
        return environment.sourceState();
      },
    });
    if (Array.isArray(given) && given.every(isPlainJson)) return given;
    throw new SourceError("RESOURCE_PARTITIONS_INVALID", "`partitions` did not give a list of JSON values.", {
      hint: "Give plain values, lists and objects; dates and big integers as text.",
    });
  } catch (error) {
    throw failureAt(error, { resource: name, step: "partitions", page: null, row: null }, environment);
  }
}

function isPlainJson(value: unknown): value is PlainJson {
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlainJson);
  return typeof value === "object" && isPlainObject(value) && Object.values(value).every(isPlainJson);
}
