import type { LogRecord, LogSink } from "./log-record.js";

/** A log that no secret of the configuration gets into, wherever it comes from. */
export function redacted(log: LogSink, secrets: () => readonly string[]): LogSink {
  return ({ level, message, fields }) => {
    const known = secrets();
    const hide = (text: string): string => withoutSecrets(text, known);
    log({ level, message: hide(message), fields: withTexts(fields, hide) as LogRecord["fields"] });
  };
}

/** The text with `***` in place of each secret, also where it stands in an address. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]));
  // What is part of another one would leave the rest of that.
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => withTexts(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withTexts(each, change)]));
}
