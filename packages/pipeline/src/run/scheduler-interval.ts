import { type CalendarDate, kindOf, SourceError, Timestamp } from "@dlt/core";
import { type Interval, midnight, parseIso } from "@dlt/core/engine";
import type { PipelineRuntime } from "../runtime.js";

/** The interval that a run reads, as a scheduler gives it: from `start` up to `end`. */
export interface RunInterval {
  /** ISO 8601, in UTC where there is no zone. An interval needs both ends: with one of them it counts as none. */
  readonly start?: string | Date | Timestamp;
  readonly end?: string | Date | Timestamp;
  /** True: all cursors of the run take the interval; false: none does. Default: as each cursor says. */
  readonly allowExternalSchedulers?: boolean;
}

interface IntervalPlace {
  readonly start: { readonly name: string; readonly value: unknown };
  readonly end: { readonly name: string; readonly value: unknown };
  /** Given in code, where the zone is as it should be. */
  readonly isCode: boolean;
}

export interface FoundInterval {
  /** `null`: no place has both ends. */
  readonly interval: Interval | null;
  /** Names of ends whose other end is missing. */
  readonly halves: readonly string[];
}

/**
 * The interval of a run from the first place that has both ends: code, arguments of the program, `DLT_INTERVAL_START` and
 * `DLT_INTERVAL_END`, then what Airflow exports once it is told to. All but that of code is seen from `DLT_INTERVAL_TIMEZONE`.
 *
 * @throws SourceError `INTERVAL_INVALID`
 */
export function schedulerInterval(
  given: RunInterval | undefined,
  { argv, env }: Pick<PipelineRuntime, "argv" | "env">,
): FoundInterval {
  const variables = (prefix: string): IntervalPlace => ({
    start: { name: `${prefix}_START`, value: env[`${prefix}_START`] },
    end: { name: `${prefix}_END`, value: env[`${prefix}_END`] },
    isCode: false,
  });
  const places: readonly IntervalPlace[] = [
    {
      start: { name: "interval.start", value: given?.start },
      end: { name: "interval.end", value: given?.end },
      isCode: true,
    },
    {
      start: { name: "--interval-start", value: argument(argv, "--interval-start") },
      end: { name: "--interval-end", value: argument(argv, "--interval-end") },
      isCode: false,
    },
    variables("DLT_INTERVAL"),
    variables("AIRFLOW_CTX_DATA_INTERVAL"),
  ];
  const halves: string[] = [];
  for (const place of places) {
    const ends = [place.start, place.end].filter(({ value }) => value !== undefined && value !== null && value !== "");
    if (ends.length === 2) return { interval: intervalOf(place, env["DLT_INTERVAL_TIMEZONE"]), halves };
    halves.push(...ends.map(({ name }) => name));
  }
  return { interval: null, halves };
}

function intervalOf({ start, end, isCode }: IntervalPlace, zone: string | undefined): Interval {
  const interval = { start: instantOf(start), end: instantOf(end) };
  if (interval.end.micros < interval.start.micros) {
    throw new SourceError("INTERVAL_INVALID", `The interval of the run ends before it starts.`, {
      hint: `Give \`${end.name}\` a time that is not before that of \`${start.name}\`.`,
      context: { start: String(interval.start), end: String(interval.end) },
    });
  }
  if (isCode || zone === undefined || zone === "") return interval;
  return { start: inZone(interval.start, zone), end: inZone(interval.end, zone) };
}

/** The last value of an argument, `--name value` or `--name=value`. */
function argument(argv: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  argv.forEach((part, index) => {
    if (part === name) value = argv[index + 1];
    else if (part.startsWith(`${name}=`)) value = part.slice(name.length + 1);
  });
  return value;
}

function instantOf({ name, value }: IntervalPlace["start"]): Timestamp {
  const instant = timeOf(value);
  if (instant === null) {
    throw new SourceError("INTERVAL_INVALID", `\`${name}\` is no time: \`${String(value)}\`.`, {
      hint: "Give it in ISO 8601, e.g. `2024-01-02T00:00:00Z`.",
      context: { name },
    });
  }
  const { seconds, microseconds, offsetMinutes } = instant;
  return new Timestamp({ seconds, microseconds, offsetMinutes: offsetMinutes ?? 0 });
}

function timeOf(value: unknown): Timestamp | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : Timestamp.fromDate(value);
  const parsed = typeof value === "string" ? parseIso(value.trim()) : value;
  const kind = typeof parsed === "object" && parsed !== null ? kindOf(parsed) : undefined;
  if (kind === "date") return midnight(parsed as CalendarDate);
  return kind === "timestamp" ? (parsed as Timestamp) : null;
}

/** The same instant with the offset that a zone, such as `Europe/Berlin`, has then. */
function inZone({ seconds, microseconds }: Timestamp, zone: string): Timestamp {
  return new Timestamp({ seconds, microseconds, offsetMinutes: zoneOffset(seconds * 1000, zone) });
}

/** Minutes east of UTC. */
function zoneOffset(atMs: number, zone: string): number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch (error) {
    throw new SourceError("INTERVAL_INVALID", `\`DLT_INTERVAL_TIMEZONE\` is no time zone: \`${zone}\`.`, {
      hint: "Give a name of the IANA database, e.g. `Europe/Berlin`.",
      context: { name: "DLT_INTERVAL_TIMEZONE" },
      cause: error,
    });
  }
  const name = format.formatToParts(atMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0"] = /([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
