import { join } from "node:path";
import { isDltError, PackageError, type SourceDefinition } from "@dlt/core";
import { encodeJson, parseSchema } from "@dlt/core/engine";
import { type ExtractResult, extract, type RunData, resourceGraph } from "../extract/index.js";
import type { NormalizeStageResult } from "../normalize/stage.js";
import { writeChunkFile } from "../package/chunk-file.js";
import { findFile, linkFile } from "../package/imported-file.js";
import { deleteFolder } from "../package/package-store.js";
import { type ChunkChannel, chunkChannel } from "../run/chunk-channel.js";
import { initialState } from "../run/claimed-pipeline.js";
import { clientPool } from "../run/client-pool.js";
import { extractDestination } from "../run/extract-destination.js";
import { normalizeInto } from "../run/normalize-package.js";
import { refuseInDryRun } from "../run/observe-runs.js";
import { destinationMissing, givenDestination, type PipelineMemory, refuseClosed } from "../run/operation.js";
import type { PipelineContext } from "../run/pipeline-context.js";
import { sourceSettings } from "../run/source-settings.js";
import { stopped } from "../run/step-error.js";
import { findTarget, schemaBinding, schemaPlace, type Target } from "../run/target.js";
import type { PipelineState } from "../state/state-document.js";
import { attemptDocument } from "./attempt-document.js";
import {
  chunkPath,
  isPlanId,
  openAttempt,
  planFolder,
  planNotFound,
  publishAttempt,
  readChunkFile,
  readPlan,
} from "./exchange.js";
import { startingAnew } from "./group-resources.js";
import type { Partition, PartitionManifest, RunPartitionOptions } from "./partition.js";
import { manifestOf } from "./partition-manifest.js";
import { oneSource, partitionSource, sourceDiffers } from "./partition-source.js";
import { type PlanDocument, type PlannedPart, partitionSeed } from "./plan-document.js";
import { optionsOf, refusePlanned, refuseRefresh } from "./planned-options.js";
import { assertOnlyCursorsMoved, parseSourceState, withoutStateOf } from "./source-states.js";

interface PartitionWork {
  readonly context: PipelineContext;
  readonly state: PipelineState;
  readonly target: Target;
  readonly plan: PlanDocument;
  readonly part: PlannedPart;
  readonly index: number;
  readonly source: SourceDefinition;
  /** Folder of the attempt. */
  readonly path: string;
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Extracts and normalizes one partition of a plan, and leaves what it gave in the exchange folder. Needs the destination's
 * capabilities, a connection only where a query is to be described, and nothing of the pipeline's working folder.
 *
 * @throws PackageError `PARTITION_INVALID`, `PARTITION_OPTION_UNSUPPORTED`, `EXCHANGE_INVALID`, `PLAN_NOT_FOUND`,
 * `PARTITION_SOURCE_DIFFERS`, `PARTITION_STATE_CHANGED`; what reading and normalizing throw
 */
export async function runPartition(
  memory: PipelineMemory,
  partition: Partition,
  data: RunData,
  options: RunPartitionOptions,
): Promise<PartitionManifest> {
  refuseClosed(memory);
  refuseInDryRun(memory.context);
  const running = workOn(memory, partition, data, options);
  memory.running.add(running);
  try {
    return await running;
  } finally {
    memory.running.delete(running);
  }
}

async function workOn(
  memory: PipelineMemory,
  partition: Partition,
  data: RunData,
  options: RunPartitionOptions,
): Promise<PartitionManifest> {
  const { exchange, workers, signal: given } = options;
  const { context, closing } = memory;
  const { runtime } = context;
  refuseRefresh(context, "runPartition", options);
  refusePlanned(options);
  assertPartition(partition, context.pipelineName);
  const folder = planFolder(exchange ?? partition.exchange, partition.planId, runtime.cwd);
  const plan = await readPlan(folder);
  if (plan === null) throw planNotFound(folder);
  const { index } = partition;
  const part = plan.parts[index];
  if (part === undefined) throw invalid(`the plan has ${plan.parts.length} partitions, none with index ${index}`);
  const state = { ...initialState(context), ...plan.remembered };
  const target = await findTarget(context, givenDestination(memory, {}), state);
  if (target === null) throw destinationMissing(context, "runPartition");
  const source = await oneSource({ context, state }, data, optionsOf(plan.options, plan.source));
  if (source.name !== plan.source) throw sourceDiffers(source.name, `that one is named \`${plan.source}\``);
  const signal = given === undefined ? closing.signal : AbortSignal.any([given, closing.signal]);
  const attempt = Buffer.from(runtime.randomBytes(8)).toString("hex");
  const restricted = partitionSource(source, part);
  let path: string | null = null;
  try {
    path = await openAttempt(folder, { index, attempt });
    const work = { context, state, target, plan, part, index, source: restricted, path, workers, signal };
    const { extracted, normalized } = await extractAndNormalize(work);
    const place = { planId: plan.planId, source: plan.source, index, attempt };
    const document = attemptDocument(place, extracted, normalized);
    await publishAttempt(folder, path, { document, reached: (point) => runtime.reached(point) });
    return manifestOf({ plan, folder, document, place: schemaPlace(context) });
  } catch (error) {
    if (path !== null) await deleteFolder(path);
    if (signal.aborted && !isDltError(error)) throw stopped();
    // Whoever committed the plan meanwhile has removed the folder below us.
    throw (await readPlan(folder)) === null ? planNotFound(folder, error) : error;
  }
}

/** Both at the same time, as in a run: the chunks are on disk, and go on in memory. */
async function extractAndNormalize(
  work: PartitionWork,
): Promise<{ readonly extracted: ExtractResult; readonly normalized: NormalizeStageResult }> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([work.signal, stopping.signal]);
  const channel = chunkChannel();
  const normalizing = normalizeChunksOf({ ...work, signal }, channel);
  // A failure ends the extract, which throws what the signal says.
  normalizing.catch((error: unknown) => stopping.abort(error));
  try {
    const extracted = await extractTo({ ...work, signal }, channel);
    channel.end();
    return { extracted, normalized: await normalizing };
  } catch (error) {
    stopping.abort(error);
    channel.stop();
    await Promise.allSettled([normalizing]);
    throw error;
  }
}

