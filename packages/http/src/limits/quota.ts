import type { QuotaReport } from "./quota-headers.js";

/** A quota that is known before anything was sent: so many requests in any stretch of time. */
export interface KnownQuota {
  readonly requests: number;
  readonly perMs: number;
}

/** The server takes no more requests of an account for a while. */
export interface Refusal {
  readonly delayMs: number;
  /** The server said for how long. */
  readonly isHinted: boolean;
}

/** Resets that are told in whole seconds differ by so much from answer to answer. */
const sameResetMs = 1500;
/** A reset that is told in whole seconds may be up to a second early. */
const resetMarginMs = 1000;

/** What is known of the present stretch of a quota. */
interface Stretch {
  /** Fewest requests that an answer said were left: those under way may or may not have been counted then. */
  remaining: number;
  /** `null`: unknown. */
  resetAtMs: number | null;
  /** Most that are known to be left after a reset. */
  limit: number;
}

/**
 * The requests that a server takes from one account: how many are under way, and how long the next has to wait. Until the first answer is
 * there, one is sent alone, since its answer may tell how many there may be.
 */
export class Quota {
  #underWay = 0;
  #blockedUntilMs = 0;
  #isProbing = true;
  #stretch: Stretch | null = null;
  /** When answers came, oldest first, as far as the known quota counts them: the server saw the request before. */
  #answeredAtMs: number[] = [];

  /** Milliseconds until another request may be sent; infinity: not before one that is under way was answered. */
  delayMs(nowMs: number, known: KnownQuota | null): number {
    if (nowMs < this.#blockedUntilMs) return this.#blockedUntilMs - nowMs;
    if (this.#isProbing && this.#underWay > 0) return Number.POSITIVE_INFINITY;
    return Math.max(this.#learnedDelayMs(nowMs), known === null ? 0 : this.#knownDelayMs(nowMs, known));
  }

  sent(): void {
    this.#underWay++;
  }

  /** An answer has begun. `report`: what it says of the quota. */
  answered(report: QuotaReport | null, nowMs: number, known: KnownQuota | null): void {
    this.#ended(nowMs, known);
    if (report === null) {
      if (this.#stretch !== null) this.#stretch.remaining--;
      return;
    }
    const { remaining, resetAtMs, limit } = report;
    const stretch = this.#stretch;
    const most = Math.max(limit ?? 0, remaining + 1, stretch?.limit ?? 0);
    if (stretch === null || this.#isOver(stretch, nowMs) || isLater(resetAtMs, stretch.resetAtMs)) {
      this.#stretch = { remaining, resetAtMs, limit: limit ?? most };
    } else if (!isLater(stretch.resetAtMs, resetAtMs)) {
      stretch.remaining = Math.min(stretch.remaining, remaining);
      stretch.limit = limit ?? most;
      if (resetAtMs !== null) stretch.resetAtMs = Math.max(resetAtMs, stretch.resetAtMs ?? resetAtMs);
    }
  }

  /** A request came to nothing: whether the server has counted it is not known. */
  failed(nowMs: number, known: KnownQuota | null): void {
    this.#ended(nowMs, known);
    if (this.#stretch !== null) this.#stretch.remaining--;
  }

  /** An answer was no refusal: the server takes requests. */
  opened(): void {
    this.#isProbing = false;
  }

  /** The server refused a request: nothing is sent for a while, and then one at first unless it said for how long. */
  refused({ delayMs, isHinted }: Refusal, nowMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, nowMs + delayMs);
    if (isHinted) {
      // What was known of the stretch before is worth nothing behind the time that the server named.
      if (this.#stretch !== null) this.#stretch = { ...this.#stretch, remaining: this.#stretch.limit, resetAtMs: null };
    } else this.#isProbing = true;
  }

  #ended(nowMs: number, known: KnownQuota | null): void {
    this.#underWay--;
    if (known !== null) this.#answeredAtMs.push(nowMs);
  }

  #learnedDelayMs(nowMs: number): number {
    const stretch = this.#stretch;
    if (stretch === null) return 0;
    if (this.#isOver(stretch, nowMs)) this.#stretch = { ...stretch, remaining: stretch.limit, resetAtMs: null };
    const { remaining, resetAtMs } = this.#stretch ?? stretch;
    if (remaining > this.#underWay) return 0;
    if (remaining > 0 || resetAtMs === null) return this.#underWay > 0 ? Number.POSITIVE_INFINITY : 0;
    return resetAtMs + resetMarginMs - nowMs;
  }

  #knownDelayMs(nowMs: number, { requests, perMs }: KnownQuota): number {
    const counted = this.#answeredAtMs;
    while ((counted[0] ?? nowMs) + perMs <= nowMs && counted.length > 0) counted.shift();
    const surplus = counted.length + this.#underWay - requests;
    if (surplus < 0) return 0;
    const freed = counted[surplus];
    return freed === undefined ? Number.POSITIVE_INFINITY : freed + perMs - nowMs;
  }

  #isOver({ resetAtMs }: Stretch, nowMs: number): boolean {
    return resetAtMs !== null && nowMs >= resetAtMs + resetMarginMs;
  }
}

function isLater(resetAtMs: number | null, than: number | null): boolean {
  return resetAtMs !== null && than !== null && resetAtMs > than + sameResetMs;
}
