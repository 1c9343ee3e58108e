import type { LogRecord, LogSink } from "./log-record.js";

/** A log that no secret of the configuration gets into, wherever it comes from. */
export function redacted(log: LogSink, secrets: () => readonly string[]): LogSink {
  return ({ level, message, fields }) => {
    const known = secrets();
    const hide = (text: string): string => known.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
    log({ level, message: hide(message), fields: withTexts(fields, hide) as LogRecord["fields"] });
  };
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => withTexts(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withTexts(each, change)]));
}
