import type { SchemaText, Secret, SettingsLookup, SettingsRequest } from "@dlt/core";
import { installSettings, installState, parseSchema, type SchemaView, schemaView } from "@dlt/core/engine";
import { slackHook } from "./alerts/slack-hook.js";
import { loadConfig } from "./config/config-context.js";
import { settingsLookup } from "./config/resolve-config.js";
import type { RunData } from "./extract/index.js";
import { type Hooked, hookedCall, hookedLoad } from "./hooks/hooked.js";
import type { DryRunInfo } from "./info/dry-run-info.js";
import type { ExtractInfo } from "./info/extract-info.js";
import type { LoadJobInfo } from "./info/job-info.js";
import type { LoadInfo } from "./info/load-info.js";
import type { NormalizeInfo } from "./info/normalize-info.js";
import { type LoadPackageInfo, packageStage, readPackageInfo } from "./info/package-info.js";
import type { PipelineTrace } from "./info/trace.js";
import { packageNotFound } from "./package/extracted-package.js";
import { removeFailedMarks } from "./package/job-marks.js";
import { listPackages, type PackageStore, packageStore } from "./package/package-store.js";
import { commitPartitions } from "./partitions/commit-partitions.js";
import type {
  CommitInfo,
  CommitOptions,
  Partition,
  PartitionManifest,
  PartitionPlan,
  PlanOptions,
  RunPartitionOptions,
} from "./partitions/partition.js";
import { planPartitions } from "./partitions/plan-partitions.js";
import { runPartition } from "./partitions/run-partition.js";
import { type EventsOptions, eventStream } from "./progress/event-stream.js";
import type { ProgressEvent } from "./progress/progress-event.js";
import { noteMade } from "./run/active-pipeline.js";
import { dropPendingPackages, hasBegunReset } from "./run/drop-pending.js";
import { dropDatasets, dropLocal } from "./run/drop-pipeline.js";
import { dropResources } from "./run/drop-resources.js";
import { type DropPlan, type DropSelection, planDrop } from "./run/drop-selection.js";
import { rememberView } from "./run/given-schema.js";
import { iteratedState } from "./run/iterated-state.js";
import type { LocalDocuments } from "./run/local-documents.js";
import { rememberedTrace } from "./run/local-trace.js";
import { observedRun } from "./run/observed-run.js";
import { type Operation, operate, operateUntilSignal, type PipelineMemory, refuseClosed } from "./run/operation.js";
import { type PipelineContext, pipelineContext } from "./run/pipeline-context.js";
import type {
  DryRunOptions,
  ExtractOptions,
  LoadOptions,
  NormalizeOptions,
  PipelineOptions,
  ReplayOptions,
  RunOptions,
  StepOptions,
  TargetOptions,
} from "./run/pipeline-options.js";
import { rememberedDocuments } from "./run/remembered-documents.js";
import { extract, load, normalize, replayRejects, sync } from "./run/run-pipeline.js";
import { openSqlClient, type PipelineSqlClient } from "./run/sql-session.js";
import { type PipelineStateView, stateView } from "./run/state-view.js";
import { schemaPlace } from "./run/target.js";
import { defaultRuntime, type PipelineRuntime } from "./runtime.js";
import { readOrigins } from "./workspace/column-origins.js";
import { removeWorkingFolder } from "./workspace/working-folder.js";

// Sources look their settings up when they are called, which may be before there is a pipeline.
const currentLookup = (): SettingsLookup => settingsLookup(loadConfig(defaultRuntime()));
installSettings(
  Object.assign(((request) => currentLookup()(request)) satisfies SettingsLookup, {
    later: async (request: SettingsRequest) => await currentLookup().later?.(request),
  }) as SettingsLookup,
);
installState(iteratedState);

/**
 * Loads rows into tables: extracts them from sources, normalizes them into typed tables, loads these into a destination, and
 * remembers where it was. What was extracted is kept on disk until it is loaded, so that a run can be stopped anywhere and
 * the next one goes on.
 */
export interface Pipeline extends AsyncDisposable {
  readonly pipelineName: string;
  /** As it was given or made from the pipeline's name; `null` until a destination is known. */
  readonly datasetName: string | null;
  /** Folder of state, schemas and packages. */
  readonly workingDir: string;
  /** Nothing was loaded yet. */
  readonly firstRun: boolean;
  readonly state: PipelineStateView;
  /** By name. */
  readonly schemas: Readonly<Record<string, SchemaView>>;
  readonly schemaNames: readonly string[];
  readonly defaultSchemaName: string | null;
  /** `null` before the first extract. */
  readonly defaultSchema: SchemaView | null;
  /** How the last run went, or the last calls of single steps, also of an earlier process; `null` before the first. */
  readonly lastTrace: PipelineTrace | null;
  /** Webhook for `sendSlackMessage`, from `[runtime] slack_incoming_hook`; `null`: none is set. */
  readonly slackHook: Secret | null;

