import type { LoadInfo } from "../info/load-info.js";
import type { TableUpdate } from "../info/table-update.js";
import type { Pipeline } from "../pipeline.js";

/**
 * What an application does when a call of a pipeline begins, has loaded, or fails: `run`, and `extract`, `normalize`, `load`, `commit`,
 * `replayRejects`, `retryFailed`, `dropResources` called alone. The call waits for what a hook returns, after the pipeline is free for
 * others, so that a message is sent before the process ends and a hook may use the pipeline itself; what it does with pipelines is told to
 * no hook. A hook that throws changes nothing of
 * what was loaded, and nothing of what the call returns or throws: it becomes a warning.
 */
export interface RunHooks {
  onStarted?(call: HookedCall): unknown;
  /** Told of each load package that made tables or columns at the destination, or made them wider, once it is loaded. */
  onSchemaChange?(change: SchemaChange, call: HookedCall): unknown;
  /** Told of what a call loaded that came to its end, if anything was. */
  onLoaded?(info: LoadInfo, call: HookedCall): unknown;
  /** Told that the call came to its end without an error, and of its load info, where it loads: also one of nothing. */
  onDone?(info: LoadInfo | null, call: HookedCall): unknown;
  /** Told of what the call throws, also when it was stopped (`PIPELINE_STOPPED`). */
  onError?(error: unknown, call: HookedCall): unknown;
}

/** The call that a hook is told of: the same object for all hooks of one call. */
export interface HookedCall {
  readonly pipeline: Pipeline;
  /** UUID, version 4. */
  readonly id: string;
  readonly startedAt: Date;
}

/** What one load package changed at the destination. */
export interface SchemaChange {
  readonly pipelineName: string;
  readonly loadId: string;
  readonly schemaName: string;
  readonly datasetName: string;
  /** By name, without those of the library: each table with its hints and only its new and wider columns. */
  readonly tables: Readonly<Record<string, TableUpdate>>;
}

/** For pipelines, and for single calls: hooks of both are called, those of the pipeline first. */
export interface HookOptions {
  /** What is done when a call begins, has loaded, or fails. */
  readonly hooks?: RunHooks | readonly RunHooks[];
}
