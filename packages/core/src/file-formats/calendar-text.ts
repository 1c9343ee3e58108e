import { civilFromDays, firstDay, lastDay, secondsPerDay } from "../values/calendar.js";
import { writePadded } from "./number-text.js";
import type { TextBuffer } from "./text-buffer.js";

/** Writes `2024-01-02`; false, and nothing written, outside of the years 1 to 9999. */
export function writeDate(out: TextBuffer, days: number): boolean {
  if (days < firstDay || days > lastDay) return false;
  const { year, month, day } = civilFromDays(days);
  writePadded(out, year, 4);
  out.byte(dash);
  writePadded(out, month, 2);
  out.byte(dash);
  writePadded(out, day, 2);
  return true;
}

/** Writes `03:04:05`, with six digits of a fraction unless it is zero; false, and nothing written, outside of a day. */
export function writeTime(out: TextBuffer, micros: number): boolean {
  if (micros < 0 || micros >= secondsPerDay * 1e6) return false;
  const fraction = micros % 1e6;
  writeClock(out, (micros - fraction) / 1e6, fraction);
  return true;
}

/**
 * Writes date, `separator` and time of microseconds since 1970; a number has to be a safe integer. False, and nothing written,
 * outside of the years 1 to 9999.
 */
export function writeTimestamp(out: TextBuffer, micros: number | bigint, separator: number): boolean {
  const remainder = typeof micros === "number" ? micros % 1e6 : Number(micros % million);
  const microseconds = remainder < 0 ? remainder + 1e6 : remainder;
  const seconds =
    typeof micros === "number" ? (micros - microseconds) / 1e6 : Number((micros - BigInt(microseconds)) / million);
  const days = Math.floor(seconds / secondsPerDay);
  if (!writeDate(out, days)) return false;
  out.byte(separator);
  writeClock(out, seconds - days * secondsPerDay, microseconds);
  return true;
}

function writeClock(out: TextBuffer, secondOfDay: number, microseconds: number): void {
  const minutes = Math.floor(secondOfDay / 60);
  writePadded(out, Math.floor(minutes / 60), 2);
  out.byte(colon);
  writePadded(out, minutes % 60, 2);
  out.byte(colon);
  writePadded(out, secondOfDay - minutes * 60, 2);
  if (microseconds === 0) return;
  out.byte(point);
  writePadded(out, microseconds, 6);
}

const million = 1_000_000n;
const dash = 0x2d;
const point = 0x2e;
const colon = 0x3a;
