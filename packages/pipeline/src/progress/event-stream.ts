import type { ProgressHub } from "./progress.js";
import type { Counted, ProgressEvent } from "./progress-event.js";

/** Events that wait for a listener. Beyond it the oldest are dropped, and their number is told in their place. */
const maxWaiting = 1000;

export interface EventsOptions {
  /** Ends the events. Default: they end with the pipeline, or when the loop over them is left. */
  readonly signal?: AbortSignal;
}

/**
 * The events of a pipeline from the call on. A run never waits for whoever listens: of a count only the newest waits, and of other events
 * at most a thousand.
 */
export function eventStream(hub: ProgressHub, signal: AbortSignal): AsyncIterableIterator<ProgressEvent> {
  const waiting = new WaitingEvents();
  let wake = (): void => undefined;
  const adding = hub.add({
    countsEveryMs: 250,
    take(events) {
      for (const event of events) waiting.add(event);
      wake();
    },
  });
  const end = (): void => {
    adding[Symbol.dispose]();
    wake();
  };
  let isEnded = signal.aborted;
  const stop = (): void => {
    isEnded = true;
    end();
  };
  if (isEnded) end();
  else signal.addEventListener("abort", stop, { once: true });

  const leave = (): void => {
    signal.removeEventListener("abort", stop);
    isEnded = true;
    waiting.clear();
    end();
  };
  async function* eventsUntilEnd(): AsyncGenerator<ProgressEvent, undefined, undefined> {
    for (;;) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else if (isEnded) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  const events = eventsUntilEnd();
  return {
    next: () => events.next(),
    // A generator that was never begun would not come by its own end.
    return: async () => {
      leave();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

class WaitingEvents {
  /** In order. A count that was told anew stands where it was told first. */
  readonly #events = new Map<string, ProgressEvent>();
  #number = 0;
  /** The event that the place of those that were dropped is told with. */
  #missed: { count: number; readonly last: ProgressEvent } | null = null;

  add(event: ProgressEvent): void {
    this.#events.set(this.#keyFor(event), event);
    if (this.#events.size <= maxWaiting) return;
    const [[oldest, dropped] = []] = this.#events;
    if (oldest === undefined || dropped === undefined) return;
    this.#events.delete(oldest);
    this.#missed = { count: (this.#missed?.count ?? 0) + 1, last: dropped };
  }

  /** That of the event whose place it takes, or a new one. */
  #keyFor(event: ProgressEvent): string {
    if (event.kind !== "count") return String(this.#number++);
    const key = keyOf(event);
    const waiting = this.#events.get(key);
    // The last count of a part stays; one of the same name that comes behind it is of another part.
    return waiting?.kind === "count" && waiting.isOver ? String(this.#number++) : key;
  }

  shift(): ProgressEvent | undefined {
    if (this.#missed !== null) {
      const { count, last } = this.#missed;
      const { pipelineName, runId, at } = last;
      this.#missed = null;
      return { kind: "events-missed", count, pipelineName, runId, at };
    }
    const [[key, event] = []] = this.#events;
    if (key !== undefined) this.#events.delete(key);
    return event;
  }

  clear(): void {
    this.#events.clear();
    this.#missed = null;
  }
}

function keyOf({ runId, step, name, unit }: Counted & Pick<ProgressEvent, "runId">): string {
  return [runId, step, unit, name].join("\0");
}
