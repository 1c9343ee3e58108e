import { type IncrementalDefinition, type Resource, type SourceDefinition, SourceError } from "@dlt/core";
import { cursorOf, intervalCursor, resourceDefinition, setCursor } from "@dlt/core/engine";
import { readResources, withReadResources } from "../extract/read-resources.js";
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
    const cursor = schedulableCursor(resource, given);
    if (cursor === undefined) return;
    const { interval, halves } = found();
    if (interval === null) throw notAvailable(resource.name, cursor.cursorPath, halves);
    setCursor(resource, intervalCursor(cursor, interval, resource.name));
  };
  const joined = sources.map((source) => withReadResources(source, join));
  if (known === undefined && isGiven(given)) warnOfUnused(sources);
  return joined;
}

/** True when a cursor of a source takes the interval of the run. */
export function takesInterval({ resources }: SourceDefinition, given: RunInterval | undefined): boolean {
  return readResources(resources.values()).some((resource) => schedulableCursor(resource, given) !== undefined);
}

/** The cursor of a resource, if it takes the interval of the run. */
function schedulableCursor(resource: Resource, given: RunInterval | undefined): IncrementalDefinition | undefined {
  const cursor = cursorOf(resourceDefinition(resource).steps);
  return (given?.allowExternalSchedulers ?? cursor?.allowExternalSchedulers) === true ? cursor : undefined;
}

/** An interval in code is for this run. One from outside is for whatever runs there, with a cursor that takes it or not. */
function isGiven(given: RunInterval | undefined): boolean {
  if (given === undefined || given.allowExternalSchedulers === false) return false;
  return [given.start, given.end].some((end) => end !== undefined && end !== "");
}

function warnOfUnused(sources: readonly SourceDefinition[]): void {
  const names = sources.map(({ name }) => `\`${name}\``).join(", ");
  process.emitWarning(
    `\`interval\` was given for ${names}, and no cursor takes it: everything is read as without it.`,
    {
      type: "DltWarning",
      code: "INTERVAL_UNUSED",
      detail:
        "Let cursors take it with `allowExternalSchedulers: true`, in `incremental()` or in `interval`. Resources without a cursor have no range.",
    },
  );
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
