import {
  ConfigError,
  type Destination,
  type DestinationArguments,
  type DestinationCapabilities,
  destination,
  type StagingOptions,
} from "@dlt/core";
import { type FileStoreProvider, parseBucketUrl, storeBelow } from "@dlt/storage";
import { filesystemCapabilities } from "./capabilities.js";
import { filesystemClient } from "./client.js";
import { type FilesystemConfig, filesystemConfig } from "./config.js";
import { systemFolders } from "./dataset.js";
import { parseLayout } from "./layout/layout.js";
import type { FileNaming } from "./preparation.js";
import { reportedStore } from "./reported-store.js";
import { stagingArea } from "./staging-area.js";
import { storeProvider } from "./store-provider.js";

/** Settings given in code; they win over every other place. */
export interface FilesystemOptions extends DestinationArguments<typeof filesystemConfig> {
  /** What opens the bucket, e.g. `s3Store({ … })`. Default: the package of its cloud, with `credentials`. */
  readonly store?: FileStoreProvider;
  /** Replaces what the destination says it can do, e.g. `{ preferredFileFormat: "parquet" }`. */
  readonly capabilities?: Partial<DestinationCapabilities>;
}

/** Loads into files of a folder or bucket: `filesystem({ bucketUrl: "s3://bucket/path" })`. */
export function filesystem({
  capabilities: changes,
  store,
  ...given
}: FilesystemOptions = {}): Destination<FilesystemConfig> {
  const openStore = async ({ bucketUrl, credentials = {} }: FilesystemConfig, options: StagingOptions) => {
    const { localDir, reached } = options;
    const location = parseBucketUrl(bucketUrl);
    const provider = store ?? (await storeProvider(location.scheme, { credentials, localDir }));
    if (provider.scheme !== location.scheme) throw otherScheme(provider.scheme, location.scheme);
    const opened = await provider.open(location);
    return reached === undefined ? opened : reportedStore(opened, reached);
  };
  return destination({
    name: "filesystem",
    capabilities: { ...filesystemCapabilities, ...changes },
    config: filesystemConfig,
    async connect(config, options) {
      const { pipelineName, dataset, stagingDataset, naming, signal } = options;
      const fileNaming = namingOf(config);
      return filesystemClient({
        root: await openStore(config, options),
        datasetName: dataset,
        stagingName: stagingDataset,
        folders: systemFolders(naming),
        pipelineName,
        naming: fileNaming,
        maxStateFiles: config.maxStateFiles,
        signal,
      });
    },
    async openStaging(config, options) {
      const { pipelineName, dataset, naming, signal } = options;
      const fileNaming = namingOf(config);
      const root = await openStore(config, options);
      return stagingArea({
        dataset: { store: storeBelow(root, dataset), folders: systemFolders(naming), pipelineName },
        naming: fileNaming,
        credentials: config.credentials ?? {},
        signal,
        close: async () => await root[Symbol.asyncDispose](),
      });
    },
  })(given);
}

/** @throws ConfigError `FILE_LAYOUT_INVALID` */
function namingOf({ layout, extraPlaceholders: extra = {}, currentDatetime }: FilesystemConfig): FileNaming {
  return { layout: parseLayout(layout, extra), extra, currentDatetime };
}

function otherScheme(opened: string, named: string): ConfigError {
  return new ConfigError(
    "FILE_STORE_URL_INVALID",
    `The given store opens \`${opened}\`, but the address of the files is one of \`${named}\`.`,
    { hint: "Give a store and a `bucketUrl` of the same kind." },
  );
}