  /** Shows what a run would do: schema changes, statements, a few rows. Changes nothing. */
  run(data: RunData, options: DryRunOptions): Promise<DryRunInfo>;
  /**
   * Finishes what earlier runs left, then extracts, normalizes and loads `data`; without data only the former.
   * @throws PipelineStepError with what is kept for the next run
   */
  run(data?: RunData, options?: RunOptions): Promise<LoadInfo>;
  /** Extracts rows into load packages. Needs no destination, except for queries of `sqlModel`. */
  extract(data: RunData, options?: ExtractOptions): Promise<ExtractInfo>;
  /** Normalizes extracted packages into load files. Needs a destination, but no connection. */
  normalize(options?: NormalizeOptions): Promise<NormalizeInfo>;
  /** Loads normalized packages in the order in which they were extracted. */
  load(options?: LoadOptions & TargetOptions): Promise<LoadInfo>;
  /** Takes state and schemas from the destination where they are newer, or missing here. `run` does it the first time. */
  sync(options?: StepOptions & TargetOptions): Promise<void>;
  /** Forgets what is local; `dataset: true`: drops also the tables and the state at the destination. */
  drop(options?: StepOptions & { readonly dataset?: boolean }): Promise<void>;
  /**
   * Tells what `dropResources` would do, from what is known on this machine.
   * @throws PackageError `DROP_SELECTION_INVALID`
   */
  planDrop(selection: DropSelection): DropPlan;
  /**
   * Drops tables of resources at the destination and forgets their state, so that the next run loads them from the beginning. Takes
   * state and schemas from the destination first. What fails on its way is kept as a pending package, which the next run finishes.
   * @throws PackageError `DROP_SELECTION_INVALID`, `REFRESH_WITH_PENDING_PACKAGES`
   */
  dropResources(selection: DropSelection, options?: LoadOptions): Promise<LoadInfo>;
  /** Gives pending packages up and puts the state back, so that their rows are fetched again. Gives their load ids. */
  dropPending(options?: StepOptions): Promise<readonly string[]>;
  /** Runs jobs again that failed for good, and goes on with their packages. */
  retryFailed(options?: LoadOptions): Promise<LoadInfo>;
  /**
   * Loads the rows of `_dlt_rejects` that were not loaded yet, at the places where they would have been. Call it once their cause
   * is mended: the contract, or the type of a column. What is rejected again stays for the next time.
   */
  replayRejects(options?: ReplayOptions): Promise<LoadInfo>;
  /**
   * Plans how a source is read in parts, in other processes or on other machines: `runPartition` does each of them, `commit` loads them
   * together. What all of them start from is written to the exchange folder. Finishes what earlier runs left, as `run` does.
   */
  plan(source: RunData, options: PlanOptions): Promise<PartitionPlan>;
  /**
   * Extracts and normalizes one partition. `source` is what `plan` was given, made by the same code. The pipeline needs its name and
   * its destination; it is not connected to unless a query is given, and the working folder is not used, so that any number can run at
   * the same time.
   */
  runPartition(partition: Partition, source: RunData, options?: RunPartitionOptions): Promise<PartitionManifest>;
  /**
   * Loads what all partitions of a plan gave as one package, and completes state and schema. Of several manifests of a partition the
   * first counts. May be called again: nothing is loaded twice.
   */
  commit(manifests: readonly PartitionManifest[], options?: CommitOptions): Promise<CommitInfo>;
  /**
   * What happens in calls of this object, from now on: what has begun and ended, how far resources, tables and jobs have come, changes
   * of the schema. Each is plain data, so that it can be sent on as JSON. Ends when the pipeline is closed, when `signal` aborts, or when
   * the loop is left. A call never waits for whoever listens: of a count only the newest is kept, and of other events the last thousand.
   */
  events(options?: EventsOptions): AsyncIterableIterator<ProgressEvent>;
  /** SQL against the dataset, or against that of a schema where each has its own. */
  sqlClient(schemaName?: string): Promise<PipelineSqlClient>;

