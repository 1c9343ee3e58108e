import type {
  DestinationCapabilities,
  DestinationClient,
  LoadFile,
  LoadJob,
  NamingConventions,
  PreparedTable,
  ReplaceStrategy,
} from "@dlt/core";
import { InternalError, isDltError, PackageError } from "@dlt/core";
import { followUpId, formatTables, parseSchema, verifyLoad } from "@dlt/core/engine";
import type { LoadSettings } from "../config/engine-settings.js";
import { type JobMark, readJobMarks, writeJobMark } from "../package/job-marks.js";
import { commitLoaded, recordAppliedUpdate, recordReset } from "../package/loaded-package.js";
import type { FileEntry } from "../package/manifest.js";
import { loadFilePath, type NormalizedPackage, readNormalized } from "../package/normalized-package.js";
import type { PackageStore } from "../package/package-store.js";
import { refuseMerge, warnOfAppending } from "./check-dispositions.js";
import { refuseFormat } from "./check-formats.js";
import { type LoadPlanInput, loadsToStaging, type PlannedLoad, planLoad } from "./load-plan.js";
import { parallelJobs } from "./parallel-jobs.js";
import { type Retried, type RetryPolicy, withRetries } from "./retry.js";
import { runBounded } from "./run-bounded.js";
import { truncateStaging } from "./truncate-staging.js";

export interface LoadPackageInput {
  readonly store: PackageStore;
  readonly loadId: string;
  readonly client: DestinationClient;
  readonly destinationName: string;
  readonly capabilities: DestinationCapabilities;
  /** Naming conventions beside those of the library. */
  readonly conventions?: NamingConventions;
  readonly settings: LoadSettings;
  readonly replaceStrategy?: ReplaceStrategy;
  /** Columns at the destination may become wider. Default: false. */
  readonly widensColumns?: boolean;
  readonly retries: RetryPolicy;
  readonly nowMicros: () => bigint;
  readonly signal: AbortSignal;
}

/** A load that goes on: what its jobs need and what became of them. */
interface RunningLoad extends LoadPackageInput {
  readonly content: NormalizedPackage;
  readonly planInput: LoadPlanInput;
  readonly planned: PlannedLoad;
  readonly marks: Map<string, JobMark>;
  /** Errors of jobs that failed for good in this attempt. */
  readonly failures: unknown[];
  /** A job failed, so that no other is started; those that run are waited for. */
  stopping: boolean;
  /** What keeps the load from going on, other than a failed job. */
  fatal: { readonly error: unknown } | null;
}

/**
 * Loads a normalized package: prepares the destination, runs the jobs that are not completed yet (those that failed in an
 * earlier attempt included), then marks the load as complete. Safe to repeat after a crash at any point.
 * @throws PackageError `LOAD_PACKAGE_FAILED` when jobs failed for good; the package stays
 * @throws DestinationError when the destination cannot be prepared or completed, or retries are used up; the package stays
 */
export async function loadPackage(input: LoadPackageInput): Promise<void> {
  const load = await openLoad(input);
  await prepareLoad(load);
  await runJobs(load);
  const failed = [...load.marks.values()].filter((mark) => mark.status === "failed");
  if (load.fatal !== null) throw load.fatal.error;
  input.signal.throwIfAborted();
  if (failed.length > 0 && input.settings.raiseOnFailedJobs) throw packageFailed(load, failed);
  await complete(load, failed.length);
}

/**
 * Prepares the destination for a package whose preparation was begun, and loads nothing: what a refresh forgets at the
 * destination is forgotten then. Changes nothing when that was done.
 * @throws DestinationError when the destination cannot be prepared
 */
export async function finishReset(input: LoadPackageInput): Promise<void> {
  await prepareLoad(await openLoad(input));
}

