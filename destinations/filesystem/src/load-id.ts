/** Microseconds since 1970 that the id of a load tells; `null` for a text that is none. */
export function loadMicros(loadId: string): bigint | null {
  const [, seconds, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(loadId) ?? [];
  return seconds === undefined ? null : BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Negative when `a` is the earlier one; what is no id of a load comes first. */
export function compareLoadIds(a: string, b: string): number {
  const difference = (loadMicros(a) ?? -1n) - (loadMicros(b) ?? -1n);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
