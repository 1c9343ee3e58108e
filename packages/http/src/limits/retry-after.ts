/** The wait that a `Retry-After` asks for, in milliseconds: whole seconds, or a date. `null` when it says neither. */
export function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // `Date.parse` takes more for a date, such as `1.5`.
  if (!/^[A-Za-z]{3,9},? |^\d{1,2} [A-Za-z]{3}/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : Math.max(0, time - nowMs);
}
