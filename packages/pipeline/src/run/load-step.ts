import type { StagingArea } from "@dlt/core";
import { digestText } from "@dlt/core/engine";
import { loadSettings } from "../config/engine-settings.js";
import { dateOf } from "../info/duration.js";
import { type LoadInfo, type LoadMetrics, loadInfo, loadMetrics } from "../info/load-info.js";
import { type LoadPackageInfo, readPackageInfo } from "../info/package-info.js";
import { loadPackage } from "../load/load-package.js";
import { retryPolicy } from "../load/retry.js";
import type { LoadPackageInput } from "../load/running-load.js";
import { readNormalized } from "../package/normalized-package.js";
import { loadOrder } from "../package/package-order.js";
import { listPackages } from "../package/package-store.js";
import { canonicalDestinationType } from "../state/state-document.js";
import { compareLoadIds } from "../workspace/load-id.js";
import { type ClaimedPipeline, saveState } from "./claimed-pipeline.js";
import type { ClientPool } from "./client-pool.js";
import type { LoadOptions } from "./pipeline-options.js";
import { schemaPlace, type Target, widensColumns } from "./target.js";

export interface LoadStepInput {
  readonly claimed: ClaimedPipeline;
  readonly target: Target;
  readonly clients: ClientPool;
  readonly options: LoadOptions;
  readonly signal: AbortSignal;
  /** The process is asked to end: jobs that run are waited for. Default: never. */
  readonly ending?: AbortSignal;
  /**
   * False while packages are still extracted: the state is left to whoever does that, and load files go once they are loaded, because
   * there will be many. Default: true.
   */
  readonly isLast?: boolean;
  /** Told which package is worked on. */
  at(loadId: string): void;
}

/** Loads the normalized packages, oldest first. After an error the package stays. */
export async function loadStep(input: LoadStepInput): Promise<LoadInfo> {
  const { claimed, target, clients, signal, ending, isLast = true } = input;
  const { context, store } = claimed;
  const { runtime } = context;
  const startedAt = runtime.nowMicros();
  const { firstRun } = claimed.state.local;
  const { destination } = target;
  const loaded: LoadPackageInfo[] = [];
  const metrics: Record<string, readonly LoadMetrics[]> = {};
  await runtime.reached("load.started");
  for (const loadId of await loadOrder(store)) {
    signal.throwIfAborted();
    ending?.throwIfAborted();
    input.at(loadId);
    await loadPackage(await packageInput(input, loadId));
    const info = await readPackageInfo(store, "loaded", { loadId, place: schemaPlace(context) });
    store.known.normalized.delete(loadId);
    loaded.push(info);
    const { dataset: datasetName } = await clients.forSchema(info.schemaName);
    claimed.loaded.push({ info, datasetName });
    metrics[loadId] = [loadMetrics(info, datasetName)];
  }
  loaded.sort((one, other) => compareLoadIds(one.loadId, other.loadId));
  if (isLast && firstRun && (await listPackages(store, "loaded")).length > 0) {
    await saveState(claimed, { ...claimed.state, local: { ...claimed.state.local, firstRun: false } });
    await runtime.reached("load.state.saved");
  }
  // Where the last package went; without one, where the default schema goes.
  const { client, staging, dataset } = await clients.forSchema(
    loaded.at(-1)?.schemaName ?? claimed.state.defaultSchemaName,
  );
  return loadInfo({
    pipeline: { pipelineName: context.pipelineName },
    loadsIds: loaded.map(({ loadId }) => loadId),
    loadPackages: loaded,
    metrics,
    firstRun,
    startedAt: dateOf(startedAt),
    finishedAt: dateOf(runtime.nowMicros()),
    isEmpty: loaded.length === 0,
    destinationType: canonicalDestinationType(destination.type),
    destinationName: destination.name,
    destinationDisplayableCredentials: client.displayLocation,
    destinationFingerprint: client.identity === undefined ? "" : digestText(client.identity, fingerprintBytes),
    environment: target.settings.environment ?? null,
    ...stagingInfo(target.staging, staging),
    datasetName: dataset,
  });
}

const fingerprintBytes = 15;

function stagingInfo(
  staging: Target["staging"],
  area: StagingArea | null,
): Pick<LoadInfo, "stagingType" | "stagingName" | "stagingDisplayableCredentials"> {
  return {
    stagingType: staging === null ? null : canonicalDestinationType(staging.type),
    stagingName: staging?.name ?? null,
    stagingDisplayableCredentials: area?.url ?? null,
  };
}

/** What it takes to load a normalized package. */
export async function packageInput(
  { claimed, target, clients, options, signal, ending, isLast = true }: Omit<LoadStepInput, "at">,
  loadId: string,
): Promise<LoadPackageInput> {
  const { context, store } = claimed;
  const { runtime } = context;
  const { workers, raiseOnFailedJobs } = options;
  const configured = loadSettings({
    config: context.config,
    given: { ...(workers !== undefined && { workers }), ...(raiseOnFailedJobs !== undefined && { raiseOnFailedJobs }) },
  });
  const settings = isLast ? configured : { ...configured, deleteCompletedJobs: true };
  const { destination } = target;
  const { replaceStrategy } = target.settings;
  const { manifest } = await readNormalized(store, loadId);
  const { client, staging: area } = await clients.forSchema(manifest.schemaName);
  const { truncateTablesOnStagingDestinationBeforeLoad: truncates } = target.settings;
  return {
    store,
    loadId,
    client,
    ...(area !== null && { staging: { area, truncates } }),
    destinationName: destination.name,
    capabilities: destination.capabilities,
    widensColumns: widensColumns(context, destination.capabilities),
    ...schemaPlace(context),
    settings,
    ...(replaceStrategy !== undefined && { replaceStrategy }),
    retries: retryPolicy({
      maxAttempts: settings.raiseOnMaxRetries,
      randomBytes: (length) => runtime.randomBytes(length),
      wait: (delayMs, signal) => runtime.wait(delayMs, signal),
    }),
    nowMicros: () => runtime.nowMicros(),
    progress: context.progress,
    ...(ending !== undefined && { ending }),
    signal,
  };
}
