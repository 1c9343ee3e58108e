import type { SchemaText } from "@dlt/core";
import { finishReset } from "../load/load-package.js";
import { readExtracted } from "../package/extracted-package.js";
import { isResetBegun } from "../package/loaded-package.js";
import { commitLocally } from "../package/local-commit.js";
import { readNormalized } from "../package/normalized-package.js";
import { listPackages, type PackageStore } from "../package/package-store.js";
import { encodePipelineState, withSourceState } from "../state/state-document.js";
import { bumpState } from "../state/state-hash.js";
import { compareLoadIds } from "../workspace/load-id.js";
import { packageInput } from "./load-step.js";
import { type Operation, requireDestination } from "./operation.js";
import { withSchemas } from "./pipeline-state.js";

/** Load ids of packages that wait to be normalized or loaded, oldest first. */
export async function pendingLoadIds(store: PackageStore): Promise<readonly string[]> {
  const ids = [...(await listPackages(store, "extracted")), ...(await listPackages(store, "normalized"))];
  return [...new Set(ids)].sort(compareLoadIds);
}

/** True when a pending package has begun to drop or truncate tables, so that dropping it takes the destination. */
export async function hasBegunReset(store: PackageStore): Promise<boolean> {
  for (const loadId of await listPackages(store, "normalized")) if (await isResetBegun(store, loadId)) return true;
  return false;
}

/**
 * Drops all pending packages and puts state and schemas of their sources back to what they were before, so that the rows are
 * fetched again. Of a refresh that the destination was told of, what it forgets stays forgotten: there, where it is finished first,
 * and here.
 * @returns the load ids
 */
export async function dropPendingPackages(operation: Operation): Promise<readonly string[]> {
  const { claimed } = operation;
  const { store } = claimed;
  const dropped = await pendingLoadIds(store);
  if (dropped.length === 0) return dropped;
  const normalized = await listPackages(store, "normalized");
  const schemas = new Map<string, SchemaText | null>();
  let state = claimed.state;
  for (const loadId of dropped) {
    const content = normalized.includes(loadId)
      ? await readNormalized(store, loadId)
      : await readExtracted(store, loadId);
    const { schemaName } = content.manifest;
    // What was before the oldest package of a schema was before all of them.
    if (schemas.has(schemaName)) continue;
    const { before, afterReset } = content.origin;
    const isReset = normalized.includes(loadId) && (await isResetBegun(store, loadId));
    if (isReset) await finishResetOf(operation, loadId);
    const { schema, sourceState } = isReset ? (afterReset ?? before) : before;
    schemas.set(schemaName, schema);
    state = withSourceState(state, schemaName, sourceState);
  }
  const kept = new Map(claimed.schemas);
  for (const [name, text] of schemas) {
    if (text === null) kept.delete(name);
    else kept.set(name, text);
  }
  // The dropped packages may have held the row of this very state: the next extract writes it in any case.
  const local = { ...state.local, lastExtractedHash: null };
  const restored = bumpState(withSchemas({ ...state, local }, kept.keys(), null));
  const change = { state: encodePipelineState(restored), schemas: Object.fromEntries(schemas) };
  await commitLocally(store, { dropped, change });
  claimed.state = restored;
  claimed.schemas.clear();
  for (const [name, text] of kept) claimed.schemas.set(name, text);
  return dropped;
}

async function finishResetOf(operation: Operation, loadId: string): Promise<void> {
  const { claimed, cutOff: signal } = operation;
  const destination = requireDestination(operation, "dropPending");
  await finishReset(await packageInput({ claimed, ...destination, options: {}, signal }, loadId));
}
