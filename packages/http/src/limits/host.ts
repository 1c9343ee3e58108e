import { onAbort } from "../on-abort.js";
import type { HttpRuntime } from "../runtime.js";
import { type KnownQuota, Quota, type Refusal } from "./quota.js";
import type { QuotaReport } from "./quota-headers.js";

/** Whose request it is, and what its client allows. */
export interface Demand {
  /** Tells apart those whose requests the server counts by themselves. */
  readonly account: string;
  readonly knownQuota: KnownQuota | null;
  /** It was sent before, and goes before those that were not: a server that refused it should not have to do so again. */
  readonly isRepeated: boolean;
  /** Requests that may be under way to the host at the same time. */
  readonly maxConcurrent: number;
  /** Whether to heed what answers say of their quota. */
  readonly learns: boolean;
  /** The error for a wait that is too long; `null`: it is not. */
  refuse(delayMs: number): Error | null;
  readonly signal: AbortSignal;
}

/** Leave to send one request. */
export interface Turn {
  /** Milliseconds that were waited for it. */
  readonly waitedMs: number;
  /** The head of the answer is there. */
  answered(outcome: { readonly report: QuotaReport | null; readonly refusal: Refusal | null }): void;
  /** The answer is complete, or there is none. May be called again, without effect. */
  ended(): void;
}

interface Waiting {
  readonly demand: Demand;
  readonly sinceMs: number;
  resolve(turn: Turn): void;
  reject(error: unknown): void;
}

/** The requests to one host: in the order in which they came, repeated ones first, as many as its quotas and the clients allow. */
export class Host {
  readonly #runtime: HttpRuntime;
  readonly #quotas = new Map<string, Quota>();
  #waiting: Waiting[] = [];
  #underWay = 0;
  #alarm: { readonly atMs: number; readonly stop: AbortController } | null = null;

  constructor(runtime: HttpRuntime) {
    this.#runtime = runtime;
  }

  /** Waits until a request may be sent. @throws what aborted the signal, and what `refuse` gives */
  turn(demand: Demand): Turn | Promise<Turn> {
    const { signal } = demand;
    const sinceMs = this.#runtime.nowMs();
    // The usual way, for which nobody has to wait.
    if (this.#waiting.length === 0 && !signal.aborted && this.#delayMs(demand, sinceMs) <= 0 && this.#hasRoom(demand))
      return this.#begin({ demand, sinceMs }, sinceMs);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        demand,
        sinceMs,
        resolve: (turn) => {
          forget();
          resolve(turn);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      };
      const firstNew = demand.isRepeated ? this.#waiting.findIndex((each) => !each.demand.isRepeated) : -1;
      this.#waiting.splice(firstNew < 0 ? this.#waiting.length : firstNew, 0, waiting);
      const forget = onAbort(signal, () => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(signal.reason);
        this.#next();
      });
      this.#next();
    });
  }

  /** Gives leave to all who may go, and wakes up when the next one may. */
  #next(): void {
    if (this.#waiting.length === 0 && this.#alarm === null) return;
    const nowMs = this.#runtime.nowMs();
    let soonestMs = Number.POSITIVE_INFINITY;
    const staying: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const { demand } = waiting;
      const delayMs = this.#delayMs(demand, nowMs);
      const error = Number.isFinite(delayMs) ? demand.refuse(delayMs) : null;
      if (error !== null) waiting.reject(error);
      else if (delayMs <= 0 && this.#hasRoom(demand)) waiting.resolve(this.#begin(waiting, nowMs));
      else {
        staying.push(waiting);
        if (delayMs > 0) soonestMs = Math.min(soonestMs, delayMs);
      }
    }
    this.#waiting = staying;
    this.#setAlarm(Number.isFinite(soonestMs) ? nowMs + soonestMs : null, nowMs);
  }

  /** Milliseconds that the quota has a request wait. */
  #delayMs({ account, knownQuota, learns }: Demand, nowMs: number): number {
    return learns || knownQuota !== null ? this.#quotaOf(account).delayMs(nowMs, knownQuota) : 0;
  }

  #hasRoom({ maxConcurrent }: Demand): boolean {
    return this.#underWay < maxConcurrent;
  }

  #begin({ demand, sinceMs }: Pick<Waiting, "demand" | "sinceMs">, nowMs: number): Turn {
    const { account, knownQuota, learns } = demand;
    const quota = this.#quotaOf(account);
    quota.sent(nowMs);
    this.#underWay++;
    let isAnswered = false;
    let hasEnded = false;
    return {
      waitedMs: nowMs - sinceMs,
      answered: ({ report, refusal }) => {
        isAnswered = true;
        const answeredAtMs = this.#runtime.nowMs();
        quota.answered(learns ? report : null, answeredAtMs, knownQuota);
        if (refusal === null) quota.taken(answeredAtMs);
        else quota.refused(refusal, answeredAtMs);
        this.#next();
      },
      ended: () => {
        if (hasEnded) return;
        hasEnded = true;
        this.#underWay--;
        if (!isAnswered) quota.failed(this.#runtime.nowMs(), knownQuota);
        this.#next();
      },
    };
  }

  #setAlarm(atMs: number | null, nowMs: number): void {
    if (this.#alarm !== null && this.#alarm.atMs === atMs) return;
    this.#alarm?.stop.abort();
    this.#alarm = null;
    if (atMs === null) return;
    const alarm = { atMs, stop: new AbortController() };
    this.#alarm = alarm;
    this.#runtime.wait(Math.min(atMs - nowMs, longestTimerMs), alarm.stop.signal).then(
      () => {
        if (this.#alarm === alarm) this.#alarm = null;
        this.#next();
      },
      () => undefined,
    );
  }

  #quotaOf(account: string): Quota {
    const known = this.#quotas.get(account);
    if (known !== undefined) return known;
    const quota = new Quota();
    this.#quotas.set(account, quota);
    return quota;
  }
}

// Longer timers of the platform end at once; whoever waits longer looks again then.
const longestTimerMs = 2 ** 31 - 1;

const hostsByRuntime = new WeakMap<HttpRuntime, Map<string, Host>>();

/** The host of an address, e.g. `https://api.github.com`: one for all clients of a runtime. */
export function hostOf(runtime: HttpRuntime, origin: string): Host {
  const hosts = hostsByRuntime.get(runtime) ?? new Map<string, Host>();
  hostsByRuntime.set(runtime, hosts);
  const host = hosts.get(origin) ?? new Host(runtime);
  hosts.set(origin, host);
  return host;
}
