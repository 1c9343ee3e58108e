import type { PipelineRuntime } from "../runtime.js";

/** How far a part of a step has come. */
export interface ProgressEvent {
  readonly step: "extract" | "normalize" | "load";
  /** What is counted: of `resources` the source, of `rows` the resource or table, of `chunks` and `jobs` the load id. */
  readonly name: string;
  readonly done: number;
  /** `null`: not known, or not yet. It may grow. */
  readonly total: number | null;
  readonly unit: "resources" | "rows" | "chunks" | "jobs" | "failed jobs";
}

/** How far something has come now. Asked about once a second, so that nothing is called per row or page. */
type ProgressCounts = () => Iterable<ProgressEvent>;

/** Tells somebody how far steps have come. */
export interface Progress {
  /** Tells of something until it is disposed of, and a last time then. */
  watch(counts: ProgressCounts): Disposable;
}

/** Told what changed since the last time, and for how many milliseconds it has been watched. */
export type ProgressSink = (events: readonly ProgressEvent[], elapsedMs: number) => void;

const everyMs = 1000;

/** For nobody. */
export const silentProgress: Progress = { watch: () => ({ [Symbol.dispose]: () => undefined }) };

/** Tells a sink. One that throws is told nothing more: a run does not fail because nobody can watch it. */
export function progressTo(sink: ProgressSink, runtime: Pick<PipelineRuntime, "nowMicros">): Progress {
  const watches = new Set<Watch>();
  let timer: NodeJS.Timeout | undefined;
  let isBroken = false;

  const tell = (watch: Watch): void => {
    const changed = isBroken ? [] : changedCounts(watch);
    if (changed.length === 0) return;
    try {
      sink(changed, Number(runtime.nowMicros() - watch.begunAt) / 1000);
    } catch (error) {
      isBroken = true;
      process.emitWarning(`Progress is told no more, because whoever was told of it failed: ${String(error)}`, {
        type: "DltWarning",
        code: "PROGRESS_SINK_FAILED",
      });
    }
  };

  return {
    watch(counts) {
      const watch = { counts, begunAt: runtime.nowMicros(), told: new Map<string, string>() };
      watches.add(watch);
      timer ??= setInterval(() => {
        for (const each of watches) tell(each);
      }, everyMs).unref();
      return {
        [Symbol.dispose]() {
          if (!watches.delete(watch)) return;
          if (watches.size === 0) {
            clearInterval(timer);
            timer = undefined;
          }
          tell(watch);
        },
      };
    },
  };
}

/** Something that goes on, and what was told of it. */
interface Watch {
  readonly counts: ProgressCounts;
  /** Microseconds since 1970 UTC. */
  readonly begunAt: bigint;
  readonly told: Map<string, string>;
}

function changedCounts({ counts, told }: Watch): readonly ProgressEvent[] {
  const changed: ProgressEvent[] = [];
  for (const event of counts()) {
    const key = `${event.name}\0${event.unit}`;
    const count = `${event.done}/${event.total}`;
    if (told.get(key) === count) continue;
    told.set(key, count);
    changed.push(event);
  }
  return changed;
}
