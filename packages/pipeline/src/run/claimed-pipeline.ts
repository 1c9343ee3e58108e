import type { SchemaText } from "@dlt/core";
import type { LoadPackageInfo } from "../info/package-info.js";
import { listPackages, type PackageStore, packageStore } from "../package/package-store.js";
import { recoverPackages } from "../package/recover-packages.js";
import { encodePipelineState, newPipelineState, type PipelineState } from "../state/state-document.js";
import { claimPipeline } from "../workspace/claims.js";
import { compareLoadIds, nextLoadId } from "../workspace/load-id.js";
import {
  createWorkingFolder,
  listSchemas,
  readSchemaText,
  readStateText,
  type WorkingFolder,
  wipeWorkingFolder,
  writeStateText,
} from "../workspace/working-folder.js";
import { decodeLocalState } from "./local-documents.js";
import type { PipelineContext } from "./pipeline-context.js";

/** A pipeline that this process alone works on, with its local documents as they are on disk. */
export interface ClaimedPipeline {
  readonly context: PipelineContext;
  readonly store: PackageStore;
  /** Aborts when another process has taken over. */
  readonly lost: AbortSignal;
  /** Has no hash before it was saved for the first time. */
  state: PipelineState;
  readonly schemas: Map<string, SchemaText>;
  /** The greatest load id known: of local packages and of the destination. */
  lastLoadId: string | null;
  /** Packages that were loaded so far. */
  readonly loaded: LoadedPackage[];
}

/** A package that was loaded, and the physical name of the dataset that it went to. */
export interface LoadedPackage {
  readonly info: LoadPackageInfo;
  readonly datasetName: string;
}

export interface ClaimOptions {
  readonly signal: AbortSignal;
  readonly waitMs: number;
  /** Forgets everything local first. */
  readonly wipe: boolean;
}

/**
 * Claims the pipeline for as long as `work` takes, finishes what a process that died left in its packages, and reads its
 * local documents.
 * @throws PackageError `PIPELINE_BUSY` when another process has it
 */
export async function withClaim<Result>(
  context: PipelineContext,
  options: ClaimOptions,
  work: (claimed: ClaimedPipeline) => Promise<Result>,
): Promise<Result> {
  const { folder, pipelineName, runtime } = context;
  await using claim = await claimPipeline({
    folder: folder.path,
    pipelineName,
    runtime,
    waitMs: options.waitMs,
    signal: options.signal,
  });
  if (options.wipe) await wipeWorkingFolder(folder);
  await createWorkingFolder(folder);
  const store = packageStore({
    folder,
    reached: (point) => runtime.reached(point),
    assertHeld: () => claim.assertHeld(),
  });
  await recoverPackages(store);
  return await work(await readLocal(context, store, claim.lost));
}

async function readLocal(context: PipelineContext, store: PackageStore, lost: AbortSignal): Promise<ClaimedPipeline> {
  const { folder } = context;
  let text = await readStateText(folder);
  if (text !== null && decodeLocalState(folder, text).local.devMode && context.devSuffix === null) {
    // What was loaded in dev mode is elsewhere: nothing of it counts for the real dataset.
    await wipeWorkingFolder(folder);
    await createWorkingFolder(folder);
    text = null;
  }
  return {
    context,
    store,
    lost,
    state: text === null ? initialState(context) : decodeLocalState(folder, text),
    schemas: await readSchemas(folder),
    lastLoadId: await greatestLocalId(store),
    loaded: [],
  };
}

/** The state of a pipeline that never ran. */
export function initialState(context: PipelineContext): PipelineState {
  const state = newPipelineState(context.pipelineName);
  return { ...state, local: { ...state.local, initialCwd: context.localDir, devMode: context.devSuffix !== null } };
}

async function readSchemas(folder: WorkingFolder): Promise<Map<string, SchemaText>> {
  const schemas = new Map<string, SchemaText>();
  for (const name of await listSchemas(folder)) {
    const text = await readSchemaText(folder, name);
    if (text !== null) schemas.set(name, text);
  }
  return schemas;
}

/** Makes a state the local one, on disk and here. */
export async function saveState(claimed: ClaimedPipeline, state: PipelineState): Promise<void> {
  await writeStateText(claimed.context.folder, encodePipelineState(state));
  claimed.state = state;
}

/** The id of the next package: greater than all that are known. */
export function takeLoadId(claimed: ClaimedPipeline): string {
  const loadId = nextLoadId(claimed.context.runtime, claimed.lastLoadId);
  claimed.lastLoadId = loadId;
  return loadId;
}

/** Takes note of a load id that was seen elsewhere. */
export function noteLoadId(claimed: ClaimedPipeline, loadId: string): void {
  if (claimed.lastLoadId === null || compareLoadIds(loadId, claimed.lastLoadId) > 0) claimed.lastLoadId = loadId;
}

async function greatestLocalId(store: PackageStore): Promise<string | null> {
  let greatest: string | null = null;
  for (const stage of ["extracted", "normalized", "loaded"] as const) {
    for (const loadId of await listPackages(store, stage)) {
      if (greatest === null || compareLoadIds(loadId, greatest) > 0) greatest = loadId;
    }
  }
  return greatest;
}
