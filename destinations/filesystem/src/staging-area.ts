import { DestinationError, InternalError, type LoadFile, type StagedLoad, type StagingArea } from "@dlt/core";
import { deleteFiles, type StoreCredentials, type StoreOptions } from "@dlt/storage";
import type { FilesDataset } from "./dataset.js";
import { objectNames } from "./layout/object-names.js";
import { filesOfTable } from "./layout/table-files.js";
import { deleteOldNames, type LoadNames, readNames, writeNames } from "./load-names.js";
import type { FileNaming } from "./preparation.js";

export interface StagingAreaOptions {
  readonly dataset: FilesDataset;
  readonly naming: FileNaming;
  readonly credentials: StoreCredentials;
  readonly signal: AbortSignal;
  close(): Promise<void>;
}

/** Load files under the layout, without schemas, states and marks of complete loads: no dataset of its own. */
export function stagingArea({ dataset, naming, credentials, signal, close }: StagingAreaOptions): StagingArea {
  const { store } = dataset;
  let prepared: { readonly loadId: string; readonly names: LoadNames } | null = null;
  return {
    url: store.urlOf(""),
    credentials: { ...credentials },
    async prepare(load) {
      const names = await prepare(dataset, load, naming, { signal });
      prepared = { loadId: load.loadId, names };
    },
    async put(file, ofFile) {
      const stoppable = { signal: AbortSignal.any([signal, ofFile]) };
      const names =
        prepared?.loadId === file.loadId ? prepared.names : await readNames(dataset, file.loadId, stoppable);
      const key = names?.get(file.jobId);
      if (key === undefined || !("path" in file.at)) throw notPrepared(file);
      await store.put(key, { path: file.at.path }, stoppable);
      return store.urlOf(key);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** The names are written last: until then all is done again. */
async function prepare(
  dataset: FilesDataset,
  load: StagedLoad,
  naming: FileNaming,
  options: StoreOptions,
): Promise<LoadNames> {
  const { loadId, schemaName, truncate } = load;
  const known = await readNames(dataset, loadId, options);
  if (known !== null) return known;
  await refuseDataset(dataset, options);
  for (const table of truncate) {
    const { prefix, isMeant } = filesOfTable(table, naming.layout, schemaName);
    await deleteFiles(dataset.store, prefix, { ...options, isMeant });
  }
  const names = await writeNames(
    dataset,
    { loadId, schemaName, names: objectNames(load, { ...naming, showsCompression: true }) },
    options,
  );
  await deleteOldNames(dataset, loadId, { ...options, isOver: async () => true });
  return names;
}

/** Schemas and complete loads are kept only where rows were loaded to. */
async function refuseDataset({ store, folders }: FilesDataset, options: StoreOptions): Promise<void> {
  for (const folder of [folders.version, folders.loads]) {
    for await (const _ of store.list(`${folder}/`, options)) throw holdsDataset(store.urlOf(""));
  }
}

function holdsDataset(url: string): DestinationError {
  return new DestinationError(
    "STAGING_HOLDS_DATASET",
    `The staging area ${url} is a dataset that rows were loaded to: staging would delete files of its tables.`,
    { hint: "Give the staging area a bucket or a folder of its own, e.g. `s3://bucket/staging`.", context: { url } },
  );
}

function notPrepared({ jobId, loadId }: LoadFile): InternalError {
  return new InternalError(
    "INTERNAL_STATE_UNEXPECTED",
    `Load file \`${jobId}\` has no place in the staging area, because its load was not prepared with it.`,
    { context: { job: jobId, load: loadId } },
  );
}
