import type { ReadContext } from "../contract/resource.js";
import { type DeferredItem, deferredAt } from "./deferred.js";
import type { ReadEnvironment } from "./environment.js";
import { failureAt, onItem, type Place, PlaceCounter } from "./failure.js";
import { type Checkpoint, type Item, type Passing, rowsItem } from "./item.js";
import { type Intake, isRow, itemsOf, yieldsOf } from "./items-of.js";
import { plainRows } from "./rows-of.js";
import { isFirst, isThenable, watched } from "./watched.js";

export interface Transform {
  readonly resource: string;
  readonly by: "row" | "page";
  each(rows: unknown, context: ReadContext<unknown>): unknown;
  readonly context: ReadContext<unknown>;
  readonly environment: ReadEnvironment;
  /** Ends what functions wait for that have the signal of the context. */
  wake(): void;
}

/** What a transformer makes of the items of its parent, one call after the other. */
export async function* transformInTurn(
  parents: AsyncIterable<Passing>,
  transform: Transform,
): AsyncGenerator<Passing | DeferredItem> {
  const { environment, each, context } = transform;
  const intake = { ...intakeOf(transform), defers: true };
  const places = new PlaceCounter(transform.resource, "transform");
  let gathered: unknown[] = [];
  for await (const item of parents) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    const rows = enteredRows(item, places, transform);
    for (let index = 0; index < rows.length; index++) {
      const place = (): Place => places.at(transform.by === "page" ? null : index);
      try {
        const called = each(rows[index], context);
        const given = isThenable(called) ? await environment.inTurn(async () => await called) : called;
        if (isRow(given)) {
          gathered.push(given);
          if (gathered.length < intake.gather()) continue;
        }
        if (gathered.length > 0) yield rowsItem(gathered, { singly: true });
        gathered = [];
        if (isRow(given)) continue;
        for await (const made of yieldsOf(given, intake))
          yield made.kind === "deferred" ? deferredAt(made, place(), environment) : made;
      } catch (error) {
        throw failureAt(error, place(), environment);
      }
    }
    if (gathered.length > 0) yield rowsItem(gathered, { singly: true });
    gathered = [];
  }
}

/** A call that is under way: its first item is fetched ahead, the rest when it is its turn. */
interface Call {
  readonly first: Promise<IteratorResult<Passing>>;
  readonly items: AsyncGenerator<Passing>;
}

/**
 * The same with several calls at a time. What they give comes in the order of the rows. At a checkpoint no call is under way, so
 * that what the calls keep in the state is that of the rows before it.
 */
export async function* transformInParallel(
  parents: AsyncIterable<Passing>,
  transform: Transform,
): AsyncGenerator<Passing> {
  const { environment } = transform;
  const places = new PlaceCounter(transform.resource, "transform");
  const input = parents[Symbol.asyncIterator]();
  const calls: Call[] = [];
  let waiting: readonly (() => Call)[] = [];
  let taken = 0;
  let more: Promise<IteratorResult<Passing>> | null = null;
  let isWaiting = false;
  let checkpoint: Checkpoint | null = null;
  let ended = false;
  try {
    for (;;) {
      while (taken < waiting.length && calls.length < environment.maxParallelItems) {
        const start = waiting[taken++];
        if (start !== undefined) calls.push(start());
      }
      if (taken === waiting.length && !ended && checkpoint === null) more ??= ask();
      const oldest = calls[0];
      if (oldest === undefined && checkpoint !== null) {
        yield checkpoint;
        checkpoint = null;
        continue;
      }
      if (oldest === undefined && more === null) return;
      const hasRoom = calls.length < environment.maxParallelItems;
      if (more !== null && (oldest === undefined || (hasRoom && (await isFirst(more, oldest.first))))) {
        const { done, value } = await more;
        more = null;
        waiting = [];
        taken = 0;
        if (done === true) ended = true;
        else if (value.kind === "checkpoint") checkpoint = value;
        else waiting = callsFor(value);
      } else if (oldest !== undefined) {
        const { done, value } = await oldest.first;
        if (done !== true) {
          yield value;
          yield* oldest.items;
        }
        calls.shift();
      }
    }
  } finally {
    for (const { items } of calls) void watched(items.return(undefined));
    if (isWaiting || calls.length > 0) transform.wake();
    await input.return?.();
  }

  function ask(): Promise<IteratorResult<Passing>> {
    isWaiting = true;
    const answered = (): void => {
      isWaiting = false;
    };
    const next = input.next();
    next.then(answered, answered);
    return next;
  }

  function callsFor(item: Item): readonly (() => Call)[] {
    const rows = enteredRows(item, places, transform);
    return rows.map((row, index) => {
      const place = places.at(transform.by === "page" ? null : index);
      return () => {
        const items = callItems(row, place);
        return { items, first: watched(environment.inTurn(() => items.next())) };
      };
    });
  }

  async function* callItems(row: unknown, place: ReturnType<PlaceCounter["at"]>): AsyncGenerator<Passing> {
    try {
      yield* itemsOf(transform.each(row, transform.context), intakeOf(transform));
    } catch (error) {
      throw failureAt(error, place, environment);
    }
  }
}

function intakeOf({ environment, wake }: Transform): Intake {
  return { gather: environment.rowsPerPage, single: true, wake };
}

/** What the function is called with, one after the other. */
function enteredRows(item: Item, places: PlaceCounter, { by, environment }: Transform): readonly unknown[] {
  places.enter(item);
  const { rows } = onItem(() => plainRows(item), places, environment);
  return by === "row" ? rows : rows.length === 0 ? [] : [rows];
}
