import { mergedMark } from "../authoring/marks.js";
import type { Mark } from "../contract/resource.js";
import type { ReadEnvironment } from "./environment.js";
import { failureAt, type Place } from "./failure.js";
import type { Item, Passing } from "./item.js";
import { isFirst, watched } from "./watched.js";

/** Work that a function handed out instead of rows: a function without parameters, or a promise. */
export interface DeferredItem {
  readonly kind: "deferred";
  /** Holds for what comes of it. */
  readonly mark: Mark | null;
  /** The items that come of it. Called once; nothing begins before the first is asked for. */
  items(): AsyncGenerator<Item>;
}

/** The same work, with the place where it was handed out in its errors. */
export function deferredAt(deferred: DeferredItem, place: Place, environment: ReadEnvironment): DeferredItem {
  return {
    ...deferred,
    async *items() {
      try {
        yield* deferred.items();
      } catch (error) {
        throw failureAt(error, place, environment);
      }
    },
  };
}

interface SettlingOptions {
  readonly environment: ReadEnvironment;
  /** Pieces of work, and items behind them, that may be taken before the oldest is done. */
  atOnce(): number;
  /** More may be taken behind a point before that is through. */
  readsPastPoints(): boolean;
  /** Whoever asks for an item has a turn of the environment while he waits for it. */
  readonly holdsTurn: boolean;
  /** Told that something is asked for, while work is under way or not. */
  asking?(hasWork: boolean): void;
  /** Called before the end while something is waited for, or work is under way: what is settled could only be closed after that. */
  wake(): void;
}

/**
 * Puts what comes of deferred work in its place. Several pieces are under way at a time, each in a turn of the environment; what
 * comes of them, errors included, comes in the order in which they were handed out. As long as there is none nothing is read
 * ahead. Ending the iteration drops what has not begun and what comes of the rest.
 */
export async function* settledInOrder(
  yields: AsyncGenerator<Passing | DeferredItem>,
  options: SettlingOptions,
): AsyncGenerator<Passing> {
  const queue: (Passing | Work)[] = [];
  const upstream = new Upstream(yields, () => options.asking?.(true));
  try {
    for (;;) {
      const oldest = queue[0];
      if (oldest === undefined && upstream.isIdle) {
        // The usual way, for which nothing has to be remembered.
        options.asking?.(false);
        const { done, value } = await yields.next();
        if (done === true) return;
        if (value.kind === "deferred") queue.push(new Work(value, { ...options, isOldest: true }));
        else yield value;
        continue;
      }
      if (oldest !== undefined && !(oldest instanceof Work)) {
        queue.shift();
        yield oldest;
        continue;
      }
      const arriving = hasRoom() ? upstream.next() : null;
      if (oldest === undefined) {
        if (arriving === null) break;
        take(await arriving);
      } else if (arriving !== null && (await isFirst(arriving, oldest.begun()))) take(await arriving);
      else {
        await oldest.begun();
        queue.shift();
        yield* oldest.rest();
      }
    }
    upstream.throwFailure();
  } finally {
    for (const waiting of queue) if (waiting instanceof Work) waiting.drop();
    if (upstream.isWaiting || queue.some((waiting) => waiting instanceof Work)) options.wake();
    await yields.return(undefined);
  }

  function hasRoom(): boolean {
    if (isPoint(queue.at(-1)) && !options.readsPastPoints()) return false;
    const atOnce = options.atOnce();
    if (queue.length < atOnce) return true;
    // There is mostly one point behind each piece of work.
    return queue.length < 2 * atOnce && queue.filter((waiting) => !isPoint(waiting)).length < atOnce;
  }

  function take(arrived: Passing | DeferredItem | null): void {
    upstream.taken();
    const isOldest = queue.length === 0;
    if (arrived?.kind === "deferred") queue.push(new Work(arrived, { ...options, isOldest }));
    else if (arrived !== null) queue.push(arrived);
  }
}

function isPoint(waiting: Passing | Work | undefined): boolean {
  return waiting !== undefined && !(waiting instanceof Work) && waiting.kind === "checkpoint";
}

/** What is settled, while it is read ahead. An error waits until everything before it is done. */
class Upstream {
  readonly #yields: AsyncGenerator<Passing | DeferredItem>;
  readonly #asking: () => void;
  #arriving: Promise<Passing | DeferredItem | null> | null = null;
  #isWaiting = false;
  #ended = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(yields: AsyncGenerator<Passing | DeferredItem>, asking: () => void) {
    this.#yields = yields;
    this.#asking = asking;
  }

  /** The item that comes next, the same until it is taken; resolves to null at the end. `null` after the end. */
  next(): Promise<Passing | DeferredItem | null> | null {
    if (this.#ended) return null;
    if (this.#arriving === null) {
      this.#asking();
      this.#arriving = this.#ask();
    }
    return this.#arriving;
  }

  /** Nothing is on its way, and there may be more. */
  get isIdle(): boolean {
    return this.#arriving === null && !this.#ended;
  }

  /** Something is on its way, and has not come. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  taken(): void {
    this.#arriving = null;
  }

  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  async #ask(): Promise<Passing | DeferredItem | null> {
    this.#isWaiting = true;
    try {
      const { done, value } = await this.#yields.next();
      return done === true ? this.#end() : value;
    } catch (error) {
      this.#failure = { error };
      return this.#end();
    } finally {
      this.#isWaiting = false;
    }
  }

  #end(): null {
    this.#ended = true;
    return null;
  }
}

/** A piece of deferred work: its first item is fetched ahead, the rest when it is its turn. */
class Work {
  readonly #deferred: DeferredItem;
  readonly #items: AsyncGenerator<Item>;
  readonly #holdsTurn: boolean;
  readonly #inTurn: Promise<unknown>;
  #first: Promise<IteratorResult<Item>> | null = null;
  #dropped = false;

  constructor(deferred: DeferredItem, options: SettlingOptions & { readonly isOldest: boolean }) {
    const { environment, holdsTurn, isOldest } = options;
    this.#deferred = deferred;
    this.#items = deferred.items();
    this.#holdsTurn = holdsTurn;
    // The oldest is waited for by whoever has a turn, and needs none of its own.
    this.#inTurn = watched(
      holdsTurn && isOldest
        ? this.#begin()
        : environment.inTurn(async () => {
            if (!this.#dropped && !environment.signal.aborted) await this.#begin();
          }),
    );
  }

  /**
   * Resolves once there is a first item, or none. Whoever has a turn begins the work himself if it still waits for one: otherwise
   * work could wait for the turn of who waits for it.
   */
  begun(): Promise<unknown> {
    return this.#holdsTurn ? this.#begin() : this.#inTurn;
  }

  async *rest(): AsyncGenerator<Item> {
    const { mark } = this.#deferred;
    try {
      for (let next = await this.#begin(); next.done !== true; next = await this.#items.next())
        yield mark === null ? next.value : { ...next.value, mark: mergedMark(mark, next.value.mark) };
    } finally {
      this.drop();
    }
  }

  drop(): void {
    this.#dropped = true;
    void watched(this.#items.return(undefined));
  }

  #begin(): Promise<IteratorResult<Item>> {
    this.#first ??= watched(this.#items.next());
    return this.#first;
  }
}
