import { resourceDefinition } from "../authoring/brand.js";
import type { ResourceDefinition } from "../authoring/definition.js";
import { rowContract } from "../authoring/row-schema.js";
import type { CursorWindow } from "../contract/incremental.js";
import type { ReadContext, Resource } from "../contract/resource.js";
import { applyStep, type RunningStep } from "./apply-step.js";
import { type CursorReader, openCursor } from "./cursor/cursor-reader.js";
import type { ReadEnvironment } from "./environment.js";
import { failureAt, PlaceCounter } from "./failure.js";
import type { Item } from "./item.js";
import { itemsOf } from "./items-of.js";
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
  parents?: AsyncIterable<Item>,
): AsyncGenerator<Item> {
  const definition = resourceDefinition(resource);
  const { name, hints, body, steps } = definition;
  let cursor: CursorReader | undefined;
  const running = steps.map((step): RunningStep => {
    if (step.kind !== "incremental") return step;
    const state = (): Record<string, unknown> => environment.resourceState(name);
    const options = { cursor: step.cursor, primaryKey: hints?.primaryKey, state, stopsEarly: body.kind === "reader" };
    cursor = openCursor(options);
    return { kind: "incremental", reader: cursor };
  });
  const contract = rowContract(hints ?? {});
  if (contract !== null) {
    // What the author's steps give is what has to fit.
    const own = running.findLastIndex(({ kind }) => kind !== "incremental" && kind !== "limit");
    running.splice(own + 1, 0, { kind: "validate", contract });
  }
  let items = bodyItems(definition, environment, contextFor(name, cursor?.window, environment), parents);
  running.forEach((step, index) => {
    items = applyStep(items, step, { resource: name, name: `${step.kind} (step ${index + 1})`, environment });
  });
  return items;
}

function contextFor(
  resource: string,
  window: CursorWindow<unknown> | undefined,
  environment: ReadEnvironment,
): ReadContext<unknown> {
  return {
    // A resource without a cursor is typed to see none.
    incremental: window as CursorWindow<unknown>,
    signal: environment.signal,
    get state() {
      return environment.resourceState(resource);
    },
    get sourceState() {
      return environment.sourceState();
    },
  };
}

function bodyItems(
  definition: ResourceDefinition,
  environment: ReadEnvironment,
  context: ReadContext<unknown>,
  parents: AsyncIterable<Item> | undefined,
): AsyncGenerator<Item> {
  const { name, body, parallelized } = definition;
  if (body.kind === "reader") return readerItems(definition, environment, () => body.read(context));
  const transform = {
    resource: name,
    by: body.by,
    each: body.each as (rows: unknown, context: ReadContext<unknown>) => unknown,
    context,
    environment,
  };
  const items = parents ?? readItems(body.parent, environment);
  return parallelized ? transformInParallel(items, transform) : transformInTurn(items, transform);
}

async function* readerItems(
  definition: ResourceDefinition,
  environment: ReadEnvironment,
  read: () => unknown,
): AsyncGenerator<Item> {
  const places = new PlaceCounter(definition.name, "read");
  try {
    for await (const item of itemsOf(read(), { gather: gathering(definition, environment), single: false })) {
      places.enter(item);
      const pause = environment.pause();
      if (pause !== undefined) await pause;
      yield item;
    }
  } catch (error) {
    throw failureAt(error, places.next(), environment);
  }
}

/** How many single rows to gather, so that no more rows are read than a limit lets through. */
function gathering({ steps }: ResourceDefinition, { rowsPerPage }: ReadEnvironment): () => number {
  const limit = steps.find((step) => step.kind === "limit")?.limit;
  const ordered = steps.some((step) => step.kind === "incremental" && step.cursor.rowOrder !== undefined);
  const expands = steps.some((step) => step.kind === "yieldMap");
  const most = limit?.maxItems ?? -1;
  if (ordered || limit?.maxTimeMs !== undefined || (expands && most >= 0)) return () => 1;
  if (most < 0) return rowsPerPage;
  let gathered = 0;
  return () => {
    const next = Math.max(1, Math.min(rowsPerPage(), most - gathered));
    gathered += next;
    return next;
  };
}
