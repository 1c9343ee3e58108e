import type { Rejection } from "../contract/normalizer.js";
import type { Mark } from "../contract/resource.js";
import { copiedState, recordsByName } from "./stored-state.js";

/** What reading a resource takes from whoever reads it. */
export interface ReadEnvironment {
  /** For messages; `null` for a resource that belongs to no source. */
  readonly source: string | null;
  readonly signal: AbortSignal;
  /** Milliseconds from any start. */
  nowMs(): number;
  /** Calls of a parallelized transformer that may be under way. */
  readonly maxParallelItems: number;
  /** Asked for after each item that is read: what to wait for, so that a resource at hand does not keep everything else from running. */
  pause(): Promise<void> | undefined;
  /** Does work once one of the places is free that all resources share. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
  /** How many single rows to gather, so that a page is worth its overhead and fits into memory. */
  rowsPerPage(): number;
  /** Points to resume from; absent when nobody asks for them. */
  readonly checkpoints?: CheckpointTaker;
  /** Takes rows that the schema of the resource's rows rejects, with the mark of their page; without it they are dropped. */
  reject?(rows: readonly unknown[], rejection: Rejection, mark: Mark | null): Promise<void>;
  /** Takes what the author should know although the run goes on; without it, it is dropped. */
  warn?(warning: { readonly code: string; readonly message: string }): void;
  /** Live state; created when it is asked for. */
  resourceState(resource: string): Record<string, unknown>;
  sourceState(): Record<string, unknown>;
  /** What a resource tells of this run, live; created when it is asked for. */
  resourceMetrics(resource: string): Record<string, unknown>;
}

/** Who asks for points from which a resource can be resumed. */
export interface CheckpointTaker {
  /** False: the last one is good enough yet. */
  isWanted(): boolean;
  /** The state of the resource as it is, for a `Checkpoint`. */
  captureState(): unknown;
  /** True as long as the state is what was captured. */
  isCurrent(state: unknown): boolean;
}

/** Reads without a run: state is a copy that is forgotten. `source`: the one that the resources belong to. */
export function plainEnvironment(signal: AbortSignal, source: string | null = null): ReadEnvironment {
  return {
    source,
    signal,
    nowMs: () => Date.now(),
    maxParallelItems: 20,
    pause: () => undefined,
    inTurn: (work) => work(),
    rowsPerPage: () => 100,
    ...copiedState(source),
    resourceMetrics: recordsByName(new Map()),
  };
}
