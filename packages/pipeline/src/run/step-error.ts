import { DltError, isDltError, PackageError } from "@dlt/core";
import { storageError, systemErrorCode } from "../workspace/storage-error.js";

export type PipelineStep = "sync" | "extract" | "normalize" | "load";

/** What is known when a step fails. */
export interface FailedStep {
  readonly pipelineName: string;
  readonly step: PipelineStep;
  /** `null`: the step had not begun with a package, or works on several. */
  readonly loadId: string | null;
  /** Earlier epochs of the run were committed. */
  readonly keptEpochs: boolean;
  /** Load ids of packages that wait to be normalized or loaded; `null` when they could not be read. */
  readonly pending: readonly string[] | null;
  /** Part of the package `loadId` is at the destination already; its rows do not count before the load is complete. */
  readonly partiallyLoaded: boolean;
  /** Somebody asked it to stop. */
  readonly wasStopped: boolean;
  /** Hides the secrets of the configuration, which messages from elsewhere may have. Default: there are none. */
  hide?(text: string): string;
}

/**
 * A step of a pipeline failed. `code`, `family` and `retryable` are those of the error that made it fail, which is the
 * `cause`; the message adds where it happened, and what is pending and safe.
 */
export class PipelineStepError extends DltError {
  override readonly name = "PipelineStepError";
  readonly pipelineName: string;
  readonly step: PipelineStep;
  readonly loadId: string | null;
  readonly pendingLoadIds: readonly string[];
  readonly isPackagePartiallyLoaded: boolean;

  constructor(failed: FailedStep, cause: unknown) {
    const known = failed.wasStopped ? stopped() : knownError(cause, failed.step);
    const { pipelineName, step, loadId, hide = (text: string) => text } = failed;
    const hint = hintOf(known, step);
    super(known.family, known.code, hide(stepMessage(failed, known.message)), {
      ...(hint !== undefined && { hint }),
      context: { ...known.context, pipelineName, step, ...(loadId !== null && { loadId }) },
      retryable: known.retryable,
      cause,
    });
    this.pipelineName = pipelineName;
    this.step = step;
    this.loadId = loadId;
    this.pendingLoadIds = failed.pending ?? [];
    this.isPackagePartiallyLoaded = failed.partiallyLoaded;
  }
}

/** Rows that do not fit stay in their package, together with the hints that they were extracted with. */
function hintOf({ family, hint }: DltError, step: PipelineStep): string | undefined {
  if (family !== "schema" || step !== "normalize") return hint;
  return `${hint ?? "Correct the source or its hints."} Then call \`dropPending()\`, and run again: the rows are fetched anew.`;
}

/** An error of the library as it is; anything else as one that says where it came from. */
function knownError(cause: unknown, step: PipelineStep): DltError {
  if (isDltError(cause)) return cause;
  if (systemErrorCode(cause) !== null) {
    const translated = storageError(cause, { action: "write", path: "the working folder" });
    if (isDltError(translated)) return translated;
  }
  return new DltError(step === "extract" ? "source" : "internal", stepCodes[step], String(cause), {
    hint: "Look at the stack of the `cause`: it leads to the connector or the part of the library that failed. Correct or report that, and run again.",
    cause,
  });
}

/** Somebody asked the call to stop. */
export function stopped(): PackageError {
  return new PackageError("PIPELINE_STOPPED", "The run was stopped.", {
    hint: "Run again to go on: what was committed is kept.",
  });
}

const stepCodes = {
  sync: "PIPELINE_SYNC_FAILED",
  extract: "PIPELINE_EXTRACT_FAILED",
  normalize: "PIPELINE_NORMALIZE_FAILED",
  load: "PIPELINE_LOAD_FAILED",
} as const;

function stepMessage(failed: FailedStep, message: string): string {
  const { pipelineName, step, loadId, partiallyLoaded } = failed;
  const where = loadId === null ? "" : ` with load package \`${loadId}\``;
  return [
    `Pipeline \`${pipelineName}\` failed in step \`${step}\`${where}: ${message}`,
    safety(failed),
    ...(partiallyLoaded
      ? [
          "Part of the package is at the destination; its rows count once the load is complete, and none is loaded twice.",
        ]
      : []),
  ].join("\n");
}

function safety({ step, pending, keptEpochs }: FailedStep): string {
  if (pending === null) return "Which packages are pending could not be read; what was committed is kept.";
  if (pending.length > 0) {
    return `Kept and taken up by the next run: ${pending.map((loadId) => `\`${loadId}\``).join(", ")}.`;
  }
  if (keptEpochs) return "What was read up to the last epoch is loaded, and the next run goes on behind it.";
  return step === "extract" ? "Nothing of this extract was kept, and the state is as it was." : "Nothing is pending.";
}