async function extractTo(work: PartitionWork, channel: ChunkChannel): Promise<ExtractResult> {
  const { context, state, target, plan, source, path, signal } = work;
  const { runtime } = context;
  const owner = { context, state, schemas: new Map([[plan.source, plan.schema]]) };
  await using clients = clientPool(owner, target, signal);
  const before = parseSourceState(plan.sourceState);
  const extraction = extract({
    source,
    schema: parseSchema(plan.schema, schemaBinding(context, target, plan.source)),
    sourcesState: plan.sourceState === null ? new Map() : new Map([[plan.source, before]]),
    firstIndex: 0,
    settings: sourceSettings(context, source),
    signal,
    runtime,
    findFile: (path) => findFile(path, runtime.cwd),
    destination: extractDestination(context, { target, clients }, plan.source),
    writeFile: async (name, content) => {
      await writeChunkFile(join(path, "chunks"), name, content);
      await runtime.reached("partition.chunk.written");
    },
  });
  for await (const chunk of extraction) await channel.give(chunk);
  const result = extraction.result();
  const opened = withoutStateOf(startingAnew(resourceGraph(source)), before);
  assertOnlyCursorsMoved(plan.source, opened, { part: work.part, state: stateOf(plan, result) });
  return result;
}

async function normalizeChunksOf(work: PartitionWork, channel: ChunkChannel): Promise<NormalizeStageResult> {
  const { context, target, plan, index, path, workers, signal } = work;
  try {
    return await normalizeInto(
      context,
      {
        loadId: plan.loadId,
        createdAt: BigInt(plan.createdAt),
        idSeed: partitionSeed(plan, index),
        startSchema: plan.schema,
        isReplay: false,
        chunks: channel.chunks,
        readChunk: (entry) => readChunkFile(path, entry),
        linkChunk: (entry, to) => linkFile(chunkPath(path, entry), to),
        // What has no rows in any partition is known when all are there.
        emptyTables: () => [],
        tables: () => [],
      },
      {
        target,
        binding: schemaBinding(context, target, plan.source),
        workers,
        signal,
        folder: join(path, "files"),
      },
    );
  } finally {
    channel.stop();
  }
}

function stateOf({ source }: PlanDocument, { sourcesState }: ExtractResult) {
  const state = sourcesState.get(source);
  return parseSourceState(state === undefined ? null : encodeJson(state, { typed: true }));
}

/** @throws PackageError `PARTITION_INVALID` for what is not a partition of this pipeline's plans */
function assertPartition(partition: Partition, pipelineName: string): void {
  if (typeof partition !== "object" || partition === null) throw invalid("it is no object");
  const { planId, exchange, index } = partition;
  const isComplete = isPlanId(planId) && typeof exchange === "string" && Number.isInteger(index) && index >= 0;
  if (!isComplete) throw invalid("it lacks `planId`, `exchange` or `index`, or has them in another form");
  if (partition.pipelineName !== pipelineName)
    throw invalid(`it belongs to pipeline \`${partition.pipelineName}\`, not to \`${pipelineName}\``);
}

function invalid(problem: string): PackageError {
  return new PackageError("PARTITION_INVALID", `What \`runPartition\` was given is no partition to run: ${problem}.`, {
    hint: "Give one of `partitions` of what `plan` gave, as it was.",
  });
}
