import type { Counted, EventStep, JobEnded, JobRetried, JobStarted, ProgressEvent } from "../progress-event.js";
import type { Line } from "./look.js";
import { bytesText, clockText, countText, rateText, secondsText } from "./numbers.js";

const shownSteps = ["extract", "normalize", "load"] as const;
type ShownStep = (typeof shownSteps)[number];

/** A step, and what is known of it. */
interface StepView {
  readonly startedMs: number;
  isOver: boolean;
  /** Counts of parts that go on, by what they count. */
  readonly open: Map<string, OpenCount>;
  /** Of parts that are over, by unit. */
  readonly closed: Map<Counted["unit"], Totals>;
}

interface OpenCount extends Counted {
  readonly beganMs: number;
}

interface Totals {
  done: number;
  total: number;
  bytes: number;
}

interface JobView {
  readonly jobId: string;
  readonly startedMs: number;
  attempts: number;
}

/** How a run stands, from its events. What is over is only summed up, so that a run may go on for ever. */
export class RunView {
  readonly #pipelineName: string;
  readonly #startedMs: number;
  readonly #steps = new Map<EventStep, StepView>();
  readonly #jobs = new Map<string, JobView>();
  #tables = new Set<string>();
  #end: Extract<ProgressEvent, { kind: "run-ended" }> | null = null;
  #failedStep: EventStep | null = null;

  constructor(pipelineName: string, nowMs: number) {
    this.#pipelineName = pipelineName;
    this.#startedMs = nowMs;
  }

  note(event: ProgressEvent, nowMs: number): void {
    switch (event.kind) {
      case "step-started":
        this.#stepOf(event.step, nowMs).isOver = false;
        break;
      case "step-ended":
        this.#stepOf(event.step, nowMs).isOver = true;
        if (event.error !== null) this.#failedStep ??= event.step;
        break;
      case "count":
        this.#count(event, nowMs);
        break;
      case "job-started":
      case "job-retried":
      case "job-ended":
        this.#noteJob(event, nowMs);
        break;
      case "run-ended":
        this.#end = event;
        break;
      case "run-started":
      case "schema-changed":
      case "events-missed":
        break;
    }
  }

  /** At most so many lines: how the run stands, each step, and as many of their parts as there is room for. */
  lines(maxLines: number, nowMs: number): readonly Line[] {
    const steps = shownSteps.flatMap((step) => {
      const view = this.#steps.get(step);
      return view === undefined ? [] : [{ step, view, parts: this.#partsOf(step, view, nowMs) }];
    });
    let room = maxLines - 1 - steps.length;
    let stepsLeft = steps.filter(({ parts }) => parts.length > 0).length;
    const lines: Line[] = [this.#heading(nowMs)];
    for (const { step, view, parts } of steps) {
      lines.push(stepLine(step, view));
      if (parts.length === 0) continue;
      const share = Math.max(0, Math.floor(room / stepsLeft));
      const shown = parts.length <= share ? parts : parts.slice(0, Math.max(0, share - 1));
      lines.push(...shown);
      if (shown.length < parts.length && share > 0) {
        lines.push({ tone: "dim", text: `    … and ${parts.length - shown.length} more` });
      }
      room -= Math.min(parts.length, share);
      stepsLeft -= 1;
    }
    return lines.slice(0, maxLines);
  }

  /** What stays when the run has ended. */
  lastLine(nowMs: number): Line {
    const time = secondsText(this.#end?.durationMs ?? nowMs - this.#startedMs);
    const error = this.#end?.error ?? null;
    if (error !== null) {
      const how = error.code === "PIPELINE_STOPPED" ? "stopped" : "failed";
      const where = this.#failedStep === null || this.#failedStep === "run" ? "" : ` in ${this.#failedStep}`;
      return { tone: "bad", text: `✖ ${this.#pipelineName} ${how}${where} after ${time}` };
    }
    const rows = this.#totals("normalize", "rows").done;
    const { bytes } = this.#totals("load", "jobs");
    const what = rows === 0 ? "no rows" : `${countText(rows, "row")} in ${countText(this.#tables.size, "table")}`;
    return { tone: "good", text: `✔ ${this.#pipelineName}  ${what}, ${bytesText(bytes)}, in ${time}` };
  }

  #stepOf(step: EventStep, nowMs: number): StepView {
    const view = this.#steps.get(step) ?? { startedMs: nowMs, isOver: false, open: new Map(), closed: new Map() };
    this.#steps.set(step, view);
    return view;
  }

  #count(event: Counted, nowMs: number): void {
    const { open, closed } = this.#stepOf(event.step, nowMs);
    if (event.step === "normalize" && event.unit === "rows" && this.#tables.size < mostTables) {
      this.#tables.add(event.name);
    }
    const key = `${event.unit}\0${event.name}`;
    if (!event.isOver) {
      open.set(key, { ...event, beganMs: nowMs - event.elapsedMs });
      return;
    }
    open.delete(key);
    closed.set(event.unit, added(closed.get(event.unit), event));
  }

  #noteJob(event: JobStarted | JobRetried | JobEnded, nowMs: number): void {
    const { jobId } = event;
    if (event.kind === "job-ended") this.#jobs.delete(jobId);
    else if (event.kind === "job-started") this.#jobs.set(jobId, { jobId, startedMs: nowMs, attempts: 1 });
    else {
      const job = this.#jobs.get(jobId);
      if (job !== undefined) job.attempts = event.attempts + 1;
    }
  }

  #totals(step: ShownStep, unit: Counted["unit"]): Totals {
    const view = this.#steps.get(step);
    return view === undefined ? { done: 0, total: 0, bytes: 0 } : totalsOf(view, unit);
  }

