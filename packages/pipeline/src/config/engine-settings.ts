import type { ConfigOf, ConfigSpec } from "@dlt/core";
import { checkLogFormat } from "../logging/log-format.js";
import { logLevels } from "../logging/log-record.js";
import type { ConfigContext } from "./config-context.js";
import { resolveConfig } from "./resolve-config.js";
import {
  booleanSetting,
  choiceSetting,
  integerSetting,
  numberSetting,
  structureSetting,
  textSetting,
} from "./setting-kinds.js";

const extractSpec = {
  maxParallelItems: integerSetting({ default: 20, min: 1, doc: "Items that are worked on at the same time." }),
  workers: integerSetting({
    default: 5,
    min: 1,
    doc: "Resources marked as parallelized that are read at the same time.",
  }),
  nextItemMode: choiceSetting({
    choices: ["round_robin", "fifo"],
    default: "round_robin",
    doc: "Reads the resources in turn, or one after the other.",
  }),
  copyOnFork: booleanSetting({
    default: false,
    doc: "Gives each transformer that a resource feeds rows of its own.",
  }),
  maxTableNesting: integerSetting({ default: undefined, min: 0, doc: "Depth at which nested values stay JSON." }),
} as const satisfies ConfigSpec;

const normalizeSpec = {
  workers: integerSetting({
    default: undefined,
    min: 1,
    doc: "Threads that normalize. Default: as many as the machine and the data suggest.",
  }),
  maxTableNesting: integerSetting({ default: undefined, min: 0, doc: "Depth at which nested values stay JSON." }),
} as const satisfies ConfigSpec;

const jsonNormalizerSpec = {
  addDltId: booleanSetting({ default: true, doc: "Adds `_dlt_id` to the tables of rows." }),
  addDltLoadId: booleanSetting({ default: true, doc: "Adds `_dlt_load_id` to the root tables of rows." }),
} as const satisfies ConfigSpec;

const columnarNormalizerSpec = {
  addDltId: booleanSetting({ default: false, doc: "Adds `_dlt_id` to tables that come as columns." }),
  addDltLoadId: booleanSetting({ default: false, doc: "Adds `_dlt_load_id` to tables that come as columns." }),
} as const satisfies ConfigSpec;

const modelNormalizerSpec = {
  addDltId: booleanSetting({ default: false, doc: "Adds `_dlt_id` to tables of queries." }),
  addDltLoadId: booleanSetting({ default: true, doc: "Adds `_dlt_load_id` to tables of queries." }),
} as const satisfies ConfigSpec;

const loadSpec = {
  workers: integerSetting({ default: 20, min: 1, doc: "Load jobs that run at the same time." }),
  parallelismStrategy: choiceSetting({
    choices: ["parallel", "table-sequential", "sequential"],
    default: undefined,
    doc: "Which jobs may run at the same time. Default: what the destination asks for.",
  }),
  raiseOnFailedJobs: booleanSetting({
    default: true,
    doc: "Stops at a job that failed for good, and keeps its package.",
  }),
  raiseOnMaxRetries: integerSetting({ default: 5, min: 0, doc: "Throws after this many attempts of a job; 0: never." }),
  truncateStagingDataset: booleanSetting({ default: false, doc: "Empties the staging dataset after the load." }),
  startNewJobsOnSignal: booleanSetting({ default: false, doc: "Finishes the package when the run is asked to stop." }),
  deleteCompletedJobs: booleanSetting({ default: false, doc: "Deletes the load files once they are loaded." }),
} as const satisfies ConfigSpec;

const dataWriterSpec = {
  bufferMaxItems: integerSetting({ default: 5000, min: 1, doc: "Rows that a writer holds in memory." }),
  fileMaxItems: integerSetting({ default: undefined, min: 1, doc: "Most rows of a load file." }),
  fileMaxBytes: integerSetting({ default: undefined, min: 1, doc: "Bytes after which another file is begun." }),
  disableCompression: booleanSetting({
    default: false,
    doc: "Writes JSON lines and CSV without gzip, also where the destination keeps the files.",
  }),
  parquetCompression: choiceSetting({
    choices: ["none", "snappy", "gzip", "zstd"],
    default: undefined,
    doc: "Parquet: how pages are compressed. Default: `snappy` where the destination keeps the files, otherwise `none`.",
  }),
  version: textSetting({ default: "2.4", doc: "Parquet: version of the format." }),
  dataPageSize: integerSetting({ default: undefined, min: 1, doc: "Parquet: bytes of a page." }),
  rowGroupSize: integerSetting({ default: undefined, min: 1, doc: "Parquet: rows of a row group." }),
  delimiter: textSetting({ default: ",", doc: "CSV: between values." }),
  includeHeader: booleanSetting({ default: true, doc: "CSV: the first line has the names of the columns." }),
  quoting: choiceSetting({
    choices: ["quote_all", "quote_needed", "quote_minimal", "quote_none"],
    default: "quote_needed",
    doc: "CSV: which values stand in quotes.",
  }),
  lineterminator: choiceSetting({ choices: ["\n", "\r\n"], default: "\n", doc: "CSV: after each line." }),
} as const satisfies ConfigSpec;

