/** What an answer says of the requests that are left. */
export interface QuotaReport {
  /** Requests that are left until `resetAtMs`. */
  readonly remaining: number;
  /** When there are more; `null` when the answer does not say. */
  readonly resetAtMs: number | null;
  /** It may be so much earlier: the answer was on its way. */
  readonly doubtMs: number;
}

/** When a request was sent, and when its answer came. */
export interface Exchanged {
  readonly sentAtMs: number;
  readonly nowMs: number;
}

type Told = Omit<QuotaReport, "doubtMs">;

/** How headers are called: `X-RateLimit-Remaining`, `X-Rate-Limit-Remaining`, and `RateLimit-Remaining` of the first drafts. */
const prefixes = ["x-ratelimit", "x-rate-limit", "ratelimit"] as const;

/**
 * Reads what an answer says of its quota: the headers above with `-Reset`, and `RateLimit` of
 * draft-ietf-httpapi-ratelimit-headers, in the form of version 7 (`limit=100, remaining=4, reset=5`) and later
 * (`"default";r=4;t=5`). `null`: nothing.
 */
export function quotaReport(headers: Headers, { sentAtMs, nowMs }: Exchanged): QuotaReport | null {
  const told = [structured(headers, nowMs), ...prefixes.map((prefix) => prefixed(headers, prefix, nowMs))];
  const reports = told.map((each) => (each === null ? null : { ...each, doubtMs: nowMs - sentAtMs }));
  // Where there are several quotas, the one that is used up first counts.
  return reports.reduce<QuotaReport | null>(
    (least, report) => (report !== null && (least === null || report.remaining < least.remaining) ? report : least),
    null,
  );
}

function prefixed(headers: Headers, prefix: string, nowMs: number): Told | null {
  const remaining = count(headers.get(`${prefix}-remaining`));
  if (remaining === null) return null;
  return {
    remaining,
    resetAtMs: resetTime(headers.get(`${prefix}-reset`), headers, nowMs),
  };
}

function structured(headers: Headers, nowMs: number): Told | null {
  const text = headers.get("ratelimit");
  if (text === null) return null;
  const numbers = (source: string, name: string): readonly number[] =>
    [...source.matchAll(new RegExp(`(?:^|[,;\\s])${name}=(\\d+)`, "gi"))].map(([, digits]) => Number(digits));
  const remaining = [...numbers(text, "r"), ...numbers(text, "remaining")];
  const least = remaining.indexOf(Math.min(...remaining));
  const left = remaining[least];
  if (left === undefined) return null;
  const reset = [...numbers(text, "t"), ...numbers(text, "reset")][least];
  return { remaining: left, resetAtMs: reset === undefined ? null : nowMs + reset * 1000 };
}

/** `100`; of several, as `100, 100;w=60`, the first. */
function count(text: string | null): number | null {
  const [digits] = /^\s*\d+(?:\.\d+)?/.exec(text ?? "") ?? [];
  return digits === undefined ? null : Math.floor(Number(digits));
}

// Seconds from now are fewer than those since 1970, and these fewer than milliseconds since 1970.
const leastUnixSeconds = 1e9;
const leastUnixMilliseconds = 1e12;

/** A time as seconds from now, as seconds or milliseconds since 1970 by the clock of the server, or as a date. */
function resetTime(text: string | null, headers: Headers, nowMs: number): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  if (Number.isNaN(value)) return onOwnClock(Date.parse(text), headers, nowMs);
  if (value < 0) return nowMs;
  if (value < leastUnixSeconds) return nowMs + value * 1000;
  return onOwnClock(value < leastUnixMilliseconds ? value * 1000 : value, headers, nowMs);
}

/** A time of the server's clock, which the `Date` of its answer tells. */
function onOwnClock(timeMs: number, headers: Headers, nowMs: number): number | null {
  if (Number.isNaN(timeMs)) return null;
  const serverMs = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(serverMs) ? timeMs : nowMs + (timeMs - serverMs);
}
