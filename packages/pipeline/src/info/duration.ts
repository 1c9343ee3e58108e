const units = [
  ["year", 365 * 86_400],
  ["month", 30.5 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** Text for people: `1 hour, 2 minutes and 5 seconds`, `0.50 seconds`; `---` when it is not known. */
export function durationText(startedAt: Date | null, finishedAt: Date | null): string {
  if (startedAt === null || finishedAt === null) return "---";
  let rest = Math.max(0, finishedAt.getTime() - startedAt.getTime()) / 1000;
  const parts: string[] = [];
  for (const [unit, seconds] of units) {
    const count = Math.floor(rest / seconds);
    if (count > 0) parts.push(countText(count, unit));
    rest -= count * seconds;
  }
  const seconds = Math.round(rest * 100) / 100;
  if (seconds > 0 || parts.length === 0) {
    parts.push(Number.isInteger(seconds) ? countText(seconds, "second") : `${seconds.toFixed(2)} seconds`);
  }
  const last = parts.pop() ?? "";
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}

/** `1 row`, `2 rows`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A moment given in microseconds since 1970 UTC. */
export function dateOf(micros: bigint | string): Date {
  return new Date(Number(BigInt(micros) / 1000n));
}

/** The earliest of some moments; `null` for none. */
export function earliest(moments: readonly Date[]): Date | null {
  return moments.length === 0 ? null : new Date(Math.min(...moments.map(Number)));
}
