import type { QuotaReport } from "./quota-headers.js";

/** A quota of so many requests in any stretch of time. */
export interface KnownQuota {
  readonly requests: number;
  readonly perMs: number;
}

/** The server takes no more requests of an account for a while. */
export interface Refusal {
  /** For how long, where it says so. */
  readonly askedMs: number | null;
  /** For how long to leave it alone otherwise, when it has refused so many times in a row. */
  backoffMs(refusalsInRow: number): number;
}

/** Resets that are told in whole seconds differ by so much from answer to answer. */
const sameResetMs = 1500;
/** A reset that is told in whole seconds may be up to a second early. */
const resetMarginMs = 1000;
/** What a refusal showed counts for so many stretches; then it is tried whether there may be more. */
const stretchesToHeed = 5;

/**
 * The requests that a server takes from one account: how many are under way, and how long the next has to wait. It goes by what answers tell
 * of the quota, by refusals, and by a quota that is known before. At first, and when a quota has been renewed, one request is sent alone,
 * since its answer may tell how many there may be.
 */
export class Quota {
  #underWay = 0;
  #blockedUntilMs = 0;
  #refusalsInRow = 0;
  #isProbing = true;
  /** What answers tell: the fewest requests that one said were left. Those under way may or may not have been counted then. */
  #told: QuotaReport | null = null;
  /** What refusals of a server that tells nothing else have shown. */
  #shown: (KnownQuota & { readonly heededUntilMs: number }) | null = null;
  /** Since when requests are taken, and how many were. */
  #openedAtMs: number | null = null;
  #taken = 0;
  #isShowing = false;
  /** When answers came, oldest first, as far as they count: the server saw each request before. */
  #answeredAtMs: number[] = [];

  /** Milliseconds until another request may be sent; infinity: not before one that is under way was answered. */
  delayMs(nowMs: number, known: KnownQuota | null): number {
    if (nowMs < this.#blockedUntilMs) return this.#blockedUntilMs - nowMs;
    if (this.#isShowing) this.#learnFromRefusal();
    this.#forgetWhatIsOver(nowMs);
    if (this.#isProbing && this.#underWay > 0) return Number.POSITIVE_INFINITY;
    return Math.max(
      this.#toldDelayMs(nowMs),
      this.#countedDelayMs(nowMs, known),
      this.#countedDelayMs(nowMs, this.#shown),
    );
  }

  sent(nowMs: number): void {
    this.#underWay++;
    this.#openedAtMs ??= nowMs;
  }

  /** An answer has begun. `report`: what it tells of the quota. */
  answered(report: QuotaReport | null, nowMs: number, known: KnownQuota | null): void {
    this.#ended(nowMs, known);
    const told = this.#told;
    if (told === null || report === null) this.#told = report ?? oneLess(told);
    else if (isLater(report, told)) this.#told = report;
    else if (!isLater(told, report)) {
      const later = (report.resetAtMs ?? 0) > (told.resetAtMs ?? 0) ? report : told;
      this.#told = { ...later, remaining: Math.min(told.remaining, report.remaining) };
    }
  }

  /** A request came to nothing: whether the server has counted it is not known. */
  failed(nowMs: number, known: KnownQuota | null): void {
    this.#ended(nowMs, known);
    this.#told = oneLess(this.#told);
  }

  /** An answer was no refusal: the server takes requests. */
  taken(nowMs: number): void {
    this.#taken++;
    // One of before the last refusal says nothing of the time behind it.
    if (nowMs < this.#blockedUntilMs) return;
    this.#isProbing = false;
    this.#refusalsInRow = 0;
  }

  /** The server refused a request: nothing is sent for a while, and then one at first unless it said for how long. */
  refused({ askedMs, backoffMs }: Refusal, nowMs: number): void {
    // Those that were under way when the first was refused say nothing new.
    if (nowMs >= this.#blockedUntilMs) this.#refusalsInRow++;
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, nowMs + (askedMs ?? backoffMs(this.#refusalsInRow)));
    if (askedMs === null) this.#isProbing = true;
    else if (this.#told === null) this.#isShowing = true;
    // What was told before is worth nothing behind the time that the server named.
    else this.#told = null;
  }

  #ended(nowMs: number, known: KnownQuota | null): void {
    this.#underWay--;
    const longestMs = Math.max(known?.perMs ?? 0, this.#shown?.perMs ?? 0);
    const over = this.#answeredAtMs.findIndex((atMs) => atMs + longestMs > nowMs);
    this.#answeredAtMs.splice(0, over < 0 ? this.#answeredAtMs.length : over);
    if (longestMs > 0) this.#answeredAtMs.push(nowMs);
  }

  /** As many as were taken until the refusal are taken in as much time as it took until it was over. */
  #learnFromRefusal(): void {
    const endedMs = this.#blockedUntilMs;
    const perMs = endedMs - (this.#openedAtMs ?? endedMs);
    if (this.#taken > 0 && perMs > 0)
      this.#shown = { requests: this.#taken, perMs, heededUntilMs: endedMs + stretchesToHeed * perMs };
    this.#isShowing = false;
    this.#openedAtMs = endedMs;
    this.#taken = 0;
  }

  #forgetWhatIsOver(nowMs: number): void {
    if (this.#shown !== null && nowMs >= this.#shown.heededUntilMs) {
      this.#shown = null;
      this.#openedAtMs = nowMs;
      this.#taken = 0;
    }
    const resetAtMs = this.#told?.resetAtMs ?? null;
    if (resetAtMs === null || nowMs < resetAtMs + resetMarginMs) return;
    this.#told = null;
    this.#isProbing = true;
  }

  #toldDelayMs(nowMs: number): number {
    if (this.#told === null || this.#told.remaining > this.#underWay) return 0;
    const { remaining, resetAtMs } = this.#told;
    if (remaining > 0 || resetAtMs === null) return this.#underWay > 0 ? Number.POSITIVE_INFINITY : 0;
    return resetAtMs + resetMarginMs - nowMs;
  }

  #countedDelayMs(nowMs: number, quota: KnownQuota | null): number {
    if (quota === null) return 0;
    const { requests, perMs } = quota;
    const counted = this.#answeredAtMs.filter((atMs) => atMs + perMs > nowMs);
    const surplus = counted.length + this.#underWay - requests;
    if (surplus < 0) return 0;
    const freed = counted[surplus];
    return freed === undefined ? Number.POSITIVE_INFINITY : freed + perMs - nowMs;
  }
}

function oneLess(told: QuotaReport | null): QuotaReport | null {
  return told === null ? null : { ...told, remaining: told.remaining - 1 };
}

/** True when a report is of a later stretch than another, whatever the seconds were rounded to and the answers took. */
function isLater({ resetAtMs, doubtMs }: QuotaReport, than: QuotaReport): boolean {
  return resetAtMs !== null && than.resetAtMs !== null && resetAtMs - doubtMs > than.resetAtMs + sameResetMs;
}
