import { ConfigError, type Destination, isDltError, PackageError } from "@dlt/core";
import { runtimeSettings } from "../config/engine-settings.js";
import type { PipelineTrace } from "../info/trace.js";
import { profiled } from "../profile/profile-file.js";
import { bumpState } from "../state/state-hash.js";
import { takeUpTelemetry } from "../telemetry/telemetry-api.js";
import { withinPipeline } from "./active-pipeline.js";
import { type ClaimedPipeline, type LoadedPackage, noteLoadId, saveState, withClaim } from "./claimed-pipeline.js";
import { type ClientPool, clientPool } from "./client-pool.js";
import type { LocalDocuments } from "./local-documents.js";
import { keepTrace } from "./local-trace.js";
import { profileOf, refuseInDryRun } from "./observe-runs.js";
import type { PipelineContext } from "./pipeline-context.js";
import type { StepOptions, TargetOptions } from "./pipeline-options.js";
import { withTarget } from "./pipeline-state.js";
import type { GivenStaging } from "./staging.js";
import { stopped } from "./step-error.js";
import { type StepRecorder, stepRecorder } from "./step-recorder.js";
import { stopRequest } from "./stop-request.js";
import { findTarget, type GivenDestination, type Target } from "./target.js";

/** What a pipeline object remembers between its calls. */
export interface PipelineMemory {
  readonly context: PipelineContext;
  /** Aborts when the object is closed. */
  readonly closing: AbortController;
  /** Calls that are under way. */
  readonly running: Set<Promise<unknown>>;
  /** Given last, to `pipeline` or to a call. */
  destination: string | Destination | undefined;
  datasetName: string | undefined;
  /** Given last, for the destination that was given last. */
  credentials: unknown;
  /** Given last, to `pipeline` or to a call. */
  staging: GivenStaging;
  /** State and schemas were taken from the destination. */
  isSynced: boolean;
  /** What `devMode` forgets was forgotten. */
  isWiped: boolean;
  lastLoadId: string | null;
  /** What the last call loaded, also one that failed. */
  loaded: readonly LoadedPackage[];
  /** As the last call left them; `null` before the first. */
  local: LocalDocuments | null;
  trace: PipelineTrace | null;
}

/** A call of a pipeline that has the pipeline for itself. */
export interface Operation {
  readonly memory: PipelineMemory;
  readonly claimed: ClaimedPipeline;
  /** `null`: no destination is known. */
  readonly destination: OpenDestination | null;
  /** Aborts when the call is to end: nothing more is begun. */
  readonly signal: AbortSignal;
  /** Aborts when jobs that run are to end as well: not for a signal to the process, which waits for them. */
  readonly cutOff: AbortSignal;
  readonly recorder: StepRecorder;
}

/** A destination and the sessions with it. */
export interface OpenDestination {
  readonly target: Target;
  readonly clients: ClientPool;
}

/** How a call is run. */
export interface OperateOptions extends StepOptions, TargetOptions {
  /** False: the call has nothing to do with the destination. Default: true. */
  readonly findsDestination?: boolean;
  /** Forgets everything local first, whatever its condition. Default: false. */
  readonly forgetsLocal?: boolean;
  /** The process is asked to end. Default: never, or the work asks by itself. */
  readonly ending?: AbortSignal;
}

/** Runs a call: claims the pipeline, finds the destination, and closes what was opened. */
export async function operate<Result>(
  memory: PipelineMemory,
  options: OperateOptions,
  work: (operation: Operation) => Promise<Result>,
): Promise<Result> {
  refuseClosed(memory);
  refuseInDryRun(memory.context);
  memory.loaded = [];
  await takeUpTelemetry();
  const { context } = memory;
  const profile = profileOf(options.profile, context);
  const running = withinPipeline(memory, () => profiled(profile, context, () => claimAndWork(memory, options, work)));
  memory.running.add(running);
  try {
    return await running;
  } finally {
    memory.running.delete(running);
  }
}

/** Runs a call that ends cleanly when the process is asked to end. */
export async function operateUntilSignal<Result>(
  memory: PipelineMemory,
  options: OperateOptions,
  work: (operation: Operation) => Promise<Result>,
): Promise<Result> {
  const { interceptSignals } = runtimeSettings({ config: memory.context.config });
  using stop = stopRequest({ interceptsSignals: interceptSignals, maxDurationMs: undefined });
  return await operate(memory, { ...options, ending: stop.signal }, work);
}