  /** Load ids of packages that wait to be normalized, oldest first. */
  listExtractedLoadPackages(): Promise<readonly string[]>;
  /** Load ids of packages that wait to be loaded, oldest first. */
  listNormalizedLoadPackages(): Promise<readonly string[]>;
  listCompletedLoadPackages(): Promise<readonly string[]>;
  /** @throws PackageError `PACKAGE_NOT_FOUND` */
  getLoadPackageInfo(loadId: string): Promise<LoadPackageInfo>;
  /**
   * Jobs of a package that failed for good, each with its message, its table and where its file is.
   * @throws PackageError `PACKAGE_NOT_FOUND`
   */
  listFailedJobsInPackage(loadId: string): Promise<readonly LoadJobInfo[]>;
  /** Stops what is under way and waits for it; the pipeline can be made again and goes on. */
  close(): Promise<void>;
}

/**
 * Makes a pipeline, or takes up the one of that name. Does nothing yet beyond reading the configuration.
 * @throws ConfigError, PackageError `PIPELINE_NAME_INVALID`
 */
export function pipeline(options: PipelineOptions = {}, runtime: PipelineRuntime = defaultRuntime()): Pipeline {
  const { destination, staging } = options;
  return openPipeline(pipelineContext(options, runtime), { destination, staging });
}

/** A pipeline of this context; `isWiped`: what `devMode` forgets is not forgotten. */
export function openPipeline(
  context: PipelineContext,
  options: Pick<PipelineMemory, "destination" | "staging"> & { readonly isWiped?: boolean },
): Pipeline {
  const { destination, staging, isWiped = false } = options;
  installSettings(settingsLookup(context.config));
  const memory: PipelineMemory = {
    context,
    closing: new AbortController(),
    running: new Set(),
    destination,
    datasetName: undefined,
    credentials: undefined,
    staging,
    isSynced: false,
    isWiped,
    lastLoadId: null,
    loaded: [],
    local: null,
    trace: null,
  };
  const made = new LocalPipeline(memory);
  noteMade(memory, made);
  return made;
}

class LocalPipeline implements Pipeline {
  readonly #memory: PipelineMemory;

  constructor(memory: PipelineMemory) {
    this.#memory = memory;
  }

  get pipelineName(): string {
    return this.#memory.context.pipelineName;
  }

  get datasetName(): string | null {
    return (
      this.#memory.datasetName ?? this.#local().state.datasetName ?? this.#memory.context.settings.datasetName ?? null
    );
  }

  get workingDir(): string {
    return this.#memory.context.folder.path;
  }

  get firstRun(): boolean {
    return this.#local().state.local.firstRun;
  }

