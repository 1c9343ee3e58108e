import type { Destination, NamingConventions, RejectMode, SchemaContractHint } from "@dlt/core";
import type { RunHints } from "../extract/index.js";
import type { HookOptions } from "../hooks/run-hooks.js";
import type { Logger } from "../logging/log-record.js";
import type { ProgressOption } from "../progress/choose-progress.js";
import type { RunInterval } from "./scheduler-interval.js";

/**
 * What a run forgets first of sources that were loaded before. `drop_sources`: all tables and all state of the sources;
 * `drop_resources`: tables and state of the resources that are read; `drop_data`: rows and state of these, tables stay.
 */
export type RefreshMode = "drop_sources" | "drop_resources" | "drop_data";

/** How a pipeline is made. What is left out comes from the configuration: `[pipelines.<name>]`, `[pipelines]`, the root. */
export interface PipelineOptions extends HookOptions {
  /** Its identity: name of the working folder and of its state. Default: `dlt_` and the name of the main script. */
  readonly pipelineName?: string;
  /** A destination, or the name of one, e.g. `duckdb`, whose package is loaded when it is first needed. */
  readonly destination?: string | Destination;
  /**
   * Where load files are put for a destination that copies them from there: `filesystem`, or what its factory makes; `null`: nowhere.
   * Default: that of the configuration, then where the last run put them.
   */
  readonly staging?: string | Destination | null;
  /** Default: `<pipeline name>_dataset`, where the destination needs a name. */
  readonly datasetName?: string;
  /** Parent of the working folder. Default: `ts-pipelines` in the data folder. */
  readonly pipelinesDir?: string;
  /** Starts anew each time: forgets what is local, and loads into a dataset whose name ends with the time. Default: false. */
  readonly devMode?: boolean;
  /**
   * Folder of schema files, `<schema name>.schema.yaml`, that people edit. A file that is new or was changed replaces the schema
   * of the pipeline; where there is none, the first run writes one. Relative to the current folder.
   */
  readonly importSchemaPath?: string;
  /** Folder that schemas are written to, whenever a run changed them. Relative to the current folder. */
  readonly exportSchemaPath?: string;
  /**
   * Rows that are kept in the table `_dlt_rejects`, with reason, path and what was given: `discarded`, those that a contract leaves
   * out; `failing`, also those that no column can take, which otherwise end the run. Default: `none`.
   */
  readonly rejects?: RejectMode;
  /**
   * Lets columns become wider in place for values of their type that they cannot hold, where the destination can: integers of more
   * bits, longer text and binary, decimals and times of more digits. Default: false, the destination refuses such values.
   */
  readonly widenColumns?: boolean;
  /** How the name of the dataset is made, e.g. `dev_%s`. Default: `%s`. */
  readonly datasetNameLayout?: string;
  /** False: schemas other than the default one have a dataset of their own, `<dataset>_<schema>`. Default: true. */
  readonly useSingleDataset?: boolean;
  /** False: state and schemas are neither taken from the destination nor kept there. Default: true. */
  readonly restoreFromDestination?: boolean;
  /** False: no trace of the last call. Default: true. */
  readonly enableRuntimeTrace?: boolean;
  /**
   * Shows what happens in a run while it goes on: `tui`, as live lines on the terminal, or as lines where there is none; `log`, as lines
   * on the standard error; `none`, not at all. A function is told each event, of counts at most four times a second; it must not take long,
   * because the run goes on when it has returned. One that throws is told nothing more. Default: `tui` on a terminal, otherwise `none`.
   */
  readonly progress?: ProgressOption;
  /**
   * Takes what is logged of runs, such as a logger of pino: which jobs were tried again, what failed, and with less severe levels what
   * began and ended. Default: lines on the standard error, where `[runtime]` sets `log_level` or `log_format`; otherwise nothing is logged.
   */
  readonly logger?: Logger;
  /** What each run forgets first of its sources. Default: nothing. */
  readonly refresh?: RefreshMode;
  /** Naming convention of the schemas, e.g. `duck_case`. Default: that of the configuration, then that of the destination. */
  readonly naming?: string;
  /**
   * Naming conventions of your own by their names, for `naming`, the configuration, a destination's capabilities, and schemas
   * that were made with them. Rows are then normalized on the main thread.
   */
  readonly namingConventions?: NamingConventions;
}