async function prepareLoad(load: RunningLoad): Promise<void> {
  const { store, loadId, client, content } = load;
  const { plan } = load.planned;
  const destination = { name: load.destinationName, capabilities: load.capabilities };
  refuseMerge([...load.planned.tables.values()].filter(loadsToStaging), { destination, client });
  for (const warning of verifyLoad(plan.tables, load.capabilities))
    process.emitWarning(warning, { type: "DltWarning", code: "WRITE_DISPOSITION_HINTS" });
  for (const { format, name, table } of content.manifest.files) {
    refuseFormat(destination, { format, of: `\`${name}\``, context: { loadId, table } });
  }
  await store.reached("load.plan.made");
  const { dropTables, truncateTables } = content.manifest;
  if (dropTables.length + truncateTables.length > 0) {
    await recordReset(store, loadId);
    await store.reached("load.reset.begun");
  }
  const prepared = await retried(load, "Preparing the destination", () => client.prepare(plan));
  warnOfAppending(load.planned.appendedInstead, destination.name);
  await recordAppliedUpdate(store, loadId, formatTables(prepared.result));
  await store.reached("load.prepared");
}

async function openLoad(input: LoadPackageInput): Promise<RunningLoad> {
  const { store, loadId, capabilities, replaceStrategy, widensColumns = false, conventions } = input;
  const content = await readNormalized(store, loadId);
  const marks = new Map(await readJobMarks(store, "normalized", loadId));
  const { mergeStrategies } = capabilities;
  const schema = parseSchema(content.schema, { mergeStrategies, ...(conventions && { conventions }) });
  const planInput: LoadPlanInput = {
    manifest: content.manifest,
    schema,
    schemaText: content.schema,
    capabilities,
    widensColumns,
    ...(replaceStrategy !== undefined && { replaceStrategy }),
  };
  const planned = planLoad(planInput);
  await store.reached("load.package.opened");
  return { ...input, content, planInput, planned, marks, failures: [], stopping: false, fatal: null };
}

async function runJobs(load: RunningLoad): Promise<void> {
  const { limit, oneByTable } = parallelJobs(load.settings, load.capabilities);
  const { files } = load.content.manifest;
  const unfinishedChains = new Set(load.planned.chains.keys());
  await runBounded({
    items: files.filter((file) => !isCompleted(load, file)),
    limit,
    keyOf: (file) => (oneByTable ? file.table : null),
    stopped: () => isStopped(load),
    run: async (file) => {
      await guarded(load, async () => {
        const make = () => load.client.createJob(loadFile(load, file));
        await runJob(load, { id: file.name, table: file.table, make });
        await finishChain(load, tableOf(load, file.table).rootTable, unfinishedChains);
      });
    },
  });
  // Chains whose files were all loaded by an earlier attempt may lack their follow-ups.
  for (const root of [...unfinishedChains]) {
    if (isStopped(load)) return;
    await guarded(load, () => finishChain(load, root, unfinishedChains));
  }
}

/** Runs what follows when all files of a root table and its children are in; does nothing before. */
async function finishChain(load: RunningLoad, root: string, unfinished: Set<string>): Promise<void> {
  const { files, loadId, createdAt } = load.content.manifest;
  const inChain = files.filter((file) => tableOf(load, file.table).rootTable === root);
  if (!unfinished.has(root) || !inChain.every((file) => isCompleted(load, file))) return;
  unfinished.delete(root);
  const followUps = load.client.followUps?.({
    loadId,
    createdAt: BigInt(createdAt),
    tables: load.planned.chains.get(root) ?? [],
    loaded: new Set(inChain.map((file) => file.table)),
    followUpId: followUpId(loadId, root),
  });
  for (const job of followUps ?? []) {
    if (isStopped(load)) return;
    if (load.marks.get(job.id)?.status !== "completed")
      await runJob(load, { id: job.id, table: root, make: () => job });
  }
  await load.store.reached("load.chain.finished");
}

/** Runs a job until it ends, and records how. `make` describes the job; an error of it counts as one of the job. */
async function runJob(
  load: RunningLoad,
  planned: { readonly id: string; readonly table: string; make(): LoadJob },
): Promise<void> {
  const { store, loadId, nowMicros } = load;
  const startedAt = String(nowMicros());
  await store.reached("load.job.started");
  const end = await attemptJob(load, planned);
  await store.reached("load.job.finished");
  const { id: jobId, table } = planned;
  const mark: JobMark = { jobId, table, ...end, startedAt, finishedAt: String(nowMicros()) };
  await writeJobMark(store, loadId, mark);
  load.marks.set(jobId, mark);
  await store.reached("load.job.recorded");
  if (mark.status === "failed" && load.settings.raiseOnFailedJobs) load.stopping = true;
}