  #heading(nowMs: number): Line {
    const active = [...this.#steps].filter(([step, { isOver }]) => step !== "run" && !isOver).map(([step]) => step);
    const steps = active.length === 0 ? "" : `  ${active.join(", ")}`;
    return { tone: "plain", text: `• ${this.#pipelineName}${steps}  ${clockText(nowMs - this.#startedMs)}` };
  }

  #partsOf(step: ShownStep, view: StepView, nowMs: number): readonly Line[] {
    if (step === "load") {
      return [...this.#jobs.values()].map(({ jobId, startedMs, attempts }) => {
        const again = attempts === 1 ? "" : `  attempt ${attempts}`;
        return { tone: "plain", text: `    ${jobId}  ${secondsText(nowMs - startedMs)}${again}` };
      });
    }
    const rows = [...view.open.values()].filter(({ unit, done }) => unit === "rows" && done > 0);
    return rows.map((count) => ({ tone: "plain", text: `    ${count.name}  ${amountText(count, nowMs)}` }));
  }
}

/** Only their number is shown. */
const mostTables = 100_000;

function stepLine(step: ShownStep, view: StepView): Line {
  const unit = { extract: "resources", normalize: "chunks", load: "jobs" }[step] as Counted["unit"];
  const parts = totalsOf(view, unit);
  const of = parts.total > 0 ? `${parts.done}/${parts.total} ${unit}` : countText(parts.done, unit.slice(0, -1));
  const rows = step === "load" ? null : totalsOf(view, "rows");
  const failed = totalsOf(view, "failed jobs").done;
  const texts = [
    of,
    ...(failed > 0 ? [countText(failed, "failed job")] : []),
    ...(rows === null ? [] : [countText(rows.done, "row")]),
    bytesText(step === "extract" ? (rows?.bytes ?? 0) : parts.bytes),
  ];
  const isOver = view.isOver && [...view.open].length === 0;
  return { tone: isOver ? "dim" : "plain", text: `  ${step.padEnd(9)}  ${texts.join("  ")}` };
}

function amountText({ done, bytes, beganMs }: OpenCount, nowMs: number): string {
  const size = bytes === null ? [] : [bytesText(bytes)];
  return [countText(done, "row"), ...size, rateText(done, nowMs - beganMs)].join("  ");
}

function totalsOf({ open, closed }: StepView, unit: Counted["unit"]): Totals {
  let totals = closed.get(unit) ?? { done: 0, total: 0, bytes: 0 };
  for (const count of open.values()) if (count.unit === unit) totals = added(totals, count);
  return totals;
}

function added(totals: Totals | undefined, { done, total, bytes }: Counted): Totals {
  const { done: doneBefore = 0, total: totalBefore = 0, bytes: bytesBefore = 0 } = totals ?? {};
  return { done: doneBefore + done, total: totalBefore + (total ?? 0), bytes: bytesBefore + (bytes ?? 0) };
}
