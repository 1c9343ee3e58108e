/**
 * What happens in a run, as data: `JSON.stringify` gives the whole of it. Nothing of it shows a secret or the content of a row.
 * `kind` says which it is.
 */
export type ProgressEvent = Happening & {
  readonly pipelineName: string;
  /** The call that it belongs to, 32 hex digits: the same in all of its events. Empty for a part of a load done elsewhere (`runPartition`). */
  readonly runId: string;
  /** ISO 8601, UTC, e.g. `2026-01-31T12:00:00.000Z`. */
  readonly at: string;
};

export type Happening =
  | RunStarted
  | RunEnded
  | StepStarted
  | StepEnded
  | Counted
  | JobStarted
  | JobRetried
  | JobEnded
  | SchemaChanged
  | EventsMissed;

/** A call of the pipeline began with its first step: `run`, or `extract`, `normalize`, `load` called alone. */
export interface RunStarted {
  readonly kind: "run-started";
}

export interface RunEnded {
  readonly kind: "run-ended";
  readonly durationMs: number;
  /** `null`: it went well. */
  readonly error: EventError | null;
}

/** Steps of one run overlap: packages are normalized while they are extracted, and in epochs loaded as well. */
export interface StepStarted {
  readonly kind: "step-started";
  readonly step: EventStep;
}

export interface StepEnded {
  readonly kind: "step-ended";
  readonly step: EventStep;
  readonly durationMs: number;
  readonly error: EventError | null;
}

/** How far a part of a step has come. Told when it has changed, at most every quarter of a second, and once the part is over. */
export interface Counted extends Count {
  readonly kind: "count";
  /** For how long the part has gone on. */
  readonly elapsedMs: number;
}

/** How far a part of a step has come. */
export interface Count {
  readonly step: "extract" | "normalize" | "load";
  /** What is counted: of `resources` the source, of `rows` the resource or table, of `chunks` and `jobs` the load id. */
  readonly name: string;
  readonly done: number;
  /** `null`: not known, or not yet. It may grow. */
  readonly total: number | null;
  readonly unit: "resources" | "rows" | "chunks" | "jobs" | "failed jobs";
  /** Bytes of what is done: of text or columns as extracted, of load files as loaded. `null`: they are not counted. */
  readonly bytes: number | null;
  /** Nothing will be added. */
  readonly isOver: boolean;
}

/** A load job began: one file on its way to the destination, or what follows when all files of a table are there. */
export interface JobStarted extends JobPlace {
  readonly kind: "job-started";
}

/** An attempt of a job failed with an error that may pass, and it is tried again. */
export interface JobRetried extends JobPlace {
  readonly kind: "job-retried";
  /** Attempts so far, at least 1. */
  readonly attempts: number;
  readonly error: EventError;
}

export interface JobEnded extends JobPlace {
  readonly kind: "job-ended";
  /** `stopped`: neither done nor failed for good; the next run takes it up. */
  readonly status: "completed" | "failed" | "stopped";
  /** `null`: unknown. */
  readonly rowCount: number | null;
  readonly bytes: number;
  readonly attempts: number;
  readonly durationMs: number;
  /** What made it fail or stop, otherwise `null`. */
  readonly error: EventError | null;
}

interface JobPlace {
  readonly loadId: string;
  readonly jobId: string;
  readonly tableName: string;
}

/** Tables and columns of the destination were made, or made wider. */
export interface SchemaChanged {
  readonly kind: "schema-changed";
  readonly loadId: string;
  readonly schemaName: string;
  /** With the columns that are new or wider. */
  readonly tables: readonly {
    readonly name: string;
    readonly columns: readonly { readonly name: string; readonly dataType: string | null }[];
  }[];
}

/** A listener of `events()` was so far behind that the oldest events in its way were dropped. */
export interface EventsMissed {
  readonly kind: "events-missed";
  readonly count: number;
}

export type EventStep = "run" | "sync" | "extract" | "normalize" | "load";

/** An error of the library, as much of it as may be shown to anybody who may see the run. */
export interface EventError {
  /** `null` for an error from elsewhere, whose message may show what no event may. */
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
}
