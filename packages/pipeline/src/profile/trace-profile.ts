import type { ProgressSink, Span } from "../progress/progress.js";

/** An event of Chrome's Trace Event Format. Times are microseconds. */
type TraceEvent = { readonly name: string; readonly pid: number; readonly tid: number } & (
  | {
      /** A piece of work as a whole. */
      readonly ph: "X";
      readonly cat: string;
      readonly ts: number;
      readonly dur: number;
      readonly args: Args;
    }
  | {
      /** Values at a time, drawn as a curve. */
      readonly ph: "C";
      readonly ts: number;
      readonly args: Readonly<Record<string, number>>;
    }
  /** Names of processes and lanes. */
  | { readonly ph: "M"; readonly args: Readonly<Record<string, unknown>> }
);

type Args = NonNullable<Span["args"]>;

/** A profile in the form in which it is stored. */
export interface TraceDocument {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: "ms";
  readonly otherData: Readonly<Record<string, string | number>>;
}

/** Some 200 bytes each: more would take more memory than a run may. */
const mostEvents = 200_000;

/** Order of the lanes, by the word that their names begin with. */
const laneOrder = ["run", "sync", "extract", "normalize", "load"];

/**
 * What runs did when, as browsers' profilers show it: a process for each pipeline, with a lane for each step, resource, thread that
 * normalizes, and load job of those that run at the same time.
 */
export class TraceProfile {
  readonly #events: TraceEvent[] = [];
  readonly #processes = new Map<string, ProcessLanes>();
  #missed = 0;

  /** Takes part in the calls of a pipeline. */
  sink(pipelineName: string): ProgressSink {
    let process = this.#processes.get(pipelineName);
    if (process === undefined) {
      process = new ProcessLanes(this.#processes.size + 1);
      this.#processes.set(pipelineName, process);
    }
    const lanes = process;
    const open = new Map<string, { readonly lane: string; readonly at: number }>();
    const end = (key: string, cat: string, name: string, at: number, args: Args): void => {
      const begun = open.get(key);
      open.delete(key);
      if (begun !== undefined)
        this.#add(lanes, cat, { lane: begun.lane, name, startedAt: begun.at, finishedAt: at }, args);
    };
    return {
      countsEveryMs: 250,
      take: (events, at) => {
        for (const event of events) {
          switch (event.kind) {
            case "step-started":
              open.set(`step ${event.step}`, { lane: event.step, at });
              break;
            case "step-ended":
              end(`step ${event.step}`, "step", event.step, at, { error: event.error?.code ?? null });
              break;
            case "job-started":
              open.set(`job ${event.jobId}`, { lane: lanes.takeJobLane(event.jobId), at });
              break;
            case "job-ended": {
              const { status, rowCount, bytes, attempts, loadId, tableName } = event;
              const args = { status, rowCount, bytes, attempts, loadId, tableName };
              end(`job ${event.jobId}`, "job", event.jobId, at, args);
              lanes.freeJobLane(event.jobId);
              break;
            }
            case "count":
              if (event.unit === "rows") {
                const name = `${event.step} ${event.name}`;
                this.#push({ ...lanes.place("run"), name, ph: "C", ts: at, args: { rows: event.done } });
              }
              break;
            default:
          }
        }
      },
      span: ({ args = {}, startedAt, finishedAt, ...span }) => {
        const times = { startedAt: Number(startedAt), finishedAt: Number(finishedAt) };
        this.#add(lanes, "work", { ...span, ...times }, args);
      },
    };
  }

  /** The profile so far, valid as a whole. */
  document(): TraceDocument {
    const names = [...this.#processes].flatMap(([pipelineName, lanes]) => lanes.names(pipelineName));
    const first = this.#events.reduce((least, event) => ("ts" in event ? Math.min(least, event.ts) : least), Infinity);
    // Profilers begin at 0, and keep more digits of small numbers.
    const events = this.#events.map((event) => ("ts" in event ? { ...event, ts: event.ts - first } : event));
    return {
      traceEvents: [...names, ...events],
      displayTimeUnit: "ms",
      otherData: {
        ...(Number.isFinite(first) && { startedAt: new Date(first / 1000).toISOString() }),
        missedEvents: this.#missed,
      },
    };
  }

  #add(
    lanes: ProcessLanes,
    cat: string,
    span: Omit<Span, "startedAt" | "finishedAt"> & { readonly startedAt: number; readonly finishedAt: number },
    args: Args,
  ): void {
    const { lane, name, startedAt, finishedAt } = span;
    // The clock of the system may have been put back.
    const dur = Math.max(0, finishedAt - startedAt);
    this.#push({ ...lanes.place(lane), name, cat, ph: "X", ts: startedAt, dur, args });
  }

  #push(event: TraceEvent): void {
    if (this.#events.length < mostEvents) this.#events.push(event);
    else this.#missed += 1;
  }
}

/** The lanes of a pipeline. */
class ProcessLanes {
  readonly #pid: number;
  readonly #tids = new Map<string, number>();
  /** The job that is at work on each lane of jobs. */
  readonly #jobs: (string | null)[] = [];

  constructor(pid: number) {
    this.#pid = pid;
  }

  place(lane: string): { readonly pid: number; readonly tid: number } {
    const tid = this.#tids.get(lane) ?? this.#tids.size + 1;
    this.#tids.set(lane, tid);
    return { pid: this.#pid, tid };
  }

  /** The first lane that no other job is on. */
  takeJobLane(jobId: string): string {
    const free = this.#jobs.indexOf(null);
    const index = free === -1 ? this.#jobs.length : free;
    this.#jobs[index] = jobId;
    return `load job ${index + 1}`;
  }

  freeJobLane(jobId: string): void {
    const index = this.#jobs.indexOf(jobId);
    if (index !== -1) this.#jobs[index] = null;
  }

  names(pipelineName: string): readonly TraceEvent[] {
    // A step comes before its parts.
    const rank = (lane: string): number =>
      2 * laneOrder.indexOf(lane.split(" ", 1)[0] ?? "") + Number(lane.includes(" "));
    const lanes = [...this.#tids].sort(([one], [other]) => rank(one) - rank(other));
    const pid = this.#pid;
    return [
      { name: "process_name", ph: "M", pid, tid: 0, args: { name: `pipeline ${pipelineName}` } },
      ...lanes.flatMap(([lane, tid], index): readonly TraceEvent[] => [
        { name: "thread_name", ph: "M", pid, tid, args: { name: lane } },
        { name: "thread_sort_index", ph: "M", pid, tid, args: { sort_index: index } },
      ]),
    ];
  }
}
