import type { Step } from "../authoring/definition.js";
import type { StepContext } from "./apply-step.js";
import { failureAt, onItem, PlaceCounter } from "./failure.js";
import type { Passing } from "./item.js";
import { plainRows } from "./rows-of.js";
import { isThenable } from "./watched.js";

type StepOf<Kind extends Step["kind"]> = Extract<Step, { readonly kind: Kind }>;

/** Lets the function look at each page; single rows are pages of one. Nothing changes on the way. */
export async function* collectMetrics(
  items: AsyncIterable<Passing>,
  step: StepOf<"metrics">,
  context: StepContext,
): AsyncGenerator<Passing> {
  const { environment, resource } = context;
  const collect = step.collect as (
    rows: readonly unknown[],
    metrics: Record<string, unknown>,
    mark?: unknown,
  ) => unknown;
  const places = new PlaceCounter(resource, context.name);
  const metrics = environment.resourceMetrics(resource);
  for await (const item of items) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    places.enter(item);
    const page = onItem(() => plainRows(item), places, environment);
    const mark = item.mark ?? undefined;
    const parts = page.singly ? page.rows.map((row) => [row]) : [page.rows];
    for (const [index, rows] of parts.entries()) {
      try {
        const collected = collect(rows, metrics, mark);
        if (isThenable(collected)) await collected;
      } catch (error) {
        throw failureAt(error, places.at(page.singly ? index : null), environment);
      }
    }
    yield item;
  }
}

/** Keeps what goes to certain tables. Rows are looked at only where the name of the table depends on them. */
export async function* selectTables(
  items: AsyncIterable<Passing>,
  { names }: StepOf<"tables">,
  context: StepContext,
): AsyncGenerator<Passing> {
  const { environment, resource } = context;
  const { tableName = resource } = context.hints;
  const places = new PlaceCounter(resource, context.name);
  for await (const item of items) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    places.enter(item);
    const fixed = item.mark?.tableName ?? (typeof tableName === "string" ? tableName : null);
    if (fixed !== null || typeof tableName === "string") {
      if (fixed !== null && names.has(fixed)) yield item;
      continue;
    }
    const nameOf = tableName as (row: unknown) => string;
    const page = onItem(() => plainRows(item), places, environment);
    const rows = page.rows.filter((row, index) => {
      try {
        return names.has(nameOf(row));
      } catch (error) {
        throw failureAt(error, places.at(index), environment);
      }
    });
    if (rows.length > 0 || page.rows.length === 0) yield rows.length === page.rows.length ? item : { ...page, rows };
  }
}