/** What every step can be told. */
export interface StepOptions {
  /** Stops the step: nothing new is begun, and what was committed is kept for the next run. */
  readonly signal?: AbortSignal;
  /** How long to wait while another process works on the pipeline. Default: 0, fail at once. */
  readonly waitMs?: number;
  /**
   * File that a profile of the call is written to, in Chrome's Trace Event Format: what each step, resource, thread and load job did when.
   * Relative to the current folder. Default: no profile.
   */
  readonly profile?: string;
}

export interface ExtractOptions extends StepOptions, HookOptions, RunHints {
  /** Format of the load files, e.g. `parquet`. Default: the fastest of the destination. */
  readonly loaderFileFormat?: string;
  /**
   * Schema of the rows: a stored document, the URL of its file, or a schema of a pipeline. Its name takes the place of that of the
   * pipeline's own schema, and of sources. Default: theirs.
   */
  readonly schema?: object | URL;
  /** What is forgotten of the sources first, here and at the destination; `null`: nothing. Default: that of the pipeline. */
  readonly refresh?: RefreshMode | null;
  /** The range of cursors with `allowExternalSchedulers`. Default: that of the arguments, then that of the environment. */
  readonly interval?: RunInterval;
}

export interface NormalizeOptions extends StepOptions, HookOptions {
  /** Threads; 1: only the main one. Default: as many as the machine and the data suggest. */
  readonly workers?: number;
}

export interface LoadOptions extends StepOptions, HookOptions {
  /** Load jobs that run at the same time. Default: 20, at most what the destination takes. */
  readonly workers?: number;
  /** False: a package with failed jobs completes, and `hasFailedJobs` says so. Default: true. */
  readonly raiseOnFailedJobs?: boolean;
}

/** Where to load; replaces what the pipeline was made with, for this run and the following ones. */
export interface TargetOptions {
  readonly destination?: string | Destination;
  readonly staging?: string | Destination | null;
  readonly datasetName?: string;
  /** For the destination, in a form that it takes, e.g. a connection string. Default: those of the destination. */
  readonly credentials?: unknown;
}

export interface RunOptions extends ExtractOptions, NormalizeOptions, LoadOptions, TargetOptions {
  /** Threads that normalize, and load jobs that run at the same time. Default: as `normalize` and `load` choose. */
  readonly workers?: number;
  readonly dryRun?: false;
  /** Cuts the run into epochs, which are loaded while it goes on, and from which the next run goes on. Default: one load at the end. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * Milliseconds after which nothing more is extracted: what was read up to the last checkpoints is loaded, and `canBeContinued` of the
   * result says that there may be more. Loading it comes on top. Default: no limit.
   */
  readonly maxDurationMs?: number;
}

/**
 * When an epoch ends: whichever limit is reached first, at the next point where all that was read of a resource is complete. Without
 * any: every minute.
 */
export interface CheckpointOptions {
  readonly everyMs?: number;
  /** Extracted bytes. */
  readonly everyBytes?: number;
  /** Extracted rows. */
  readonly everyRows?: number;
}

export interface ReplayOptions extends NormalizeOptions, LoadOptions {
  /** Threads that normalize, and load jobs that run at the same time. Default: as `normalize` and `load` choose. */
  readonly workers?: number;
  /** Tables whose rejected rows are loaded, by their names at the destination, nested ones too. Default: all. */
  readonly tables?: readonly string[];
  /** Contract of these tables from now on. Default: the one that they have. */
  readonly schemaContract?: SchemaContractHint;
}

/** Shows what a run would do, and does nothing. */
export interface DryRunOptions extends ExtractOptions, TargetOptions {
  readonly dryRun: true;
  /** Rows that are shown of each table. Default: 5. */
  readonly sampleRows?: number;
}
