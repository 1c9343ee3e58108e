import { DestinationError } from "@dlt/core";
import { normalizeSchemaName } from "@dlt/core/engine";
import { type RunData, type RunHints, toSources } from "../extract/index.js";
import type { ExtractInfo } from "../info/extract-info.js";
import { combineLoadInfo, type LoadInfo } from "../info/load-info.js";
import type { NormalizeInfo } from "../info/normalize-info.js";
import { listPackages } from "../package/package-store.js";
import { checkSources } from "./check-sources.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { pendingLoadIds } from "./drop-pending.js";
import type { OpenPackage } from "./extract-packages.js";
import { extractStep } from "./extract-step.js";
import { loadStep } from "./load-step.js";
import { describeData, loadableData } from "./loadable-data.js";
import { normalizeStep, normalizeStepInfo } from "./normalize-step.js";
import { type Operation, requireDestination } from "./operation.js";
import { overlappedNormalize } from "./overlapped-normalize.js";
import type { ExtractOptions, LoadOptions, NormalizeOptions, ReplayOptions, RunOptions } from "./pipeline-options.js";
import { openRejects, replayOf } from "./replay-rejects.js";
import { beginImports } from "./schema-imports.js";
import { syncStep } from "./sync-step.js";

/**
 * Finishes packages of earlier runs, then extracts, normalizes and loads `data`, if there is any. Reports both.
 * @throws PipelineStepError
 */
export async function runPipeline(
  operation: Operation,
  data: RunData | undefined,
  options: RunOptions,
): Promise<LoadInfo> {
  requireDestination(operation, "run");
  await syncOnce(operation);
  const pending = await finishPending(operation, options);
  if (data === undefined) return pending ?? (await load(operation, options));
  await extractAndNormalize(operation, data, options);
  const loaded = await load(operation, options);
  return pending === null ? loaded : combineLoadInfo(pending, loaded);
}

/** Takes state and schemas from the destination, the first time that this pipeline object runs. */
async function syncOnce(operation: Operation): Promise<void> {
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
}

/** `null`: nothing was pending. */
async function finishPending(operation: Operation, options: NormalizeOptions & LoadOptions): Promise<LoadInfo | null> {
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
    const target = destination?.target ?? null;
    const { info } = await extractStep({ claimed, sources, dataInfo, target, follower: null, signal });
    await beginImports(claimed);
    return info;
  });
}

/** Extracts, and normalizes what was extracted while more is. Nothing is committed before the extract is. */
async function extractAndNormalize(operation: Operation, data: RunData, options: RunOptions): Promise<void> {
  const { claimed, recorder, signal } = operation;
  const { target, clients } = requireDestination(operation, "run");
  const { runtime } = claimed.context;
  const startedAt = runtime.nowMicros();
  await using overlapped = overlappedNormalize(claimed, { target, workers: options.workers, signal });
  let packages: readonly OpenPackage[] = [];
  await recorder.step("extract", async () => {
    const sources = await sourcesOf(claimed, data, options);
    const { client } = await clients.forSchema(null);
    checkSources(sources, { destinationName: target.destination.name, client });
    const dataInfo = describeData(data);
    const extracted = await extractStep({ claimed, sources, dataInfo, target, follower: overlapped, signal });
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
  const { claimed, recorder, signal } = operation;
  const destination = requireDestination(operation, "load");
  return await recorder.step("load", async (at) => {
    const info = await loadStep({ claimed, ...destination, options, signal, at });
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
  const { target, clients } = requireDestination(operation, "replayRejects");
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
    const { info } = await extractStep({ claimed, sources: [], dataInfo, target, follower: null, replay, signal });
    return info;
  });
  await normalize(operation, options);
  const loaded = await load(operation, options);
  return pending === null ? loaded : combineLoadInfo(pending, loaded);
}

function rejectsNotReadable(destinationName: string): DestinationError {
  return new DestinationError(
    "REJECTS_NOT_READABLE",
    `Destination \`${destinationName}\` cannot read \`_dlt_rejects\` back.`,
    {
      hint: "Read the table with other tools, mend the rows and load them as a resource.",
      context: { destination: destinationName },
    },
  );
}

/** What `data` stands for, ordered as it is extracted. */
export async function sourcesOf(
  claimed: ClaimedPipeline,
  data: RunData,
  options: ExtractOptions,
): ReturnType<typeof toSources> {
  const { context, state } = claimed;
  return await toSources(loadableData(data), {
    pipelineName: context.pipelineName,
    schemaName: state.defaultSchemaName ?? normalizeSchemaName(context.pipelineName),
    cwd: context.runtime.cwd,
    hints: runHints(options),
  });
}

const hintNames = [
  "tableName",
  "writeDisposition",
  "columns",
  "primaryKey",
  "mergeKey",
  "nestedHints",
  "references",
  "schemaContract",
  "tableFormat",
  "fileFormat",
  "maxTableNesting",
  "incremental",
] as const satisfies readonly (keyof RunHints)[];

/** The hints among the options of a call. */
function runHints(options: ExtractOptions): RunHints {
  const given = hintNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  const { loaderFileFormat } = options;
  return { ...Object.fromEntries(given), ...(loaderFileFormat !== undefined && { fileFormat: loaderFileFormat }) };
}