type JobEnd = Pick<JobMark, "status" | "rowCount" | "bytes" | "attempts" | "failure">;

/** @throws when the load was stopped or retries are used up: the job is neither done nor failed, the next run takes it up */
async function attemptJob(load: RunningLoad, planned: { readonly id: string; make(): LoadJob }): Promise<JobEnd> {
  let attempts = 0;
  try {
    const { result } = await retried(load, `Load job \`${planned.id}\``, () => {
      attempts += 1;
      return planned.make().run(load.signal);
    });
    return { status: "completed", rowCount: result.rowCount, bytes: result.bytes, attempts, failure: null };
  } catch (error) {
    if (load.signal.aborted || (isDltError(error) && (error.retryable || error.family === "package"))) throw error;
    const failure = isDltError(error)
      ? { code: error.code, message: error.message, hint: error.hint ?? null }
      : { code: null, message: String(error), hint: null };
    load.failures.push(error);
    return { status: "failed", rowCount: 0, bytes: 0, attempts, failure };
  }
}

async function complete(load: RunningLoad, failedJobs: number): Promise<void> {
  const { store, loadId } = load;
  const { createdAt, schemaName } = load.content.manifest;
  await retried(load, "Completing the load", () =>
    load.client.completeLoad({
      loadId,
      createdAt: BigInt(createdAt),
      schemaName,
      schemaHash: load.planned.plan.schemaHash,
      state: load.content.state,
    }),
  );
  await store.reached("load.completed");
  if (load.settings.truncateStagingDataset) await truncateStaging(load.client, load.planInput);
  const completion = { completedAt: String(load.nowMicros()), failedJobs };
  await commitLoaded(store, loadId, completion, load.settings.deleteCompletedJobs);
}

/** Runs a step of the load; its error ends the load once what runs has ended. */
async function guarded(load: RunningLoad, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    load.fatal ??= { error };
  }
}

function isStopped(load: RunningLoad): boolean {
  return load.fatal !== null || load.stopping || load.signal.aborted;
}

async function retried<Result>(
  load: RunningLoad,
  what: string,
  attempt: () => Promise<Result>,
): Promise<Retried<Result>> {
  return await withRetries(attempt, { policy: load.retries, signal: load.signal, what });
}

function isCompleted(load: RunningLoad, file: FileEntry): boolean {
  return load.marks.get(file.name)?.status === "completed";
}

function loadFile(load: RunningLoad, file: FileEntry): LoadFile {
  const table = tableOf(load, file.table);
  return {
    jobId: file.name,
    loadId: load.loadId,
    table,
    target: loadsToStaging(table) ? "staging" : "final",
    format: file.format,
    at: { path: loadFilePath(load.store, load.loadId, file) },
    rowCount: file.rowCount,
    bytes: file.bytes,
    ...(file.isImported && { isImported: true }),
  };
}

function tableOf(load: RunningLoad, name: string): PreparedTable {
  const table = load.planned.tables.get(name);
  if (table === undefined) {
    throw new InternalError(
      "INTERNAL_STATE_UNEXPECTED",
      `Load package \`${load.loadId}\` has no table \`${name}\` in its schema.`,
      {
        context: { loadId: load.loadId, table: name },
      },
    );
  }
  return table;
}

function packageFailed(load: RunningLoad, failed: readonly JobMark[]): PackageError {
  const { loadId } = load;
  const jobs = failed.map((mark) => `\`${mark.jobId}\`: ${mark.failure?.message ?? ""}`).join("\n");
  const fix = failed[0]?.failure?.hint ?? "Remove the cause.";
  return new PackageError(
    "LOAD_PACKAGE_FAILED",
    `${failed.length} job(s) of load package \`${loadId}\` failed for good. The package is kept, and nothing new is extracted before it is loaded or dropped.\n${jobs}`,
    {
      hint: `${fix} Then run again, or call \`retryFailed()\`; to give these rows up for now and fetch them again later, call \`dropPending()\`.`,
      context: { loadId, failedJobs: failed.length },
      cause: load.failures[0],
    },
  );
}