const schemaSpec = {
  naming: textSetting({
    default: undefined,
    doc: "Naming convention of new schemas. Default: that of the destination.",
  }),
  jsonNormalizer: structureSetting({ doc: 'Settings of the normalizer, `{ "config": { … } }`.' }),
  allowIdentifierChangeOnTableWithData: booleanSetting({
    default: undefined,
    doc: "Lets names of tables with rows change.",
  }),
  useBreakPathOnNormalize: booleanSetting({
    default: undefined,
    doc: "Takes names of fields apart at the separator and normalizes part by part. Default: true.",
  }),
} as const satisfies ConfigSpec;

const schemaFileSpec = {
  importSchemaPath: textSetting({ default: undefined, doc: "Folder of schemas to begin with." }),
  exportSchemaPath: textSetting({ default: undefined, doc: "Folder that schemas are written to." }),
  externalSchemaFormat: choiceSetting({
    choices: ["yaml", "json", "dbml", "dot", "mermaid"],
    default: "yaml",
    doc: "Format of imported and exported schemas.",
  }),
  externalSchemaFormatRemoveDefaults: booleanSetting({
    default: true,
    doc: "Leaves out of exported schemas what goes without saying.",
  }),
} as const satisfies ConfigSpec;

const runtimeSpec = {
  requestTimeout: numberSetting({ default: 60, min: 0, doc: "Seconds that an HTTP request may take." }),
  requestMaxAttempts: integerSetting({ default: 5, min: 1, doc: "Attempts of an HTTP request." }),
  requestBackoffFactor: numberSetting({ default: 1, min: 0, doc: "Multiplies the growing wait between attempts." }),
  requestMaxRetryDelay: numberSetting({ default: 300, min: 0, doc: "Seconds of the longest wait between attempts." }),
  httpShowErrorBody: booleanSetting({ default: false, doc: "Puts the bodies of refused requests into errors." }),
  httpMaxErrorBodyLength: integerSetting({ default: 8192, min: 0, doc: "Characters after which such a body is cut." }),
  interceptSignals: booleanSetting({
    default: true,
    doc: "Ends a run cleanly when the process is asked to end (SIGINT, SIGTERM).",
  }),
  logLevel: choiceSetting({
    choices: logLevels,
    default: undefined,
    doc: "Least severity that is logged. Default: `WARNING` where `log_format` is set, otherwise nothing is logged.",
  }),
  logFormat: textSetting({
    default: undefined,
    doc: "`JSON`, one object a line, or fields in braces, e.g. `{asctime} {levelname} {message}`.",
    check: checkLogFormat,
  }),
} as const satisfies ConfigSpec;

const datasetSpec = {
  environment: textSetting({ default: undefined, doc: "What the place is for, e.g. `production`; load infos say so." }),
  replaceStrategy: choiceSetting({
    choices: ["truncate-and-insert", "insert-from-staging", "staging-optimized"],
    default: undefined,
    doc: "How tables are replaced. Default: the first that the destination supports.",
  }),
  stagingDatasetNameLayout: textSetting({
    default: "%s_staging",
    doc: "Name of the staging dataset; `%s` stands for that of the dataset.",
  }),
  enableDatasetNameNormalization: booleanSetting({
    default: true,
    doc: "Applies the naming convention to the name of the dataset.",
  }),
  infoTablesQueryThreshold: integerSetting({
    default: 1000,
    min: 1,
    doc: "Tables that the catalog is asked for by their names; of more it is read as a whole.",
  }),
  truncateTablesOnStagingDestinationBeforeLoad: booleanSetting({
    default: true,
    doc: "Empties the folders of tables in the bucket.",
  }),
} as const satisfies ConfigSpec;

/** What is set below `given` is from code and wins. */
interface SettingsOf<Spec extends ConfigSpec> {
  readonly config: ConfigContext;
  /** Default: none. */
  readonly given?: Partial<ConfigOf<Spec>>;
}