  get state(): PipelineStateView {
    return stateView(this.#local().state);
  }

  get schemas(): Readonly<Record<string, SchemaView>> {
    return Object.fromEntries([...this.#local().schemas].map(([name, text]) => [name, this.#view(text)]));
  }

  get schemaNames(): readonly string[] {
    return [...this.#local().schemas.keys()];
  }

  get defaultSchemaName(): string | null {
    return this.#local().state.defaultSchemaName;
  }

  get defaultSchema(): SchemaView | null {
    const { state, schemas } = this.#local();
    const text = state.defaultSchemaName === null ? undefined : schemas.get(state.defaultSchemaName);
    return text === undefined ? null : this.#view(text);
  }

  get slackHook(): Secret | null {
    return slackHook(this.#memory.context.config);
  }

  get lastTrace(): PipelineTrace | null {
    return rememberedTrace(this.#memory);
  }

  run(data: RunData, options: DryRunOptions): Promise<DryRunInfo>;
  run(data?: RunData, options?: RunOptions): Promise<LoadInfo>;
  async run(data?: RunData, options: RunOptions | DryRunOptions = {}): Promise<LoadInfo | DryRunInfo> {
    refuseClosed(this.#memory);
    return await observedRun(this.#memory, { data, options, hooked: this.#hooked });
  }

  async extract(data: RunData, options: ExtractOptions = {}): Promise<ExtractInfo> {
    return await this.#call(options, (operation) => extract(operation, data, options));
  }

  async normalize(options: NormalizeOptions = {}): Promise<NormalizeInfo> {
    return await this.#call(options, (operation) => normalize(operation, options));
  }

  async load(options: LoadOptions & TargetOptions = {}): Promise<LoadInfo> {
    return await this.#load(options, (operation) => load(operation, options));
  }

  async sync(options: StepOptions & TargetOptions = {}): Promise<void> {
    await operate(this.#memory, options, sync);
  }

  async drop(options: StepOptions & { readonly dataset?: boolean } = {}): Promise<void> {
    const { dataset = false, ...stepOptions } = options;
    // What is local goes unread: it may be the reason for the call.
    const operateOptions = { ...stepOptions, findsDestination: dataset, forgetsLocal: !dataset };
    await operate(this.#memory, operateOptions, async (operation) => {
      if (dataset) await dropDatasets(operation);
      await dropLocal(operation);
    });
    await removeWorkingFolder(this.#memory.context.folder);
    Object.assign(this.#memory, { isSynced: false, lastLoadId: null, local: null, trace: null });
  }

  planDrop(selection: DropSelection): DropPlan {
    return planDrop(this.#memory.context, this.#local(), selection);
  }

  async dropResources(selection: DropSelection, options: LoadOptions = {}): Promise<LoadInfo> {
    return await this.#load(options, (operation) => dropResources(operation, selection, options));
  }

  async dropPending(options: StepOptions = {}): Promise<readonly string[]> {
    // Otherwise it works although the destination is not installed, or out of reach.
    const findsDestination = await hasBegunReset(this.#store());
    return await operate(this.#memory, { ...options, findsDestination }, dropPendingPackages);
  }

  async retryFailed(options: LoadOptions = {}): Promise<LoadInfo> {
    return await this.#load(options, async (operation) => {
      const { store } = operation.claimed;
      for (const loadId of await listPackages(store, "normalized")) await removeFailedMarks(store, loadId);
      return await load(operation, options);
    });
  }

  async replayRejects(options: ReplayOptions = {}): Promise<LoadInfo> {
    return await this.#load(options, (operation) => replayRejects(operation, options));
  }

  async plan(source: RunData, options: Partial<PlanOptions> = {}): Promise<PartitionPlan> {
    return await operateUntilSignal(this.#memory, options, (operation) => planPartitions(operation, source, options));
  }

  async runPartition(
    partition: Partition,
    source: RunData,
    options: RunPartitionOptions = {},
  ): Promise<PartitionManifest> {
    return await runPartition(this.#memory, partition, source, options);
  }

  async commit(manifests: readonly PartitionManifest[], options: CommitOptions = {}): Promise<CommitInfo> {
    return await this.#load(options, (operation) => commitPartitions(operation, manifests, options));
  }

  events({ signal }: EventsOptions = {}): AsyncIterableIterator<ProgressEvent> {
    refuseClosed(this.#memory);
    const { context, closing } = this.#memory;
    const ended = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
    return eventStream(context.progress, ended);
  }

  async sqlClient(schemaName?: string): Promise<PipelineSqlClient> {
    refuseClosed(this.#memory);
    return await openSqlClient(this.#memory, schemaName ?? null);
  }

  async listExtractedLoadPackages(): Promise<readonly string[]> {
    return await listPackages(this.#store(), "extracted");
  }

  async listNormalizedLoadPackages(): Promise<readonly string[]> {
    return await listPackages(this.#store(), "normalized");
  }

  async listCompletedLoadPackages(): Promise<readonly string[]> {
    return await listPackages(this.#store(), "loaded");
  }

  async getLoadPackageInfo(loadId: string): Promise<LoadPackageInfo> {
    const stage = await packageStage(this.#store(), loadId);
    if (stage === null) throw packageNotFound(loadId, "pending or completed");
    return await readPackageInfo(this.#store(), stage, { loadId, place: schemaPlace(this.#memory.context) });
  }

  async listFailedJobsInPackage(loadId: string): Promise<readonly LoadJobInfo[]> {
    return (await this.getLoadPackageInfo(loadId)).jobs.failedJobs;
  }

  async close(): Promise<void> {
    this.#memory.closing.abort();
    await Promise.allSettled(this.#memory.running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #hooked(): Hooked {
    return { pipeline: this, hooks: this.#memory.context.hooks, loaded: () => this.#memory.loaded };
  }

  /** A step on its own. */
  async #call<Info>(
    options: ExtractOptions | NormalizeOptions,
    work: (operation: Operation) => Promise<Info>,
  ): Promise<Info> {
    const memory = this.#memory;
    refuseClosed(memory);
    return await hookedCall(this.#hooked, options, () => operateUntilSignal(memory, options, work));
  }

  /** A call that loads. */
  async #load<Info extends LoadInfo>(
    options: LoadOptions & TargetOptions,
    work: (operation: Operation) => Promise<Info>,
  ): Promise<Info> {
    const memory = this.#memory;
    refuseClosed(memory);
    return await hookedLoad(this.#hooked, options, () => operateUntilSignal(memory, options, work));
  }

  #view(text: SchemaText): SchemaView {
    const { context } = this.#memory;
    const schema = parseSchema(text, schemaPlace(context));
    return rememberView(
      schemaView(schema, () => readOrigins(context.folder, schema.name)),
      text,
    );
  }

  #local(): LocalDocuments {
    return rememberedDocuments(this.#memory);
  }

  /** For reading only: no steps are taken. */
  #store(): PackageStore {
    const { folder } = this.#memory.context;
    return packageStore({ folder, reached: () => undefined, assertHeld: async () => undefined });
  }
}
