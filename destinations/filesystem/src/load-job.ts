import { InternalError, type LoadFile, type LoadJob } from "@dlt/core";
import { completedLoads } from "./completed-loads.js";
import type { FilesDataset } from "./dataset.js";
import type { LoadNames } from "./load-names.js";

export interface LoadJobOptions {
  readonly dataset: FilesDataset;
  /** Stops all jobs of the client. */
  readonly signal: AbortSignal;
  /** The names of the objects of a load; `null` when it is not prepared, or long complete. */
  names(loadId: string, signal: AbortSignal): Promise<LoadNames | null>;
}

/** Puts one load file where its load was prepared for it. */
export function loadJob(file: LoadFile, { dataset, signal: ofClient, names }: LoadJobOptions): LoadJob {
  const { jobId, loadId, rowCount, bytes, at } = file;
  return {
    id: jobId,
    async run(ofJob) {
      const signal = AbortSignal.any([ofClient, ofJob]);
      // The state of a load is written when it is completed.
      if (file.table.name === dataset.folders.state) return { rowCount, bytes };
      const known = await names(loadId, signal);
      const key = known?.get(jobId);
      if (key !== undefined) {
        if (!("path" in at)) throw unexpected(file, "is at a URL, from which nothing is loaded");
        await dataset.store.put(key, { path: at.path }, { signal });
        return { rowCount, bytes, remoteUrl: dataset.store.urlOf(key) };
      }
      if (known !== null || !(await completedLoads(dataset, { signal })).includes(loadId)) {
        throw unexpected(file, "has no name, because its load was not prepared with it");
      }
      return { rowCount, bytes };
    },
  };
}

function unexpected({ jobId, loadId }: LoadFile, reason: string): InternalError {
  return new InternalError("INTERNAL_STATE_UNEXPECTED", `Load file \`${jobId}\` ${reason}.`, {
    context: { job: jobId, load: loadId },
  });
}
