import type { EpochLimits, RunData, UncutResource } from "../extract/index.js";
import { combineLoadInfo, type LoadInfo } from "../info/load-info.js";
import { checkSources } from "./check-sources.js";
import { EpochLoader } from "./epoch-loader.js";
import type { OpenPackage } from "./extract-packages.js";
import { extractStep } from "./extract-step.js";
import { loadStep } from "./load-step.js";
import { describeData } from "./loadable-data.js";
import { normalizeStepInfo } from "./normalize-step.js";
import { type Operation, requireDestination } from "./operation.js";
import { overlappedNormalize } from "./overlapped-normalize.js";
import type { CheckpointOptions, RunOptions } from "./pipeline-options.js";
import { refreshMode } from "./refresh.js";
import { beginImports } from "./schema-imports.js";
import { sourcesOf } from "./sources-of.js";
import { invalidRunOption } from "./stop-request.js";

/** What a run in epochs has loaded, and which resources came as a whole. */
export interface EpochsResult {
  readonly info: LoadInfo;
  readonly uncut: readonly UncutResource[];
  /** There may be more: it was stopped before its data had an end. */
  readonly wasStopped: boolean;
}

/**
 * Extracts in epochs: load packages that are committed, normalized and loaded while the resources are still read, each with the
 * state that belongs to it. When `stopSignal` is aborted, the last one ends at the last checkpoints.
 *
 * @throws PipelineStepError; what was committed stays, and what could be loaded of it is
 */
export async function runEpochs(
  operation: Operation,
  data: RunData,
  options: RunOptions & { readonly limits: EpochLimits; readonly stopSignal: AbortSignal },
): Promise<EpochsResult> {
  const { claimed, recorder } = operation;
  const { limits, stopSignal } = options;
  const destination = requireDestination(operation, "run");
  const { target, clients } = destination;
  const { runtime } = claimed.context;
  const startedAt = runtime.nowMicros();
  let loadingId: string | null = null;
  const loader = new EpochLoader(() =>
    loadStep({
      claimed,
      target,
      clients,
      options,
      signal: operation.signal,
      isLast: false,
      at: (loadId) => {
        loadingId = loadId;
      },
    }),
  );
  const signal = AbortSignal.any([operation.signal, loader.failed]);
  await using overlapped = overlappedNormalize(claimed, { target, workers: options.workers, signal });
  const normalized: string[] = [];
  const commitNormalized = async (packages: readonly OpenPackage[]): Promise<void> => {
    for (const open of packages) {
      await overlapped.commit(open);
      normalized.push(open.loadId);
    }
  };
  /** Before a step fails, what is being loaded is loaded: nothing goes on behind the error, which tells what is pending. */
  const settling = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      await loader.settled();
      throw error;
    }
  };
  let last: readonly OpenPackage[] = [];
  let uncut: readonly UncutResource[] = [];
  let wasStopped = false;
  try {
    await recorder.step("extract", async (_, noteEpoch) => {
      const sources = await sourcesOf(claimed, data, options);
      const { client } = await clients.forSchema(null);
      checkSources(sources, { destination: target.destination, client });
      const committed = async (packages: readonly OpenPackage[]): Promise<void> => {
        noteEpoch();
        await beginImports(claimed);
        await commitNormalized(packages);
        await runtime.reached("epoch.committed");
        if (packages.length > 0) await loader.add();
      };
      const epochs = { limits, stopSignal, committed };
      const dataInfo = describeData(data);
      const refresh = refreshMode(claimed.context, options.refresh);
      return await settling(async () => {
        const input = { claimed, sources, dataInfo, destination, refresh, follower: overlapped, epochs, signal };
        const extracted = await extractStep(input);
        last = extracted.packages;
        uncut = extracted.uncut;
        wasStopped = extracted.wasStopped;
        await beginImports(claimed);
        return extracted.info;
      });
    });
    await recorder.step("normalize", async (at) => {
      await runtime.reached("normalize.started");
      at(last.at(-1)?.loadId ?? "");
      const before = normalized.length;
      return await settling(async () => {
        await commitNormalized(last);
        return await normalizeStepInfo(claimed, { loadIds: normalized.slice(before), startedAt });
      });
    });
  } catch (error) {
    if (!loader.failed.aborted) throw error;
  }
  const info = await recorder.step("load", async (at) => {
    if (loadingId !== null) at(loadingId);
    const loaded = await loader.finish();
    const rest = await loadStep({ claimed, target, clients, options, signal: operation.signal, isLast: true, at });
    await beginImports(claimed);
    return loaded === null ? rest : combineLoadInfo(loaded, rest);
  });
  return { info, uncut, wasStopped };
}

/** How a run is cut; `null`: it is not. @throws ConfigError `RUN_OPTION_INVALID` */
export function epochLimits(options: {
  readonly checkpoint?: CheckpointOptions | undefined;
  readonly maxDurationMs?: number | undefined;
}): EpochLimits | null {
  const { checkpoint, maxDurationMs } = options;
  const asked = [
    ...(checkpoint === undefined ? [] : ["checkpoint"]),
    ...(maxDurationMs === undefined ? [] : ["maxDurationMs"]),
  ];
  if (checkpoint === undefined) return maxDurationMs === undefined ? null : { ...withoutLimits, options: asked };
  for (const name of ["everyMs", "everyBytes", "everyRows"] as const) {
    const value = checkpoint[name];
    if (value !== undefined && !(value > 0)) throw invalidRunOption(`checkpoint.${name}`, value, "a number above 0");
  }
  const { everyMs, everyBytes, everyRows } = checkpoint;
  const isEmpty = everyMs === undefined && everyBytes === undefined && everyRows === undefined;
  return {
    everyMs: everyMs ?? (isEmpty ? defaultEveryMs : Number.POSITIVE_INFINITY),
    everyBytes: everyBytes ?? Number.POSITIVE_INFINITY,
    everyRows: everyRows ?? Number.POSITIVE_INFINITY,
    options: asked,
  };
}

const withoutLimits = {
  everyMs: Number.POSITIVE_INFINITY,
  everyBytes: Number.POSITIVE_INFINITY,
  everyRows: Number.POSITIVE_INFINITY,
};

const defaultEveryMs = 60_000;
