import { checkCalled } from "../authoring/arguments.js";
import { inScope, type ResourceScope } from "../authoring/author-scope.js";
import { resourceDefinition } from "../authoring/brand.js";
import type { IncrementalDefinition, ResourceDefinition } from "../authoring/definition.js";
import { rowContract } from "../authoring/row-schema/index.js";
import { fetchSecrets } from "../authoring/secret.js";
import type { CursorWindow } from "../contract/incremental.js";
import type { LimitOptions, ReadContext, Resource } from "../contract/resource.js";
import { applyStep, type RunningStep, type StepContext } from "./apply-step.js";
import { type CursorReader, openCursor } from "./cursor/cursor-reader.js";
import { resumption } from "./cursor/resumption.js";
import { settledInOrder } from "./deferred.js";
import type { ReadEnvironment } from "./environment.js";
import { failureAt, inPlace, PlaceCounter } from "./failure.js";
import type { Passing } from "./item.js";
import { type WideIntake, yieldsOf } from "./items-of.js";
import { ResumePoints } from "./resume-points.js";
import { RunningLimit } from "./running-limit.js";
import { transformInParallel, transformInTurn } from "./transform.js";

/**
 * Reads a resource: what its function gives, after all its steps. `parents` are the items of the resource that feeds it.
 * Nothing runs before the first item is asked for, and nothing is read ahead of what is asked for, except by a parallelized
 * transformer. Ending the iteration closes the generators of the author.
 *
 * @throws SourceError with source, resource, step, page and row in its context
 */
export function readItems(
  resource: Resource,
  environment: ReadEnvironment,
  parents?: AsyncIterable<Passing>,
): AsyncGenerator<Passing> {
  checkCalled(resource);
  const definition = resourceDefinition(resource);
  const { name, hints, body, steps } = definition;
  const isRoot = body.kind === "reader";
  const points = new ResumePoints(environment.checkpoints, isRoot);
  let cursor: CursorReader | undefined;
  const limit = new RunningLimit(limitOf(steps) ?? {});
  const running = steps.map((step, index): RunningStep => {
    if (step.kind === "limit") return { kind: "limit", limit };
    if (step.kind !== "incremental") return step;
    const state = (): Record<string, unknown> => environment.resourceState(name);
    const resumes = environment.checkpoints !== undefined && resumption(step.cursor) === "by cursor";
    points.cursorResumes = resumes;
    const open = (): CursorReader =>
      openCursor({
        cursor: step.cursor,
        primaryKey: hints?.primaryKey,
        state,
        stopsEarly: isRoot,
        checksOrder: resumes,
        warn: ({ code, message }) => environment.warn?.({ code, message: `Resource \`${name}\`: ${message}` }),
      });
    const place = { resource: name, step: `incremental (step ${index + 1})`, page: null, row: null };
    cursor = inPlace(open, place, environment);
    return { kind: "incremental", reader: cursor };
  });
  const contract = rowContract(hints ?? {});
  if (contract !== null) {
    // What the author's steps give is what has to fit.
    const own = running.findLastIndex(({ kind }) => kind !== "incremental" && kind !== "limit");
    running.splice(own + 1, 0, { kind: "validate", contract });
  }
  const window = cursor?.window ?? (definition.withoutCursor === true ? withoutRange : undefined);
  const ended = new AbortController();
  const signal = AbortSignal.any([environment.signal, ended.signal]);
  const context = contextFor(name, { window, points, signal }, environment);
  let items = bodyItems(definition, environment, { context, points, limit, parents, wake: () => ended.abort() });
  running.forEach((step, index) => {
    // A row that a cursor has seen is not read again, also if the limit cuts it off.
    if (step.kind === "incremental" && limit.isSet) {
      const expands = running.slice(index).some(({ kind }) => kind === "map" || kind === "yieldMap");
      items = limit.pieces(items, expands ? 1 : Number.POSITIVE_INFINITY);
    }
    items = applyStep(items, step, {
      ...stepContext(definition, `${step.kind} (step ${index + 1})`, limit, environment),
      resumesByCursor: () => points.areByCursor,
    });
  });
  if (environment.checkpoints !== undefined && isRoot) items = points.settled(items);
  const scope: ResourceScope = {
    name,
    resourceState: (other) => {
      // Asking for it tells that the function keeps a state.
      const { state } = context;
      return other === name ? state : environment.resourceState(other);
    },
    sourceState: () => context.sourceState,
  };
  return inScope(items, { source: environment.source, resource: scope });
}

/** What the function of a resource sees whose cursor was taken away: there is no range, so that it reads everything. */
const withoutRange: CursorWindow<unknown> = {
  initialValue: undefined,
  startValue: undefined,
  lastValue: undefined,
  endValue: undefined,
  lag: undefined,
  rowOrder: undefined,
  startOutOfRange: false,
  endOutOfRange: false,
  canClose: () => false,
};

/** `step` is its name for messages. */
function stepContext(
  { name, hints }: ResourceDefinition,
  step: string,
  limit: RunningLimit,
  environment: ReadEnvironment,
): StepContext {
  const gather = (): number => limit.gather(environment.rowsPerPage);
  return { resource: name, name: step, hints: hints ?? {}, environment, gather };
}

