import type { CompletedLoad, DestinationClient } from "@dlt/core";
import { type FileStore, type StoreOptions, storeBelow } from "@dlt/storage";
import { isComplete, type LoadKey, markComplete } from "./completed-loads.js";
import type { FilesDataset, SystemFolders } from "./dataset.js";
import { loadJob } from "./load-job.js";
import { deleteOldNames, type LoadNames, readNames, writeNames } from "./load-names.js";
import { type FileNaming, planPreparation } from "./preparation.js";
import { stateStore } from "./state-store.js";
import { deleteOldStates, writeState } from "./stored-states.js";

export interface ClientOptions {
  /** What the URL of the settings names. */
  readonly root: FileStore;
  readonly datasetName: string;
  readonly stagingName: string;
  readonly folders: SystemFolders;
  readonly pipelineName: string;
  readonly naming: FileNaming;
  readonly maxStateFiles: number;
  readonly signal: AbortSignal;
}

/** A session with one dataset. */
export function filesystemClient(options: ClientOptions): DestinationClient {
  const { root, datasetName, stagingName, folders, pipelineName, naming, maxStateFiles, signal } = options;
  const dataset: FilesDataset = { store: storeBelow(root, datasetName), folders, pipelineName };
  const stoppable = { signal };
  // Of the load that goes on: packages of a dataset are loaded one after another.
  let prepared: { readonly loadId: string; readonly names: LoadNames } | null = null;
  const namesOf = async (loadId: string, ofJob: AbortSignal): Promise<LoadNames | null> => {
    if (prepared?.loadId === loadId) return prepared.names;
    const names = await readNames(dataset, loadId, { signal: ofJob });
    if (names !== null) prepared = { loadId, names };
    return names;
  };
  return {
    displayLocation: root.urlOf(""),
    ...bucketIdentity(root.urlOf("")),
    async prepare(plan) {
      const preparation = await planPreparation(dataset, plan, naming, stoppable);
      if (preparation === null) return [];
      for (const { run } of preparation.steps) await run();
      const { loadId, schemaName } = plan;
      const names = await writeNames(dataset, { loadId, schemaName, names: preparation.names }, stoppable);
      prepared = { loadId, names };
      return preparation.changes;
    },
    async explain(plan) {
      const preparation = await planPreparation(dataset, plan, naming, stoppable);
      const texts: string[] = [];
      for (const { count, text } of preparation?.steps ?? []) if ((await count()) > 0) texts.push(text);
      return texts;
    },
    createJob: (file) => loadJob(file, { dataset, signal, names: namesOf }),
    async completeLoad(load) {
      if (!(await isComplete(dataset, load, stoppable))) {
        await writeState(dataset, load, stoppable);
        await markComplete(dataset, load, stoppable);
      }
      await tidy(dataset, load, { maxStateFiles, ...stoppable });
    },
    state: stateStore(dataset, storeBelow(root, stagingName), stoppable),
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}

/** `s3://bucket`; nothing for a folder of this machine. */
function bucketIdentity(url: string): Pick<DestinationClient, "identity"> {
  const bucket = /^[a-z][a-z\d+.-]*:\/\/[^/]+/i.exec(url)?.[0];
  return bucket === undefined ? {} : { identity: bucket };
}

/** Removes what a completed load makes needless. The load counts also where nothing may be deleted. */
async function tidy(
  dataset: FilesDataset,
  { loadId }: CompletedLoad,
  { maxStateFiles, ...options }: StoreOptions & { readonly maxStateFiles: number },
): Promise<void> {
  try {
    // One that is not complete may wait on another machine, and go on under its names.
    const isOver = (earlier: LoadKey) => isComplete(dataset, earlier, options);
    await deleteOldNames(dataset, loadId, { ...options, isOver });
    await deleteOldStates(dataset, maxStateFiles, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    process.emitWarning(
      `Load ${loadId} is complete, but files that it makes needless are still there: ${error instanceof Error ? error.message : String(error)}`,
      {
        type: "DltWarning",
        code: "OLD_FILES_KEPT",
        detail: "They do no harm. Allow deleting below the dataset, and the next load removes them.",
      },
    );
  }
}