async function claimAndWork<Result>(
  memory: PipelineMemory,
  options: OperateOptions,
  work: (operation: Operation) => Promise<Result>,
): Promise<Result> {
  const { context, closing } = memory;
  const { findsDestination = true, forgetsLocal = false } = options;
  const given = [closing.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const ending = options.ending === undefined ? [] : [options.ending];
  const signal = AbortSignal.any([...given, ...ending]);
  const wipe = forgetsLocal || (context.settings.devMode && !memory.isWiped);
  const claimOptions = { signal, waitMs: options.waitMs ?? 0, wipe };
  let opened: StepRecorder | null = null;
  const claiming = withClaim(context, claimOptions, async (claimed) => {
    memory.isWiped = true;
    if (memory.lastLoadId !== null) noteLoadId(claimed, memory.lastLoadId);
    Object.assign(memory, givenDestination(memory, options));
    memory.datasetName = options.datasetName ?? memory.datasetName;
    const cutOff = AbortSignal.any([...given, claimed.lost]);
    const toEnd = AbortSignal.any([cutOff, ...ending]);
    const target = findsDestination ? await findTarget(context, memory, claimed.state) : null;
    await using clients = target === null ? null : clientPool(claimed, target, cutOff);
    const recorder = stepRecorder(claimed, { signal: toEnd, cutOff });
    opened = recorder;
    try {
      if (findsDestination) await saveTarget(claimed, { target, givenDataset: memory.datasetName });
      const destination = target === null || clients === null ? null : { target, clients };
      return await work({ memory, claimed, destination, signal: toEnd, cutOff, recorder });
    } finally {
      memory.local = { state: claimed.state, schemas: claimed.schemas };
      memory.lastLoadId = claimed.lastLoadId;
      memory.loaded = claimed.loaded;
      const trace = context.settings.enableRuntimeTrace ? recorder.trace() : null;
      if (trace !== null) await keepTrace(memory, trace);
    }
  });
  // Whoever hears that it is over may begin the next call.
  const end = (failure: { readonly error: unknown } | null): void => opened?.end(failure);
  try {
    const result = await claiming;
    end(null);
    return result;
  } catch (error) {
    const told = signal.aborted && !isDltError(error) ? stopped() : error;
    end({ error: told });
    throw told;
  }
}

/** Credentials belong to the destination that they were given for. */
export function givenDestination(memory: PipelineMemory, options: TargetOptions): GivenDestination {
  const { destination, credentials, staging } = options;
  return {
    destination: destination ?? memory.destination,
    staging: staging === undefined ? memory.staging : staging,
    credentials: credentials ?? (destination === undefined ? memory.credentials : undefined),
  };
}

async function saveTarget(
  claimed: ClaimedPipeline,
  options: { readonly target: Target | null; readonly givenDataset: string | undefined },
): Promise<void> {
  const state = bumpState(withTarget(claimed.state, claimed.context, options));
  if (state.versionHash !== claimed.state.versionHash) await saveState(claimed, state);
}

/** The destination of a call that cannot do without. @throws ConfigError `PIPELINE_DESTINATION_MISSING` */
export function requireDestination({ memory, destination }: Operation, step: string): OpenDestination {
  if (destination === null) throw destinationMissing(memory.context, step);
  return destination;
}

export function destinationMissing({ pipelineName }: PipelineContext, step: string): ConfigError {
  return new ConfigError(
    "PIPELINE_DESTINATION_MISSING",
    `Pipeline \`${pipelineName}\` has no destination, which \`${step}\` needs.`,
    {
      hint: 'Give one, e.g. pipeline({ destination: "duckdb" }), or set DESTINATION_TYPE=duckdb.',
      context: { pipelineName, step },
    },
  );
}

/** @throws PackageError `PIPELINE_CLOSED` */
export function refuseClosed({ context, closing }: PipelineMemory): void {
  if (!closing.signal.aborted) return;
  throw new PackageError("PIPELINE_CLOSED", `Pipeline \`${context.pipelineName}\` was closed.`, {
    hint: "Make another one with `pipeline()`: it goes on where this one stopped.",
    context: { pipelineName: context.pipelineName },
  });
}
