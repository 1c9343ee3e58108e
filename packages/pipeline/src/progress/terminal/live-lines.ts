import type { ProgressSink } from "../progress.js";
import type { ProgressEvent } from "../progress-event.js";
import { DrawnLines } from "./drawn-lines.js";
import { terminalLook } from "./look.js";
import { RunView } from "./run-view.js";
import { sharedOutput } from "./shared-output.js";

/** What live lines are drawn on, such as `process.stderr` where it is a terminal. The size is asked for at each drawing. */
export interface ProgressTerminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Runs that are over sooner show nothing, and take nothing of what drawing needs. */
const firstDrawingMs = 300;
const drawingEveryMs = 125;

/**
 * Draws how far runs have come in a few lines at the end of the terminal, again and again in place. What the program prints meanwhile
 * stands above them. They go when the run ends, and leave one line.
 */
export function liveLines(terminal: ProgressTerminal, env: Readonly<Record<string, string | undefined>>): ProgressSink {
  const runs = new Map<string, RunView>();
  let lines: DrawnLines | null = null;
  let output: Disposable | null = null;
  let timer: NodeJS.Timeout | undefined;

  const open = async (): Promise<void> => {
    const { default: columnsOf } = await import("string-width");
    if (runs.size === 0 || lines !== null) return;
    const drawn = new DrawnLines(terminal, terminalLook(env, columnsOf));
    lines = drawn;
    output = sharedOutput(terminal, drawn);
    draw();
    timer = setInterval(draw, drawingEveryMs).unref();
  };
  const draw = (): void => {
    if (lines === null) return;
    const views = [...runs.values()];
    const rows = Math.floor(lines.maxRows / Math.max(1, views.length));
    lines.draw(views.flatMap((view) => view.lines(Math.max(1, rows), performance.now())));
  };
  const begin = (event: ProgressEvent): void => {
    if (runs.size === 0) timer = setTimeout(() => void open(), firstDrawingMs).unref();
    runs.set(event.runId, new RunView(event.pipelineName, performance.now()));
  };
  const end = (event: ProgressEvent): void => {
    const view = runs.get(event.runId);
    runs.delete(event.runId);
    if (lines !== null && view !== undefined) lines.leave(view.lastLine(performance.now()));
    if (runs.size > 0) return;
    clearTimeout(timer);
    output?.[Symbol.dispose]();
    [lines, output] = [null, null];
  };

  return {
    countsEveryMs: drawingEveryMs,
    take(events) {
      for (const event of events) {
        if (event.kind === "run-started") begin(event);
        runs.get(event.runId)?.note(event, performance.now());
        if (event.kind === "run-ended") end(event);
      }
    },
  };
}
