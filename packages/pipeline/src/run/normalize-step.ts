import { parseSchema } from "@dlt/core/engine";
import { dateOf } from "../info/duration.js";
import { type NormalizeInfo, normalizeInfo } from "../info/normalize-info.js";
import { type LoadPackageInfo, readPackageInfo, rowCounts } from "../info/package-info.js";
import {
  type ExtractedPackage,
  linkChunk,
  readChunk,
  readChunks,
  readExtracted,
} from "../package/extracted-package.js";
import { discardNormalized } from "../package/normalized-package.js";
import { normalizeOrder } from "../package/package-order.js";
import { compareLoadIds } from "../workspace/load-id.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { commitPackage, normalizePackage } from "./normalize-package.js";
import { importSchemas } from "./schema-imports.js";
import { schemaBinding, schemaPlace, type Target } from "./target.js";

export interface NormalizeStepInput {
  readonly claimed: ClaimedPipeline;
  readonly target: Target;
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
  /** Told which package is worked on. */
  at(loadId: string): void;
}

/** Normalizes the extracted packages, oldest extract first. After an error the package stays extracted. */
export async function normalizeStep(input: NormalizeStepInput): Promise<NormalizeInfo> {
  const { claimed } = input;
  const { runtime } = claimed.context;
  const startedAt = runtime.nowMicros();
  const loadIds: string[] = [];
  await runtime.reached("normalize.started");
  for (const place of await normalizeOrder(claimed.store)) {
    input.at(place.loadId);
    await normalizeExtracted(input, place);
    loadIds.push(place.loadId);
  }
  return await normalizeStepInfo(claimed, { loadIds, startedAt });
}

/** Tells what normalizing these packages did. */
export async function normalizeStepInfo(
  claimed: ClaimedPipeline,
  done: { readonly loadIds: readonly string[]; readonly startedAt: bigint },
): Promise<NormalizeInfo> {
  const { context, store, state } = claimed;
  const loadIds = [...done.loadIds].sort(compareLoadIds);
  const loadPackages: LoadPackageInfo[] = [];
  const place = schemaPlace(context);
  for (const loadId of loadIds) loadPackages.push(await readPackageInfo(store, "normalized", { loadId, place }));
  return normalizeInfo({
    pipeline: { pipelineName: context.pipelineName },
    loadsIds: loadIds,
    loadPackages,
    firstRun: state.local.firstRun,
    startedAt: dateOf(done.startedAt),
    finishedAt: dateOf(context.runtime.nowMicros()),
    isEmpty: loadIds.length === 0,
    rowCounts: rowCounts(loadPackages),
  });
}

async function normalizeExtracted(
  { claimed, target, workers, signal }: NormalizeStepInput,
  place: { readonly extractId: string; readonly loadId: string },
): Promise<void> {
  const { store, context } = claimed;
  const content = await readExtracted(store, place.loadId);
  const { manifest, origin, state } = content;
  const { loadId, schemaName } = manifest;
  await importSchemas(claimed, [schemaName]);
  const binding = schemaBinding(context, target, schemaName);
  const createdAt = BigInt(manifest.createdAt);
  try {
    const result = await normalizePackage(
      claimed,
      {
        loadId,
        createdAt,
        idSeed: new Uint8Array(Buffer.from(manifest.idSeed, "base64")),
        startSchema: startSchema(claimed, content),
        isReplay: manifest.isReplay === true,
        chunks: readChunks(store, manifest),
        readChunk: (entry) => readChunk(store, place, entry),
        linkChunk: (entry, path) => linkChunk(store, place, entry, path),
        emptyTables: () => manifest.emptyTables,
        tables: () => manifest.tables,
      },
      { target, binding, workers, signal },
    );
    const { dropTables, truncateTables } = manifest;
    await commitPackage(claimed, result, {
      loadId,
      schemaName,
      createdAt,
      binding,
      origin,
      state,
      dropTables,
      truncateTables,
      isReplay: manifest.isReplay === true,
    });
  } catch (error) {
    await discardNormalized(store, loadId);
    throw error;
  }
}

/**
 * The schema that the package was extracted against, as long as the pipeline's schema is what that extract left: so that
 * the result is the same as without an interruption. Otherwise the pipeline's schema, which has what came between.
 */
function startSchema({ context, schemas }: ClaimedPipeline, { manifest, schema, origin }: ExtractedPackage): string {
  const current = schemas.get(manifest.schemaName);
  if (current === undefined) return schema;
  return parseSchema(current, schemaPlace(context)).versionHash === origin.schemaHash ? schema : current;
}
