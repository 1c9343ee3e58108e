import { type ConfigOf, type ConfigSpec, type ErrorCode, setting } from "@dlt/core";
import { lookUpSettings } from "@dlt/core/engine";
import { optionInvalid } from "./errors.js";
import type { KnownQuota } from "./limits/quota.js";
import type { RetryCondition } from "./send/retry-rules.js";

/** How long a request may take. Infinity: as long as it likes. */
export interface Timeouts {
  /** Until the answer begins: to connect, to send, and to wait for it. Default: `request_timeout` of `[runtime]`, 60 s. */
  readonly responseMs?: number;
  /** Between two pieces of the body. Default: the same. */
  readonly idleMs?: number;
  /** For all of it, with attempts and waits; of `paginate`, for each page. Default: none. */
  readonly totalMs?: number;
}

export interface RetryOptions {
  /** Attempts in all; 0 and 1 are one. Default: `request_max_attempts` of `[runtime]`, 5. */
  readonly maxAttempts?: number;
  /** The first wait; each further one is twice as long. Default: `request_backoff_factor` of `[runtime]`, 1 s. */
  readonly backoffMs?: number;
  /** Longest wait, also of those that a server asks for. Default: `request_max_retry_delay` of `[runtime]`, 300 s. */
  readonly maxDelayMs?: number;
  /** Part of a wait, from 0 to 1, of which a random share is left out. Never of one that a server asks for. Default: 0. */
  readonly jitter?: number;
  /** Default: 429 and 500 to 599. Empty: none. */
  readonly statusCodes?: readonly number[];
  /** Codes of errors. Default: broken connections and bodies, unknown hosts, timeouts. Empty: none. */
  readonly exceptions?: readonly ErrorCode[];
  /** Asked after each attempt beside these rules; one that says yes is enough. */
  readonly condition?: RetryCondition | readonly RetryCondition[];
  /** Default: true. */
  readonly respectRetryAfterHeader?: boolean;
  /** Methods that are sent again. Default: all. */
  readonly methods?: readonly string[];
}

export interface RateLimitOptions {
  /** Requests in any stretch of `perMs`; both or neither. Default: what answers say. */
  readonly requests?: number;
  readonly perMs?: number;
  /** Learn from what answers say of their quota, so that a server need not refuse. Default: true. */
  readonly learn?: boolean;
  /** Longest wait for a quota; a longer one is an error. Default: one hour. */
  readonly maxWaitMs?: number;
}

/** How a client sends, once its options and the configuration are known. */
export interface SendSettings {
  readonly timeouts: Required<Timeouts>;
  readonly retry: Omit<Required<RetryOptions>, "condition"> & { readonly conditions: readonly RetryCondition[] };
  readonly quota: { readonly known: KnownQuota | null; readonly learns: boolean; readonly maxWaitMs: number };
  readonly maxConcurrent: number;
  readonly maxBodyBytes: number;
  /** Characters of a refused request's body that its error shows; 0: none. */
  readonly errorBodyLength: number;
}

/** The options of a client that say how it sends. */
export interface SendOptions {
  readonly timeouts?: Timeouts | undefined;
  readonly retry?: RetryOptions | undefined;
  readonly rateLimit?: RateLimitOptions | undefined;
  /** Requests that may be under way to a host at the same time, of all clients of the process. Default: 50. */
  readonly concurrency?: number | undefined;
  /** Largest body that is held as a whole, decompressed. Default: 256 MiB. */
  readonly maxBodyBytes?: number | undefined;
}

const runtimeSpec = {
  requestTimeout: setting({ default: 60, key: "runtime.request_timeout" }),
  requestMaxAttempts: setting({ default: 5, key: "runtime.request_max_attempts" }),
  requestBackoffFactor: setting({ default: 1, key: "runtime.request_backoff_factor" }),
  requestMaxRetryDelay: setting({ default: 300, key: "runtime.request_max_retry_delay" }),
  httpShowErrorBody: setting({ default: false, key: "runtime.http_show_error_body" }),
  httpMaxErrorBodyLength: setting({ default: 8192, key: "runtime.http_max_error_body_length" }),
} as const satisfies ConfigSpec;

