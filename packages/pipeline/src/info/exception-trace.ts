import { isDltError } from "@dlt/core";

/** An error of a step, or the cause of one. */
export interface ExceptionTrace {
  /** `null` for an error from elsewhere whose message no error of this library tells: it may show rows or secrets. */
  readonly message: string | null;
  /** Name of its class. */
  readonly exceptionType: string;
  /** Stable and searchable; `null` for an error from elsewhere. */
  readonly code: string | null;
  /** Lines of the stack, innermost call first. */
  readonly stackTrace: readonly string[];
  /** An error of this library that trying again does not mend. */
  readonly isTerminal: boolean;
  /** Where it happened: names, positions and rules. */
  readonly exceptionAttrs: Readonly<Record<string, string | number | boolean | null>>;
}

/** Causes of causes are followed this far. */
const maxDepth = 20;

/** An error and its causes, outermost first. `hide` takes secrets out of messages. */
export function exceptionTraces(
  error: unknown,
  hide: (text: string) => string = (text) => text,
): readonly ExceptionTrace[] {
  const traces: ExceptionTrace[] = [];
  let told = "";
  for (let each = error; each instanceof Error && traces.length < maxDepth; each = each.cause) {
    const known = isDltError(each) ? each : null;
    if (known !== null) told += hide(known.message);
    const message = hide(each.message);
    traces.push({
      message: known !== null || told.includes(message) ? message : null,
      exceptionType: each.name,
      code: known?.code ?? null,
      stackTrace: stackLines(each),
      isTerminal: known !== null && !known.retryable,
      exceptionAttrs: known?.context ?? {},
    });
  }
  return traces;
}

/** Without the lines before the first call, which repeat the message. */
function stackLines({ stack = "" }: Error): readonly string[] {
  const lines = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return lines.map((line) => line.trim());
}

export function exceptionDict(trace: ExceptionTrace): Readonly<Record<string, unknown>> {
  const { exceptionAttrs: attrs } = trace;
  return {
    message: trace.message,
    exception_type: trace.exceptionType,
    code: trace.code,
    stack_trace: trace.stackTrace,
    is_terminal: trace.isTerminal,
    exception_attrs: JSON.stringify(attrs),
    load_id: attrs["loadId"] ?? attrs["load"] ?? null,
    pipeline_name: attrs["pipelineName"] ?? null,
    source_name: attrs["source"] ?? null,
    resource_name: attrs["resource"] ?? null,
    job_id: attrs["jobId"] ?? attrs["job"] ?? null,
  };
}