export type ExtractSettings = ConfigOf<typeof extractSpec>;
export type NormalizeSettings = ConfigOf<typeof normalizeSpec>;
export type RowIdSettings = ConfigOf<typeof jsonNormalizerSpec>;
export type LoadSettings = ConfigOf<typeof loadSpec>;
export type DataWriterSettings = ConfigOf<typeof dataWriterSpec>;
export type SchemaSettingsOfConfig = ConfigOf<typeof schemaSpec>;
export type SchemaFileSettings = ConfigOf<typeof schemaFileSpec>;
export type RuntimeSettings = ConfigOf<typeof runtimeSpec>;
export type DatasetSettings = ConfigOf<typeof datasetSpec>;

/** Where the settings of a source are: `["sources", <section>, <name>]`. */
export type SourceSections = readonly ["sources", section: string, name: string];

/** `[extract]`, or `extract` below the sections of a source. */
export function extractSettings(
  options: SettingsOf<typeof extractSpec> & { readonly source?: SourceSections },
): ExtractSettings {
  const { config, given, source = [] } = options;
  return resolveConfig(extractSpec, {
    owner: "Extract",
    sections: source,
    fixedSection: "extract",
    config,
    ...(given && { given }),
  });
}

/** `[normalize]`. */
export function normalizeSettings({ config, given }: SettingsOf<typeof normalizeSpec>): NormalizeSettings {
  return resolveConfig(normalizeSpec, {
    owner: "Normalize",
    sections: [],
    fixedSection: "normalize",
    config,
    ...(given && { given }),
  });
}

/** `[normalize.json_normalizer]`, for tables of rows. */
export function rowIdSettings({ config }: { readonly config: ConfigContext }): RowIdSettings {
  return resolveConfig(jsonNormalizerSpec, {
    owner: "Normalize",
    sections: ["normalize"],
    fixedSection: "json_normalizer",
    config,
  });
}

/** `[normalize.parquet_normalizer]`, for tables that come as columns. */
export function columnarIdSettings({ config }: { readonly config: ConfigContext }): RowIdSettings {
  return resolveConfig(columnarNormalizerSpec, {
    owner: "Normalize",
    sections: ["normalize", "parquet_normalizer"],
    config,
  });
}

/** `[normalize.model_normalizer]`, for tables whose rows a query makes. */
export function modelIdSettings({ config }: { readonly config: ConfigContext }): RowIdSettings {
  return resolveConfig(modelNormalizerSpec, {
    owner: "Normalize",
    sections: ["normalize", "model_normalizer"],
    config,
  });
}

/** `[load]`. */
export function loadSettings({ config, given }: SettingsOf<typeof loadSpec>): LoadSettings {
  return resolveConfig(loadSpec, {
    owner: "Load",
    sections: [],
    fixedSection: "load",
    config,
    ...(given && { given }),
  });
}

/** `[data_writer]`, below `normalize` or the sections of a source. */
export function dataWriterSettings({
  config,
  below,
}: {
  readonly config: ConfigContext;
  readonly below: readonly ["normalize"] | SourceSections;
}): DataWriterSettings {
  return resolveConfig(dataWriterSpec, {
    owner: "The writer of files",
    sections: below,
    fixedSection: "data_writer",
    config,
  });
}

/** `[schema]`, or `schema` below `sources.<name>`. */
export function schemaSettings({
  config,
  schemaName,
}: {
  readonly config: ConfigContext;
  readonly schemaName: string;
}): SchemaSettingsOfConfig {
  const owner = `Schema \`${schemaName}\``;
  return resolveConfig(schemaSpec, { owner, sections: ["sources", schemaName], fixedSection: "schema", config });
}

/** `[schema]`, for files that schemas are imported from and exported to. */
export function schemaFileSettings({ config }: { readonly config: ConfigContext }): SchemaFileSettings {
  return resolveConfig(schemaFileSpec, { owner: "Schema files", sections: ["schema"], config });
}

/** `[runtime]`. */
export function runtimeSettings({ config }: { readonly config: ConfigContext }): RuntimeSettings {
  return resolveConfig(runtimeSpec, { owner: "The runtime", sections: [], fixedSection: "runtime", config });
}

/** What every destination with a dataset can be told: `[destination.<name>]`. */
export function datasetSettings({
  config,
  destinationName,
}: {
  readonly config: ConfigContext;
  readonly destinationName: string;
}): DatasetSettings {
  const owner = `Destination \`${destinationName}\``;
  return resolveConfig(datasetSpec, { owner, sections: ["destination", destinationName], config });
}
