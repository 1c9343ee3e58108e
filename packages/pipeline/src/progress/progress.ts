import { dateOf } from "../info/duration.js";
import type { PipelineRuntime } from "../runtime.js";
import type { Count, Happening, ProgressEvent } from "./progress-event.js";

/** How far something has come now. Asked about a few times a second, so that nothing is called per row or page. */
type ProgressCounts = () => Iterable<Count>;

/** Tells whoever wants to know what happens in the calls of a pipeline. */
export interface Progress {
  /** Tells how far something has come until it is disposed of, and a last time then. */
  watch(counts: ProgressCounts): Disposable;
  tell(happening: Happening): void;
  /** Begins a piece of work on a lane of the profile; the result ends it. `null`: nobody makes a profile. */
  readonly spans: SpanNotes | null;
}

/** Takes notes of pieces of work, for a profile. */
export interface SpanNotes {
  begin(span: Omit<Span, "startedAt" | "finishedAt">): Disposable;
}

/** A piece of work. Those of one lane do not overlap. */
export interface Span {
  readonly lane: string;
  readonly name: string;
  /** Microseconds since 1970 UTC. */
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
  readonly args?: Readonly<Record<string, string | number | null>>;
}

/** Somebody who is told. Whoever throws is told nothing more: a run does not fail because nobody can watch it. */
export interface ProgressSink {
  /** Least time between two tellings of counts; `null`: they are not told. */
  readonly countsEveryMs: number | null;
  /** What happened, or changed since the last time, in order, at this time: microseconds since 1970 UTC. */
  take(events: readonly ProgressEvent[], atMicros: number): void;
  /** Told of pieces of work once they are done. Default: none are noted. */
  span?(span: Span): void;
}

/** The progress of one pipeline object. */
export interface ProgressHub extends Progress {
  /** Tells a sink from now on, until the result is disposed of. */
  add(sink: ProgressSink): Disposable;
  /** The calls that follow are of this run. */
  runId: string;
}

/** Something that goes on. */
interface Watch {
  readonly counts: ProgressCounts;
  /** Microseconds since 1970 UTC. */
  readonly begunAt: bigint;
  readonly runId: string;
}

/** A sink, and what it was told of each watch. */
interface Listener {
  readonly sink: ProgressSink;
  readonly told: WeakMap<Watch, Map<string, string>>;
  timer: NodeJS.Timeout | undefined;
}

export function progressHub(pipelineName: string, runtime: Pick<PipelineRuntime, "nowMicros">): ProgressHub {
  const watches = new Set<Watch>();
  const listeners = new Set<Listener>();
  let runId = "";

  const eventOf = (happening: Happening, now: bigint, id = runId): ProgressEvent => {
    return { ...happening, pipelineName, runId: id, at: dateOf(now).toISOString() };
  };
  const remove = (listener: Listener): void => {
    clearInterval(listener.timer);
    listener.timer = undefined;
    listeners.delete(listener);
  };
  const give = (listener: Listener, work: (sink: ProgressSink) => void): void => {
    try {
      work(listener.sink);
    } catch (error) {
      remove(listener);
      warnOfSink(error);
    }
  };
  const tellCounts = (listener: Listener, watch: Watch, isOver: boolean): void => {
    const told = listener.told.get(watch) ?? new Map<string, string>();
    listener.told.set(watch, told);
    const now = runtime.nowMicros();
    const elapsedMs = Number(now - watch.begunAt) / 1000;
    const changed = changedCounts(watch, told, isOver);
    if (changed.length === 0) return;
    const events = changed.map((count) => eventOf({ kind: "count", ...count, elapsedMs }, now, watch.runId));
    give(listener, (sink) => sink.take(events, Number(now)));
  };
  const startTimer = (listener: Listener): void => {
    const { countsEveryMs } = listener.sink;
    if (countsEveryMs === null || watches.size === 0) return;
    listener.timer ??= setInterval(() => {
      for (const watch of watches) tellCounts(listener, watch, false);
    }, countsEveryMs).unref();
  };

  return {
    get runId() {
      return runId;
    },
    set runId(id) {
      runId = id;
    },
    watch(counts) {
      const watch = { counts, begunAt: runtime.nowMicros(), runId };
      watches.add(watch);
      for (const listener of listeners) startTimer(listener);
      return {
        [Symbol.dispose]() {
          if (!watches.delete(watch)) return;
          for (const listener of listeners) {
            if (listener.sink.countsEveryMs !== null) tellCounts(listener, watch, true);
            if (watches.size > 0) continue;
            clearInterval(listener.timer);
            listener.timer = undefined;
          }
        },
      };
    },
    tell(happening) {
      if (listeners.size === 0) return;
      const now = runtime.nowMicros();
      const events = [eventOf(happening, now)];
      for (const listener of listeners) give(listener, (sink) => sink.take(events, Number(now)));
    },
    get spans() {
      const noting = [...listeners].filter(({ sink }) => sink.span !== undefined);
      if (noting.length === 0) return null;
      return {
        begin(span: Parameters<SpanNotes["begin"]>[0]) {
          const startedAt = runtime.nowMicros();
          return {
            [Symbol.dispose]() {
              const finishedAt = runtime.nowMicros();
              for (const listener of noting) give(listener, (sink) => sink.span?.({ ...span, startedAt, finishedAt }));
            },
          };
        },
      };
    },
    add(sink) {
      const listener: Listener = { sink, told: new WeakMap(), timer: undefined };
      listeners.add(listener);
      startTimer(listener);
      return { [Symbol.dispose]: () => remove(listener) };
    },
  };
}

/** Also for what a sink finds out later. */
export function warnOfSink(error: unknown): void {
  process.emitWarning(`Progress is told no more, because whoever was told of it failed: ${String(error)}`, {
    type: "DltWarning",
    code: "PROGRESS_SINK_FAILED",
  });
}

function changedCounts({ counts }: Watch, told: Map<string, string>, isOver: boolean): readonly Count[] {
  const changed: Count[] = [];
  for (const each of counts()) {
    const count = isOver ? { ...each, isOver } : each;
    const key = `${count.name}\0${count.unit}`;
    const state = `${count.done}/${count.total}/${count.bytes}/${count.isOver}`;
    if (told.get(key) === state) continue;
    told.set(key, state);
    changed.push(count);
  }
  return changed;
}
