import type { DestinationCapabilities, DestinationClient, NamingConventions, ReplaceStrategy } from "@dlt/core";
import { parseSchema } from "@dlt/core/engine";
import type { LoadSettings } from "../config/engine-settings.js";
import { type JobMark, readJobMarks } from "../package/job-marks.js";
import { type NormalizedPackage, readNormalized } from "../package/normalized-package.js";
import type { PackageStore } from "../package/package-store.js";
import type { Progress } from "../progress/progress.js";
import { type LoadPlanInput, type PlannedLoad, planLoad } from "./load-plan.js";
import { type RetryPolicy, withRetries } from "./retry.js";
import { marksForWay, type StagingPlace } from "./staged-file.js";

export interface LoadPackageInput {
  readonly store: PackageStore;
  readonly loadId: string;
  readonly client: DestinationClient;
  /** Where load files are put first. Default: nowhere. */
  readonly staging?: StagingPlace | undefined;
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
  /** Told how far it has come. Default: nobody is. */
  readonly progress?: Progress;
  /** The process is asked to end: what runs is waited for, and nothing else is begun unless the settings say so. Default: never. */
  readonly ending?: AbortSignal;
  /** Ends at once what runs, too. */
  readonly signal: AbortSignal;
}

/** A load that goes on: what its jobs need and what became of them. */
export interface RunningLoad extends LoadPackageInput {
  readonly content: NormalizedPackage;
  readonly planInput: LoadPlanInput;
  readonly planned: PlannedLoad;
  /** How jobs ended, by their ids. */
  readonly marks: Map<string, JobMark>;
  /** Errors of jobs that failed for good in this attempt. */
  readonly failures: unknown[];
  /** Once it aborts, no job is begun and no attempt is repeated; what runs is waited for. */
  readonly halted: AbortSignal;
  halt(): void;
  /** What keeps the load from going on, other than a failed job. */
  fatal: { readonly error: unknown } | null;
}

export async function openLoad(input: LoadPackageInput): Promise<RunningLoad> {
  const { store, loadId, capabilities, settings, signal, ending } = input;
  const { replaceStrategy, widensColumns = false, conventions } = input;
  const content = await readNormalized(store, loadId);
  const marks = marksForWay(await readJobMarks(store, "normalized", loadId), content.manifest, input.staging);
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
  const halting = new AbortController();
  const halts = [halting.signal, signal, ...(ending === undefined || settings.startNewJobsOnSignal ? [] : [ending])];
  await store.reached("load.package.opened");
  return {
    ...input,
    content,
    planInput,
    planned,
    marks,
    failures: [],
    halted: AbortSignal.any(halts),
    halt: () => halting.abort(),
    fatal: null,
  };
}

/** Does something at the destination, again after errors that may pass, until `until` aborts. */
export async function retried<Result>(
  load: RunningLoad,
  what: string,
  { until, attempt }: { readonly until: AbortSignal; attempt(): Promise<Result> },
): Promise<Result> {
  return await withRetries(attempt, { policy: load.retries, signal: until, what });
}
