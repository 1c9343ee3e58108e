import { libraryVersion } from "../info/library-version.js";
import type { LogRecord } from "./log-record.js";

/** Makes the line of a record. */
export type LogFormat = (record: LogRecord, at: Date) => string;

/** What all lines of a pipeline have in common. */
export interface LogPlace {
  readonly pipelineName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const severity = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const;

/** Fields of a format in Python's style. Places in the code of Python have none here. */
const fieldTexts: Readonly<Record<string, (record: LogRecord, at: Date, place: LogPlace) => string>> = {
  asctime: (_record, at) => localTime(at),
  created: (_record, at) => String(at.getTime() / 1000),
  levelname: ({ level }) => level,
  levelno: ({ level }) => String(severity[level]),
  message: (record) => withFields(record),
  name: () => loggerName,
  process: () => String(process.pid),
  processName: () => process.title,
  thread: () => threadName,
  threadName: () => threadName,
  pipeline_name: (_record, _at, { pipelineName }) => pipelineName,
  filename: () => "-",
  funcName: () => "-",
  lineno: () => "0",
  module: () => "-",
};

const loggerName = "dlt";
const threadName = "main";

const defaultFormat = "{asctime}|[{levelname}]|{process}|{name}|{pipeline_name}|{message}";

/** @throws TypeError for a field that there is not */
export function checkLogFormat(format: string): string {
  if (format === "JSON") return format;
  if (format.toLowerCase() === "json")
    throw new TypeError("expected `JSON` in capitals, or a format such as `{levelname} {message}`");
  for (const [, name = ""] of format.matchAll(placeholder)) {
    if (name !== "" && !Object.hasOwn(fieldTexts, name)) {
      throw new TypeError(`expected fields of ${Object.keys(fieldTexts).join(", ")}; there is no \`${name}\``);
    }
  }
  return format;
}

/** `{{`, `}}`, or a field in braces; what Python has behind its name (`:<8`) counts for nothing. */
const placeholder = /\{\{|\}\}|\{(\w+)(?:[!:][^}]*)?\}/g;

/** The lines of a format that `checkLogFormat` let pass. */
export function logFormat(format: string | undefined, place: LogPlace): LogFormat {
  if (format === "JSON") return (record, at) => jsonLine(record, at, place);
  const text = format ?? defaultFormat;
  return (record, at) =>
    text.replace(placeholder, (whole, name: string | undefined) =>
      name === undefined ? (whole[0] ?? "") : (fieldTexts[name]?.(record, at, place) ?? ""),
    );
}

function withFields({ message, fields }: LogRecord): string {
  return Object.keys(fields).length === 0 ? message : `${message}: ${JSON.stringify(fields)}`;
}

/** One object a line, in the names of Python dlt. */
function jsonLine({ level, message, fields }: LogRecord, at: Date, { pipelineName, env }: LogPlace): string {
  return JSON.stringify({
    ...fields,
    written_at: at.toISOString(),
    written_ts: at.getTime() * 1_000_000,
    component_name: pipelineName,
    process: process.pid,
    msg: message.replace(/[\n\r\t]/g, "_"),
    type: "log",
    logger: loggerName,
    thread: threadName,
    level,
    version: {
      dlt_version: libraryVersion(),
      pipeline_name: pipelineName,
      ...(env["COMMIT_SHA"] && { commit_sha: env["COMMIT_SHA"] }),
      ...(env["IMAGE_VERSION"] && { image_version: env["IMAGE_VERSION"] }),
    },
  });
}

/** `2026-01-31 12:00:00,123`, in the time zone of the process. */
function localTime(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString();
  return local.replace("T", " ").replace(".", ",").slice(0, -1);
}
