import type { DestinationPoint } from "@dlt/core";

/**
 * The named points of a run in the order in which they are first reached. A crash test stops the process at each of them
 * and starts again. Extend this list where a point is added; names are `stage.thing.event`.
 */
export const pipelinePoints = [
  "extract.started",
  "extract.package.created",
  "extract.chunk.written",
  "extract.resource.finished",
  "extract.manifest.written",
  "extract.package.synced",
  "extract.package.committed",
  "extract.schema.saved",
  "extract.state.saved",
  "normalize.started",
  "normalize.package.opened",
  "normalize.chunk.accepted",
  "normalize.file.written",
  "normalize.manifest.written",
  "normalize.package.synced",
  "normalize.package.committed",
  "normalize.schema.saved",
  "normalize.extracted.removed",
  "epoch.committed",
  "load.started",
  "load.package.opened",
  "load.plan.made",
  "load.reset.begun",
  "load.prepared",
  "load.job.started",
  // After each call of a function that rows are handed to.
  "load.step.kept",
  "load.job.finished",
  "load.job.recorded",
  "load.chain.finished",
  "load.completed",
  "load.package.committed",
  "load.state.saved",
  // Where a client of a destination is; the first ones come before anything is extracted.
  "destination.request.sent",
  "destination.request.answered",
] as const satisfies readonly (DestinationPoint | `${"extract" | "normalize" | "epoch" | "load"}.${string}`)[];

/** The named points of `plan`, `runPartition` and `commit`; these reach points of a run as well. */
export const partitionPoints = [
  "plan.written",
  "plan.published",
  "partition.chunk.written",
  "partition.written",
  "partition.published",
  "commit.attempts.chosen",
  "commit.file.placed",
  "commit.state.saved",
  "commit.loaded",
  "commit.exchange.removed",
] as const;

/** One of `pipelinePoints` or of `partitionPoints`. */
export type PipelinePoint = (typeof pipelinePoints)[number] | (typeof partitionPoints)[number];
