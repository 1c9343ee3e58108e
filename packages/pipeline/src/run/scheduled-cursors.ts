import { type Resource, type SourceDefinition, SourceError } from "@dlt/core";
import { cursorOf, intervalCursor, resourceDefinition, setCursor } from "@dlt/core/engine";
import { withReadResources } from "../extract/index.js";
import type { PipelineRuntime } from "../runtime.js";
import { type FoundInterval, type RunInterval, schedulerInterval } from "./scheduler-interval.js";

/**
 * The sources with the interval of the run as the range of those cursors that take it. They leave the state alone.
 * @throws SourceError `EXTERNAL_SCHEDULER_NOT_AVAILABLE`, `SCHEDULER_NOT_JOINED`, `INTERVAL_INVALID`
 */
export function joinScheduler(
  sources: readonly SourceDefinition[],
  options: { readonly given: RunInterval | undefined; readonly runtime: Pick<PipelineRuntime, "argv" | "env"> },
): readonly SourceDefinition[] {
  const { given, runtime } = options;
  let known: FoundInterval | undefined;
  const found = (): FoundInterval => {
    known ??= schedulerInterval(given, runtime);
    return known;
  };
  const join = (resource: Resource): void => {
    const { name, steps } = resourceDefinition(resource);
    const cursor = cursorOf(steps);
    if (cursor === undefined || !(given?.allowExternalSchedulers ?? cursor.allowExternalSchedulers)) return;
    const { interval, halves } = found();
    if (interval === null) throw notAvailable(name, cursor.cursorPath, halves);
    setCursor(resource, intervalCursor(cursor, interval, name));
  };
  return sources.map((source) => withReadResources(source, join));
}

function notAvailable(resource: string, cursorPath: string, halves: readonly string[]): SourceError {
  const known =
    halves.length === 0 ? "" : ` Of an interval there is only ${halves.map((name) => `\`${name}\``).join(", ")}.`;
  return new SourceError(
    "EXTERNAL_SCHEDULER_NOT_AVAILABLE",
    `The cursor \`${cursorPath}\` of \`${resource}\` takes its range from a scheduler, and this run has no interval.${known}`,
    {
      hint: "Give `interval` to the run, the arguments `--interval-start` and `--interval-end`, or the variables `DLT_INTERVAL_START` and `DLT_INTERVAL_END`; with `interval: { allowExternalSchedulers: false }` the run goes on from its state.",
      context: { resource, cursor: cursorPath },
    },
  );
}
