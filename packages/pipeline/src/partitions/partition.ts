import type { PlainJson } from "@dlt/core";
import type { LoadInfo } from "../info/load-info.js";
import type {
  ExtractOptions,
  LoadOptions,
  NormalizeOptions,
  StepOptions,
  TargetOptions,
} from "../run/pipeline-options.js";

/** A part of the work of a plan, to be done anywhere: plain JSON, small enough for a message. */
export interface Partition {
  readonly planId: string;
  readonly pipelineName: string;
  /** The folder through which the processes exchange data. */
  readonly exchange: string;
  /** Position in the plan, from 0. */
  readonly index: number;
  /** Name of the source. */
  readonly source: string;
  /** Resources that are loaded: one with those that it feeds, and others that write to the same tables. */
  readonly resources: readonly string[];
  /** The part of the resource, where it is read in parts: one of the values that its `partitions` gave. */
  readonly range?: PlainJson;
}

/** How a source is read in parts: plain JSON. */
export interface PartitionPlan {
  readonly planId: string;
  readonly exchange: string;
  /** Of the one load that all partitions become. */
  readonly loadId: string;
  readonly partitions: readonly Partition[];
  /** Resources that say in which parts they can be read, and are read as a whole all the same. */
  readonly notSplit: readonly NotSplit[];
}

export interface NotSplit {
  readonly resource: string;
  readonly reason: string;
}

/** What a partition came to: plain JSON for `commit`. The rows are in the exchange folder. */
export interface PartitionManifest {
  readonly planId: string;
  readonly pipelineName: string;
  readonly exchange: string;
  readonly loadId: string;
  readonly index: number;
  /** How many partitions the plan has. */
  readonly partitionCount: number;
  /** Tells attempts at the same partition apart. */
  readonly attempt: string;
  readonly source: string;
  readonly resources: readonly string[];
  /** Rows by table, without system tables. */
  readonly rowCounts: Readonly<Record<string, number>>;
  /** Of the load files. */
  readonly bytes: number;
  /** The last values of cursors as text, by resource and cursor path; `null`: no value yet. */
  readonly cursors: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  /** True when there is nothing to load and no state that changes. */
  readonly isEmpty: boolean;
}

/** Hints and the interval hold for all partitions, which know them from the plan: what is no plain JSON belongs into the code of the source. */
export interface PlanOptions extends Omit<ExtractOptions, "refresh">, TargetOptions {
  /** A folder that every process reaches under this path, such as a network share. Made when it is missing. */
  readonly exchange: string;
}

export interface RunPartitionOptions extends Pick<NormalizeOptions, "workers" | "signal"> {
  /** The exchange folder, where this machine knows it under another path than that of the plan. */
  readonly exchange?: string;
}

export interface CommitOptions extends NormalizeOptions, LoadOptions, StepOptions {
  /** Threads that normalize, and load jobs that run at the same time. Default: as `normalize` and `load` choose. */
  readonly workers?: number;
  /** The exchange folder, where this machine knows it under another path than that of the plan. */
  readonly exchange?: string;
  /** Keeps the folder of the plan when all is loaded. Default: false. */
  readonly keepExchange?: boolean;
}

/** What a commit did. */
export interface CommitInfo extends LoadInfo {
  readonly planId: string;
  /** The plan was loaded by an earlier call: this one loaded nothing. */
  readonly alreadyLoaded: boolean;
  /** Partitions that were normalized again, because what came before them changed what their rows become. */
  readonly normalizedAgain: readonly number[];
}
