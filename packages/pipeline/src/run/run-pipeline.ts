import { DestinationError } from "@dlt/core";
import { runtimeSettings } from "../config/engine-settings.js";
import type { RunData } from "../extract/index.js";
import type { ExtractInfo } from "../info/extract-info.js";
import { combineLoadInfo, type LoadInfo, withRunOutcome } from "../info/load-info.js";
import type { NormalizeInfo } from "../info/normalize-info.js";
import { listPackages } from "../package/package-store.js";
import { checkSources } from "./check-sources.js";
import { pendingLoadIds } from "./drop-pending.js";
import type { OpenPackage } from "./extract-packages.js";
import { extractStep } from "./extract-step.js";
import { loadStep } from "./load-step.js";
import { describeData } from "./loadable-data.js";
import { normalizeStep, normalizeStepInfo } from "./normalize-step.js";
import { type Operation, operate, type PipelineMemory, requireDestination } from "./operation.js";
import { overlappedNormalize } from "./overlapped-normalize.js";
import type { ExtractOptions, LoadOptions, NormalizeOptions, ReplayOptions, RunOptions } from "./pipeline-options.js";
import { refreshMode } from "./refresh.js";
import { openRejects, replayOf } from "./replay-rejects.js";
import { epochLimits, runEpochs } from "./run-epochs.js";
import { beginImports } from "./schema-imports.js";
import { sourcesOf } from "./sources-of.js";
import { stopRequest } from "./stop-request.js";
import { syncStep } from "./sync-step.js";

/**
 * Finishes packages of earlier runs, then extracts, normalizes and loads `data`, if there is any. Reports both. A signal to the process
 * or the end of its time stops a run in epochs at the last one; any other run fails as stopped.
 * @throws PipelineStepError
 */
export async function runPipeline(
  memory: PipelineMemory,
  data: RunData | undefined,
  options: RunOptions,
): Promise<LoadInfo> {
  const limits = epochLimits(options);
  const { interceptSignals } = runtimeSettings({ config: memory.context.config });
  using stop = stopRequest({ interceptsSignals: interceptSignals, maxDurationMs: options.maxDurationMs });
  const operateOptions = limits === null ? { ...options, ending: stop.signal } : options;
  const work = async (operation: Operation): Promise<LoadInfo> => {
    requireDestination(operation, "run");
    await syncOnce(operation);
    const pending = await finishPending(operation, options);
    if (data === undefined) return pending ?? (await load(operation, options));
    const withPending = (loaded: LoadInfo): LoadInfo => (pending === null ? loaded : combineLoadInfo(pending, loaded));
    if (limits === null) {
      await extractAndNormalize(operation, data, options);
      return withPending(await load(operation, options));
    }
    const { info, uncut, wasStopped } = await runEpochs(operation, data, {
      ...options,
      limits,
      stopSignal: stop.signal,
    });
    return withRunOutcome(withPending(info), { stoppedBy: wasStopped ? stop.cause : null, uncut });
  };
  return await operate(memory, operateOptions, (operation) => operation.recorder.run(() => work(operation)));
}

/** Takes state and schemas from the destination, the first time that this pipeline object runs. */
export async function syncOnce(operation: Operation): Promise<void> {
  const { settings } = operation.memory.context;
  if (operation.memory.isSynced || !settings.restoreFromDestination || settings.devMode) return;
  await sync(operation);
}

/** Takes state and schemas from the destination. */
export async function sync(operation: Operation): Promise<void> {
  const { claimed, recorder, memory } = operation;
  const destination = requireDestination(operation, "sync");
  await recorder.step("sync", async () => {
    await syncStep({ claimed, ...destination, givenDataset: memory.datasetName });
    await beginImports(claimed);
    return null;
  });
  memory.isSynced = true;
  // Sources that are made during the run see what was taken.
  memory.local = { state: claimed.state, schemas: claimed.schemas };
}

/** `null`: nothing was pending. */
export async function finishPending(
  operation: Operation,
  options: NormalizeOptions & LoadOptions,
): Promise<LoadInfo | null> {
  const { store } = operation.claimed;
  if ((await pendingLoadIds(store)).length === 0) return null;
  if ((await listPackages(store, "extracted")).length > 0) await normalize(operation, options);
  return await load(operation, options);
}

