import type { StateStore } from "@dlt/core";
import { deleteFiles, type FileStore, type StoreOptions } from "@dlt/storage";
import { completedLoads } from "./completed-loads.js";
import type { FilesDataset } from "./dataset.js";
import { initKey } from "./storage-version.js";
import { newestSchema, schemaByHash } from "./stored-schemas.js";
import { newestState } from "./stored-states.js";

/** Reads the system files of a dataset; one that is not there has none. */
export function stateStore(dataset: FilesDataset, staging: FileStore, options: StoreOptions): StateStore {
  const { store } = dataset;
  return {
    readState: (pipelineName) => newestState(dataset, pipelineName, options),
    readSchema: (schemaName) => newestSchema(dataset, schemaName, options),
    readSchemaByHash: (versionHash) => schemaByHash(dataset, versionHash, options),
    readLastLoadId: async () => (await completedLoads(dataset, options)).at(-1) ?? null,
    hasLoad: async (loadId) => (await completedLoads(dataset, options)).includes(loadId),
    datasetExists: async () => (await store.stat(initKey, options)) !== null,
    async dropDataset() {
      for (const each of [staging, store]) {
        // What says that the dataset is there goes last, so that a drop that was cut off can be repeated.
        await deleteFiles(each, "", { ...options, isMeant: (key) => key !== initKey });
        await deleteFiles(each, initKey, { ...options, isMeant: (key) => key === initKey });
      }
    },
  };
}
