/** As Python dlt names them, so that settings can be shared; least severe first. */
export const logLevels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Something to be logged. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  /** Plain data that says more than the message, names in snake_case. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Takes records, whatever their level. */
export type LogSink = (record: LogRecord) => void;

/**
 * A logger of the application, such as one of pino, or anything with its methods. It decides which levels it keeps. `CRITICAL` goes to
 * `fatal`, or to `error` where there is none.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  fatal?(fields: object, message: string): void;
}

export function isSevereEnough(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(least);
}