/** Extracts without normalizing. */
export async function extract(operation: Operation, data: RunData, options: ExtractOptions): Promise<ExtractInfo> {
  const { claimed, destination, recorder, signal } = operation;
  return await recorder.step("extract", async () => {
    const sources = await sourcesOf(claimed, data, options);
    const dataInfo = describeData(data);
    const refresh = refreshMode(claimed.context, options.refresh);
    const { info } = await extractStep({ claimed, sources, dataInfo, destination, refresh, follower: null, signal });
    await beginImports(claimed);
    return info;
  });
}

/** Extracts, and normalizes what was extracted while more is. Nothing is committed before the extract is. */
async function extractAndNormalize(operation: Operation, data: RunData, options: RunOptions): Promise<void> {
  const { claimed, recorder, signal } = operation;
  const destination = requireDestination(operation, "run");
  const { target, clients } = destination;
  const { runtime } = claimed.context;
  const startedAt = runtime.nowMicros();
  await using overlapped = overlappedNormalize(claimed, { target, workers: options.workers, signal });
  let packages: readonly OpenPackage[] = [];
  await recorder.step("extract", async () => {
    const sources = await sourcesOf(claimed, data, options);
    const { client } = await clients.forSchema(null);
    checkSources(sources, { destination: target.destination, client });
    const dataInfo = describeData(data);
    const refresh = refreshMode(claimed.context, options.refresh);
    const extracted = await extractStep({
      claimed,
      sources,
      dataInfo,
      destination,
      refresh,
      follower: overlapped,
      signal,
    });
    packages = extracted.packages;
    await beginImports(claimed);
    return extracted.info;
  });
  await recorder.step("normalize", async (at) => {
    await runtime.reached("normalize.started");
    for (const open of packages) {
      at(open.loadId);
      await overlapped.commit(open);
    }
    return await normalizeStepInfo(claimed, { loadIds: packages.map(({ loadId }) => loadId), startedAt });
  });
}

/** Normalizes the extracted packages. */
export async function normalize(operation: Operation, { workers }: NormalizeOptions): Promise<NormalizeInfo> {
  const { claimed, recorder, signal } = operation;
  const { target } = requireDestination(operation, "normalize");
  return await recorder.step("normalize", async (at) => {
    const info = await normalizeStep({ claimed, target, workers, signal, at });
    await beginImports(claimed);
    return info;
  });
}

/** Loads the normalized packages. */
export async function load(operation: Operation, options: LoadOptions): Promise<LoadInfo> {
  const { claimed, recorder, cutOff: signal, signal: ending } = operation;
  const destination = requireDestination(operation, "load");
  return await recorder.step("load", async (at) => {
    const info = await loadStep({ claimed, ...destination, options, signal, ending, at });
    await beginImports(claimed);
    return info;
  });
}

/**
 * Finishes packages of earlier runs, then loads rejected rows again. Rows that are rejected once more are kept for the next time.
 * @throws PipelineStepError
 */
export async function replayRejects(operation: Operation, options: ReplayOptions): Promise<LoadInfo> {
  const { claimed, recorder, signal } = operation;
  const destination = requireDestination(operation, "replayRejects");
  const { target, clients } = destination;
  await syncOnce(operation);
  const pending = await finishPending(operation, options);
  const { client } = await clients.forSchema(null);
  const store = client.state?.rejects;
  if (store === undefined) throw rejectsNotReadable(target.destination.name);
  const { tables, schemaContract } = options;
  const input = { claimed, store, tables, schemaContract };
  const ranges = await openRejects(input);
  if (ranges.length === 0) return pending ?? (await load(operation, options));
  await recorder.step("extract", async () => {
    const replay = replayOf(input, ranges);
    const dataInfo = ranges.map(({ table }) => ({ name: table, dataType: "rejects" }));
    const shared = { claimed, destination, refresh: null, follower: null, signal };
    const { info } = await extractStep({ ...shared, sources: [], dataInfo, replay });
    return info;
  });
  await normalize(operation, options);
  const loaded = await load(operation, options);
  return pending === null ? loaded : combineLoadInfo(pending, loaded);
}

function rejectsNotReadable(destinationName: string): DestinationError {
  return new DestinationError(
    "REJECTS_NOT_READABLE",
    `Destination \`${destinationName}\` cannot read \`_dlt_rejects\` back, so that no rejected row was loaded.`,
    {
      hint: "Read the table with the tools of the destination, mend the rows and load them as a resource.",
      context: { destination: destinationName },
    },
  );
}
