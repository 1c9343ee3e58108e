import type { ColumnBatch } from "../contract/batch.js";
import type { ConfigOf, ConfigSpec } from "../contract/config.js";
import type { LoadRow, PreparedTable } from "../contract/destination.js";

/** What the function of a destination is told of a batch, beside its items and their table. */
export interface BatchContext<Config = unknown> {
  /** The settings of `options.config`: given in code, or looked up under `destination.<name>`. */
  readonly config: Config;
  /**
   * Names the batch: 32 hex digits made of pipeline, load, file and rows. Every attempt has the same, in this process or another, as long
   * as `batchSize` stays. A receiver that takes each id once gets each row once.
   */
  readonly batchId: string;
  readonly loadId: string;
  /** Of the load file, `table.fileId.format`. Calls for the same file follow each other; those for several may run at the same time. */
  readonly jobId: string;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
  /**
   * The state of the load, empty at first, shared by all of its tables: plain values, lists and objects, `Decimal`, `Timestamp` and
   * the like. What a call changes is kept when it succeeds, together with the count of what was delivered, and goes with the load.
   * Calls at the same time do not see each other's changes; of a key that they both change, the last one counts.
   */
  readonly state: Record<string, unknown>;
}

/**
 * Hands a batch over; what it returns is waited for and ignored. An error is tried again with the same batch, unless it has
 * `retryable: false`: then the job has failed for good.
 */
export type BatchFunction<Items, Config = unknown> = (
  items: Items,
  /** With the columns that the items have. */
  table: PreparedTable,
  context: BatchContext<Config>,
) => unknown;

interface SharedOptions<Spec extends ConfigSpec> {
  /** Settings of the function, looked up under `destination.<name>` where they are not given. Default: none. */
  readonly config?: Spec;
  /** Of new schemas. Default: `direct`, names stay as they are. */
  readonly namingConvention?: string;
  /** Leaves out tables and columns of dlt itself, whose names begin with `_dlt`. Default: true. */
  readonly skipDltColumnsAndTables?: boolean;
  /**
   * How deep lists become tables, whatever sources say; `null`: as they say. Default: 0, nested values stay in their rows. The
   * `maxTableNesting` of a resource counts in any case.
   */
  readonly maxTableNesting?: number | null;
  /** Files that are handed over at the same time, from 1. Default: as many as `load.workers` says. */
  readonly maxParallelLoadJobs?: number;
  /** Which files may be handed over at the same time, where the settings do not say. Default: `parallel`. */
  readonly loaderParallelismStrategy?: "parallel" | "table-sequential" | "sequential";
}

/** Options of a function that gets rows. */
export interface RowFunctionOptions<Spec extends ConfigSpec> extends SharedOptions<Spec> {
  readonly loaderFileFormat?: "jsonl";
  /** Rows of a call; the last one of a file may have fewer. Default: 10. */
  readonly batchSize?: number;
}

/** Options of a function that gets columns. */
export interface ColumnFunctionOptions<Spec extends ConfigSpec> extends SharedOptions<Spec> {
  readonly loaderFileFormat: "parquet";
  /** Rows of a call; the last one of a file may have fewer. Default: 10. */
  readonly batchSize?: number;
}

/** Options of a function that gets paths of files. */
export interface FileFunctionOptions<Spec extends ConfigSpec> extends SharedOptions<Spec> {
  /** One call for each file. */
  readonly batchSize: 0;
  /** Default: `jsonl`. */
  readonly loaderFileFormat?: "jsonl" | "parquet";
}

/** A function that rows are handed to, in whatever form, and how. */
export type FunctionOptions =
  | RowFunctionOptions<ConfigSpec>
  | ColumnFunctionOptions<ConfigSpec>
  | FileFunctionOptions<ConfigSpec>;

/** A function that gets rows. */
export type RowFunction<Row extends object, Spec extends ConfigSpec> = BatchFunction<Row[], ConfigOf<Spec>>;
/** A function that gets columns. */
export type ColumnFunction<Spec extends ConfigSpec> = BatchFunction<ColumnBatch, ConfigOf<Spec>>;
/** A function that gets the absolute path of a file. It may read it until it returns. */
export type FileFunction<Spec extends ConfigSpec> = BatchFunction<string, ConfigOf<Spec>>;

/** What a function gets, as far as its options tell. */
export type AnyBatchFunction = BatchFunction<LoadRow[] & ColumnBatch & string>;
