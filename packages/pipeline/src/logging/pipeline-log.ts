import type { RuntimeSettings } from "../config/engine-settings.js";
import type { ProgressSink } from "../progress/progress.js";
import type { PipelineRuntime } from "../runtime.js";
import { eventLog } from "./event-log.js";
import { logFormat } from "./log-format.js";
import { isSevereEnough, type Logger, type LogSink } from "./log-record.js";
import { redacted } from "./redacted.js";
import { logWarnings } from "./warning-log.js";

/**
 * The log of a pipeline: into a logger of the application, or as lines on the standard error where `[runtime]` sets a level or a format;
 * otherwise `null`. By hand, because the layout of the lines is that of Python dlt, which loggers do not have; what is left then is a
 * comparison of levels. pino alone would take 30 ms to import.
 */
export function pipelineLog(options: {
  readonly pipelineName: string;
  readonly runtime: PipelineRuntime;
  readonly settings: Pick<RuntimeSettings, "logLevel" | "logFormat">;
  readonly logger: Logger | undefined;
  /** That no line may show. */
  readonly secrets: () => readonly string[];
}): ProgressSink | null {
  const { logger, settings } = options;
  const isAskedFor = logger !== undefined || settings.logLevel !== undefined || settings.logFormat !== undefined;
  const log = isAskedFor ? redacted(logger === undefined ? lines(options) : loggerSink(logger), options.secrets) : null;
  logWarnings(log);
  return log === null ? null : eventLog(log);
}

function lines(options: Parameters<typeof pipelineLog>[0]): LogSink {
  const { pipelineName, runtime, settings } = options;
  const { logLevel: least = "WARNING" } = settings;
  const format = logFormat(settings.logFormat, { pipelineName, env: runtime.env });
  return (record) => {
    if (!isSevereEnough(record.level, least)) return;
    runtime.print(format(record, new Date(Number(runtime.nowMicros() / 1000n))));
  };
}

function loggerSink(logger: Logger): LogSink {
  const methods = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error", CRITICAL: "fatal" } as const;
  return ({ level, message, fields }) => {
    const method = methods[level];
    if (method === "fatal" && logger.fatal === undefined) logger.error(fields, message);
    else logger[method]?.(fields, message);
  };
}
