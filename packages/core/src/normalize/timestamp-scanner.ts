import { misfit } from "./misfit.js";

const quote = 0x22;
const zero = 0x30;
const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads the usual form of a date-time, `2024-01-02T03:04:05.123456Z` (a blank for `T`, any number of fraction digits of which
 * six count, zone `Z`, `±hh`, `±hhmm`, `±hh:mm` or none for UTC). Everything else that the full grammar allows is left to it.
 */
export class TimestampScanner {
  /** The last result, microseconds since 1970 UTC. */
  micros = 0;

  /** `from` is behind the opening quote; gives the position behind the closing one, or `misfit`. */
  scan(bytes: Uint8Array, from: number): number {
    // Years to 2254 only: up to there microseconds are exact in a double.
    const year = twoDigits(bytes, from) * 100 + twoDigits(bytes, from + 2);
    const month = twoDigits(bytes, from + 5);
    const day = twoDigits(bytes, from + 8);
    const hour = twoDigits(bytes, from + 11);
    const minute = twoDigits(bytes, from + 14);
    const second = twoDigits(bytes, from + 17);
    const middle = bytes[from + 10];
    // Any character that is no digit makes its number NaN or negative, which no comparison below lets through.
    if (!(year >= 1800 && year <= 2254 && month >= 1 && month <= 12 && day >= 1 && hour >= 0 && hour < 24))
      return misfit;
    if (!(minute >= 0 && minute < 60 && second >= 0 && second < 60)) return misfit;
    if (bytes[from + 4] !== 0x2d || bytes[from + 7] !== 0x2d || bytes[from + 13] !== 0x3a || bytes[from + 16] !== 0x3a)
      return misfit;
    if (middle !== 0x54 && middle !== 0x20) return misfit;
    const leap = (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0);
    if (day > (daysInMonth[month - 1] as number) + (leap && month === 2 ? 1 : 0)) return misfit;
    let at = from + 19;
    let fraction = 0;
    if (bytes[at] === 0x2e) {
      const first = ++at;
      let unit = 100_000;
      for (let digit = (bytes[at] as number) - zero; digit >= 0 && digit <= 9; digit = (bytes[++at] as number) - zero) {
        fraction += digit * unit;
        unit = unit > 1 ? unit / 10 : 0;
      }
      if (at === first) return misfit;
    }
    let offsetMinutes = 0;
    const sign = bytes[at];
    if (sign === 0x5a) at++;
    else if (sign === 0x2b || sign === 0x2d) {
      const hours = twoDigits(bytes, at + 1);
      at += 3;
      let minutes = 0;
      if (bytes[at] !== quote) {
        if (bytes[at] === 0x3a) at++;
        minutes = twoDigits(bytes, at);
        at += 2;
      }
      if (!(hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60)) return misfit;
      offsetMinutes = sign === 0x2b ? hours * 60 + minutes : -(hours * 60 + minutes);
    }
    if (bytes[at] !== quote) return misfit;
    const before = year - 1;
    const days =
      before * 365 +
      Math.floor(before / 4) -
      Math.floor(before / 100) +
      Math.floor(before / 400) -
      719_162 +
      (daysBeforeMonth[month - 1] as number) +
      (leap && month > 2 ? 1 : 0) +
      day -
      1;
    const seconds = days * 86_400 + hour * 3_600 + (minute - offsetMinutes) * 60 + second;
    this.micros = seconds * 1_000_000 + fraction;
    return at + 1;
  }
}

/** Two decimal digits as a number; NaN when either character is none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - zero;
  const ones = (bytes[at + 1] as number) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