function contextFor(
  resource: string,
  reading: {
    readonly window: CursorWindow<unknown> | undefined;
    readonly points: ResumePoints;
    readonly signal: AbortSignal;
  },
  environment: ReadEnvironment,
): ReadContext<unknown> {
  const { window, points, signal } = reading;
  return {
    // A resource without a cursor is typed to see none.
    incremental: window as CursorWindow<unknown>,
    partition: undefined,
    signal,
    get state() {
      points.keepState();
      return environment.resourceState(resource);
    },
    get sourceState() {
      points.keepState();
      return environment.sourceState();
    },
    checkpoint: () => points.name(),
    get metrics() {
      return environment.resourceMetrics(resource);
    },
  };
}

function bodyItems(
  definition: ResourceDefinition,
  environment: ReadEnvironment,
  reading: {
    readonly context: ReadContext<unknown>;
    readonly points: ResumePoints;
    readonly limit: RunningLimit;
    readonly parents: AsyncIterable<Passing> | undefined;
    /** Ends what functions of authors wait for that have the signal of the context. */
    wake(): void;
  },
): AsyncGenerator<Passing> {
  const { name, body, parallelized } = definition;
  const { context, points, limit, parents, wake } = reading;
  if (body.kind === "reader") {
    const asked = environment.checkpoints === undefined ? undefined : points;
    return readerItems(definition, environment, { read: () => body.read(context), points: asked, limit, wake });
  }
  const transform = {
    resource: name,
    by: body.by,
    each: body.each as (rows: unknown, context: ReadContext<unknown>) => unknown,
    context,
    environment,
    wake,
  };
  let items = parents ?? readItems(body.parent, { ...environment, signal: context.signal });
  for (const step of body.stepsBefore ?? []) {
    // Neither a cursor nor a limit is ever put before the function.
    if (step.kind === "incremental" || step.kind === "limit") continue;
    items = applyStep(items, step, stepContext(definition, `${step.kind} (before the function)`, limit, environment));
  }
  if (parallelized) return transformInParallel(items, transform);
  const atOnce = (): number => environment.maxParallelItems;
  return settledInOrder(transformInTurn(items, transform), {
    environment,
    atOnce,
    // At a point no call is under way, so that what calls keep in the state is that of the rows before it.
    readsPastPoints: () => false,
    holdsTurn: false,
    wake,
  });
}

async function* readerItems(
  definition: ResourceDefinition,
  environment: ReadEnvironment,
  reading: {
    read(): unknown;
    wake(): void;
    readonly points: ResumePoints | undefined;
    readonly limit: RunningLimit;
  },
): AsyncGenerator<Passing> {
  const { read, wake, points, limit } = reading;
  const places = new PlaceCounter(definition.name, "read");
  const intake: WideIntake = {
    gather: gathering(definition, limit, environment),
    single: false,
    defers: true,
    points,
    wake,
  };
  const most = deferredAtOnce(definition, environment);
  try {
    await fetchSecrets();
    const settling = {
      environment,
      atOnce: () => (points?.goesStepByStep === true ? 1 : most),
      readsPastPoints: () => points?.mayReadPast === true,
      holdsTurn: true,
      asking: (hasWork: boolean) => points?.asked({ hasWork }),
      wake,
    };
    for await (const item of settledInOrder(yieldsOf(read(), intake), settling)) {
      if (item.kind === "checkpoint") {
        yield item;
        continue;
      }
      places.enter(item);
      const pause = environment.pause();
      if (pause !== undefined) await pause;
      yield item;
    }
  } catch (error) {
    throw failureAt(error, places.next(), environment);
  }
}

/** How much deferred work may be under way: no more than there are items that a limit lets through. */
function deferredAtOnce({ steps }: ResourceDefinition, { maxParallelItems }: ReadEnvironment): number {
  const most = limitOf(steps)?.maxItems ?? -1;
  return most < 0 ? maxParallelItems : Math.max(1, Math.min(maxParallelItems, most));
}

/** How many single rows that the function yields to gather, so that no more are read than a limit lets through. */
function gathering({ steps }: ResourceDefinition, limit: RunningLimit, { rowsPerPage }: ReadEnvironment): () => number {
  if (steps.some((step) => step.kind === "incremental" && mayStopEarly(step.cursor))) return () => 1;
  // How many rows come of one is not known before.
  if (limit.isSet && steps.some(({ kind }) => kind === "yieldMap")) return () => 1;
  return () => limit.gather(rowsPerPage);
}

function limitOf(steps: ResourceDefinition["steps"]): LimitOptions | undefined {
  return steps.find((step) => step.kind === "limit")?.limit;
}

/** Ordered rows end a resource once they are out of the range: at its end, or at its start when they go down. */
function mayStopEarly({ rowOrder, endValue }: IncrementalDefinition): boolean {
  return rowOrder === "desc" || (rowOrder === "asc" && endValue !== undefined);
}