const retriedExceptions: readonly ErrorCode[] = [
  "HTTP_CONNECTION_FAILED",
  "HTTP_HOST_NOT_FOUND",
  "HTTP_TIMEOUT",
  "HTTP_BODY_CUT",
];
const retriedStatuses = [429, ...Array.from({ length: 100 }, (_, index) => 500 + index)];
const allMethods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Options with what the configuration says in the place of those that are not given: `[runtime]`.
 * @throws SourceError `HTTP_OPTION_INVALID`; ConfigError for a setting that cannot be read
 */
export function sendSettings(options: SendOptions): SendSettings {
  const found = lookUpSettings({ owner: "The HTTP client", sections: ["runtime"], spec: runtimeSpec, given: {} });
  const configured = found as ConfigOf<typeof runtimeSpec>;
  const { timeouts = {}, retry = {}, rateLimit = {} } = options;
  const timeoutMs = aboveZero("runtime.request_timeout", configured.requestTimeout) * 1000;
  const { condition = [] } = retry;
  return {
    timeouts: {
      responseMs: aboveZero("timeouts.responseMs", timeouts.responseMs ?? timeoutMs),
      idleMs: aboveZero("timeouts.idleMs", timeouts.idleMs ?? timeoutMs),
      totalMs: aboveZero("timeouts.totalMs", timeouts.totalMs ?? Number.POSITIVE_INFINITY),
    },
    retry: {
      maxAttempts: Math.max(1, fromZero("retry.maxAttempts", retry.maxAttempts ?? configured.requestMaxAttempts)),
      backoffMs: fromZero("retry.backoffMs", retry.backoffMs ?? configured.requestBackoffFactor * 1000),
      maxDelayMs: fromZero("retry.maxDelayMs", retry.maxDelayMs ?? configured.requestMaxRetryDelay * 1000),
      jitter: share("retry.jitter", retry.jitter ?? 0),
      statusCodes: retry.statusCodes ?? retriedStatuses,
      exceptions: retry.exceptions ?? retriedExceptions,
      conditions: typeof condition === "function" ? [condition] : condition,
      respectRetryAfterHeader: retry.respectRetryAfterHeader ?? true,
      methods: (retry.methods ?? allMethods).map((method) => method.toUpperCase()),
    },
    quota: {
      known: knownQuota(rateLimit),
      learns: rateLimit.learn ?? true,
      maxWaitMs: fromZero("rateLimit.maxWaitMs", rateLimit.maxWaitMs ?? 3_600_000),
    },
    maxConcurrent: aboveZero("concurrency", options.concurrency ?? 50),
    maxBodyBytes: aboveZero("maxBodyBytes", options.maxBodyBytes ?? 256 * 2 ** 20),
    errorBodyLength: configured.httpShowErrorBody ? configured.httpMaxErrorBodyLength : 0,
  };
}

function knownQuota({ requests, perMs }: RateLimitOptions): KnownQuota | null {
  if (requests === undefined && perMs === undefined) return null;
  return {
    requests: aboveZero("rateLimit.requests", requests),
    perMs: aboveZero("rateLimit.perMs", perMs),
  };
}

function aboveZero(option: string, value: number | undefined): number {
  if (typeof value !== "number" || !(value > 0)) throw optionInvalid(option, "a number above 0", { given: value });
  return value;
}

function fromZero(option: string, value: number): number {
  if (typeof value !== "number" || !(value >= 0)) throw optionInvalid(option, "a number from 0 up", { given: value });
  return value;
}

function share(option: string, value: number): number {
  if (typeof value !== "number" || !(value >= 0 && value <= 1))
    throw optionInvalid(option, "a number from 0 to 1", { given: value });
  return value;
}
