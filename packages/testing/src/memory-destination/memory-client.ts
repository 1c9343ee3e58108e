import {
  type ConnectOptions,
  type DestinationClient,
  DestinationError,
  type LoadFile,
  type LoadJob,
  type LoadJobResult,
  type PreparedTable,
} from "@dlt/core";
import { systemNames } from "@dlt/core/engine";
import { loadFileRows } from "./load-file-rows.js";
import type { DatasetNames, Datasets, MemoryDataset } from "./memory-database.js";
import { memoryState } from "./memory-state.js";
import { bringIn } from "./merge.js";
import { emptyTable, preparation } from "./preparation.js";

/**
 * A session. What changes something reads all that it needs first, and then changes everything between two turns of the event loop: nobody
 * sees a part of it.
 */
export function memoryClient(datasets: Datasets, options: ConnectOptions): DestinationClient {
  const { dataset, stagingDataset, naming, signal, reached = () => undefined } = options;
  const names: DatasetNames = { final: dataset, staging: stagingDataset };
  const system = systemNames(naming);
  /** One request: nothing of it is done when it was stopped, all of it when its answer is lost. */
  const request = async <Result>(work: () => Result, ofJob: AbortSignal = signal): Promise<Result> => {
    await reached("destination.request.sent");
    refuseStopped(AbortSignal.any([signal, ofJob]));
    const result = work();
    await reached("destination.request.answered");
    return result;
  };
  return {
    displayLocation: "memory",
    prepare: (plan) =>
      request(() => {
        const { changes, run } = preparation(datasets, { names, system }, plan);
        run();
        return changes;
      }),
    explain: (plan) => request(() => preparation(datasets, { names, system }, plan).statements),
    createJob: (file) => ({
      id: file.jobId,
      async run(ofJob) {
        refuseStopped(ofJob);
        const rows = await loadFileRows(file);
        const add = () => {
          const table = datasets
            .open(file.target === "staging" ? names.staging : names.final)
            .tables.get(file.table.name);
          if (table === undefined) throw missingTable(file);
          table.rows = [...table.rows, ...rows];
          return rows.length;
        };
        const rowCount = await request(() => markedOnce(datasets.open(names.final), file, add), ofJob);
        return { rowCount: rowCount ?? file.rowCount, bytes: file.bytes };
      },
    }),
    followUps(chain): readonly LoadJob[] {
      if (!isStaged(chain.tables[0])) return [];
      const { followUpId: jobId, loadId } = chain;
      const merge = () => {
        bringIn(chain, datasets.open(names.final), datasets.open(names.staging));
        return null;
      };
      const run = async (ofJob: AbortSignal): Promise<LoadJobResult> => ({
        rowCount: await request(() => markedOnce(datasets.open(names.final), { jobId, loadId }, merge), ofJob),
        bytes: 0,
      });
      return [{ id: jobId, run }];
    },
    completeLoad: (load) =>
      request(() => {
        const { loads, marks, states, tables } = datasets.open(names.final);
        const { loadId, schemaName, schemaHash } = load;
        if (!loads.has(loadId)) {
          loads.set(loadId, { load_id: loadId, schema_name: schemaName, status: 0, schema_version_hash: schemaHash });
          if (load.state !== null) states.push(load.state);
          const table = tables.get(system.loadsTable);
          if (table !== undefined) table.rows = [...loads.values()];
        }
        for (const id of [...marks.keys()]) if (id !== loadId && loads.has(id)) marks.delete(id);
      }),
    truncateStaging: (tables) =>
      request(() => {
        for (const name of tables) emptyTable(datasets.find(names.staging), name);
      }),
    state: memoryState(datasets, { names, system }, request),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Does the work of a job unless it is marked as done, or its load is complete. */
function markedOnce(
  { marks, loads }: MemoryDataset,
  { loadId, jobId }: { readonly loadId: string; readonly jobId: string },
  work: () => number | null,
): number | null {
  const done = marks.get(loadId) ?? new Map<string, number | null>();
  const marked = done.get(jobId);
  if (marked !== undefined) return marked;
  if (loads.has(loadId) && done.size === 0) return null;
  const rowCount = work();
  marks.set(loadId, done.set(jobId, rowCount));
  return rowCount;
}

function isStaged(root: PreparedTable | undefined): boolean {
  if (root?.writeDisposition === "merge") return true;
  return root?.writeDisposition === "replace" && root.replaceStrategy !== "truncate-and-insert";
}

function refuseStopped({ aborted, reason }: AbortSignal): void {
  if (!aborted) return;
  throw new DestinationError("DESTINATION_INTERRUPTED", "The work at the destination was stopped by a signal.", {
    hint: "Run again. What was extracted is kept.",
    retryable: true,
    cause: reason,
  });
}

function missingTable({ jobId, loadId, table: { name } }: LoadFile): DestinationError {
  return new DestinationError(
    "DESTINATION_TABLE_MISSING",
    `Table \`${name}\`, for load file \`${jobId}\`, is not there.`,
    {
      hint: "Prepare the load before its jobs are run.",
      context: { job: jobId, table: name, load: loadId },
    },
  );
}
