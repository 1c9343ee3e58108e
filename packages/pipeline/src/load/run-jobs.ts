import { InternalError, isDltError, type LoadFile, type PreparedTable } from "@dlt/core";
import { followUpId } from "@dlt/core/engine";
import type { FileEntry } from "../package/manifest.js";
import { loadFilePath } from "../package/normalized-package.js";
import type { Count } from "../progress/progress-event.js";
import { hasEnded, runJob } from "./load-job.js";
import { loadsToStaging } from "./load-plan.js";
import { parallelJobs } from "./parallel-jobs.js";
import { runBounded } from "./run-bounded.js";
import type { RunningLoad } from "./running-load.js";
import { jobsOfFile, lastJobId } from "./staged-file.js";

/** A root table and its children, on the way to what follows once their files are in. */
interface OpenChain {
  readonly root: string;
  readonly files: readonly FileEntry[];
  /** Names of files whose jobs have not ended. */
  readonly waiting: Set<string>;
  isFinished: boolean;
}

/**
 * Runs the jobs that have not ended, and what follows them. What keeps a load from going on halts it.
 * @returns false when jobs are left
 */
export async function runJobs(load: RunningLoad): Promise<boolean> {
  const { settings, capabilities, content, halted } = load;
  const { limit, oneByTable } = parallelJobs(settings, capabilities);
  const chains = openChains(load);
  await runBounded({
    items: content.manifest.files.filter((file) => !fileHasEnded(load, file)),
    limit,
    keyOf: (file) => (oneByTable ? file.table : null),
    stopped: () => halted.aborted,
    run: async (file) => {
      await guarded(load, async () => {
        await loadOne(load, file);
        const chain = chains.get(tableOf(load, file.table).rootTable);
        if (chain === undefined || !fileHasEnded(load, file)) return;
        chain.waiting.delete(file.name);
        await finishChain(load, chain);
      });
    },
  });
  // Chains whose files were all loaded by an earlier attempt may lack their follow-ups.
  for (const chain of chains.values()) await guarded(load, () => finishChain(load, chain));
  return load.fatal === null && [...chains.values()].every(({ isFinished }) => isFinished);
}

/** Jobs that ended. Those that follow others are known once they do. */
export function* jobCounts({ loadId, marks, content }: RunningLoad): Generator<Count> {
  const jobs = new Set([...content.manifest.files.map(({ name }) => name), ...marks.keys()]);
  let [done, bytes] = [0, 0];
  for (const mark of marks.values()) {
    if (mark.status !== "completed") continue;
    done += 1;
    // A file that was staged is not counted twice.
    if (mark.isUpload !== true) bytes += mark.bytes;
  }
  const of = { step: "load", name: loadId, isOver: false } as const;
  yield { ...of, done, total: jobs.size, unit: "jobs", bytes };
  if (done < marks.size) yield { ...of, done: marks.size - done, total: null, unit: "failed jobs", bytes: null };
}

function openChains(load: RunningLoad): ReadonlyMap<string, OpenChain> {
  const chains = new Map<string, OpenChain & { readonly files: FileEntry[] }>();
  for (const file of load.content.manifest.files) {
    const root = tableOf(load, file.table).rootTable;
    const chain = chains.get(root) ?? { root, files: [], waiting: new Set<string>(), isFinished: false };
    chains.set(root, chain);
    chain.files.push(file);
    if (!fileHasEnded(load, file)) chain.waiting.add(file.name);
  }
  return chains;
}

/** Runs the jobs of a file one after another, as far as they succeed. */
async function loadOne(load: RunningLoad, file: FileEntry): Promise<void> {
  for (const job of jobsOfFile(loadFile(load, file), load)) {
    if (load.halted.aborted) return;
    await runJob(load, job);
    if (load.marks.get(job.id)?.status !== "completed") return;
  }
}

/** True for a file that was loaded, or given up on one of the ways there. */
function fileHasEnded(load: RunningLoad, file: FileEntry): boolean {
  return hasEnded(load, lastJobId(file, load.staging)) || load.marks.get(file.name)?.isGivenUp === true;
}

/**
 * Runs what follows when all files of a root table and its children are in, or given up; does nothing before. Nothing follows where
 * all of them were given up.
 */
async function finishChain(load: RunningLoad, chain: OpenChain): Promise<void> {
  const { root, files, waiting, isFinished } = chain;
  if (isFinished || waiting.size > 0) return;
  const { loadId, createdAt } = load.content.manifest;
  const loaded = files.filter((file) => load.marks.get(lastJobId(file, load.staging))?.status === "completed");
  const followUps =
    loaded.length === 0
      ? []
      : load.client.followUps?.({
          loadId,
          createdAt: BigInt(createdAt),
          tables: load.planned.chains.get(root) ?? [],
          loaded: new Set(loaded.map((file) => file.table)),
          followUpId: followUpId(loadId, root),
        });
  for (const job of followUps ?? []) {
    if (hasEnded(load, job.id)) continue;
    if (load.halted.aborted) return;
    await runJob(load, { id: job.id, table: root, isFollowUp: true, make: () => job });
    if (!hasEnded(load, job.id)) return;
  }
  chain.isFinished = true;
  await load.store.reached("load.chain.finished");
}

/** Runs a step of the load; its error ends the load once what runs has ended. */
async function guarded(load: RunningLoad, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    const { signal, halted } = load;
    // What was cut off, or is not tried again because the load was halted, is no reason of its own.
    const isLeft = halted.aborted && (error === halted.reason || (isDltError(error) && error.retryable));
    if (!signal.aborted && !isLeft) load.fatal ??= { error };
    load.halt();
  }
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
