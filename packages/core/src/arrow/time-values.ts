import { type ArrowArray, int32Values, int64Values } from "./arrow-array.js";
import type { TimeUnit } from "./arrow-type.js";
import { refuseRow } from "./refusals.js";

const millisPerDay = 86_400_000;
const twoTo32 = 4_294_967_296;

/** Dates as days since 1970. */
export function days(name: string, array: ArrowArray, unit: "day" | "ms"): Int32Array {
  const { length, validity } = array;
  if (unit === "day") return int32Values(array, length);
  const halves = halvesOf(int64Values(array, length));
  const values = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const millis = (halves[row * 2 + 1] as number) * twoTo32 + ((halves[row * 2] as number) >>> 0);
    const day = millis / millisPerDay;
    if (!Number.isInteger(day)) refuseRow(name, { row, validity, reason: "it is a date with a time of day" });
    values[row] = day;
  }
  return values;
}

/** Times of day and timestamps, stored in 64 bits, as microseconds. The same memory where they are that already. */
export function micros64(name: string, array: ArrowArray, unit: TimeUnit): BigInt64Array {
  const values = int64Values(array, array.length);
  switch (unit) {
    case "us":
      return values;
    case "ns":
      return thousandths(name, array, values);
    default:
      return multiplied(name, array, values, unit === "ms" ? 1_000 : 1_000_000);
  }
}

/** Times of day that are stored in 32 bits as microseconds. */
export function micros32(array: ArrowArray, unit: "s" | "ms"): BigInt64Array {
  const { length } = array;
  const values = int32Values(array, length);
  const factor = unit === "ms" ? 1_000 : 1_000_000;
  const halves = new Int32Array(length * 2);
  for (let row = 0; row < length; row++) {
    const micros = (values[row] as number) * factor;
    halves[row * 2] = micros % twoTo32;
    halves[row * 2 + 1] = Math.floor(micros / twoTo32);
  }
  return new BigInt64Array(halves.buffer);
}

// A bigint for each value would cost far more than these steps, each of which is exact in doubles.

function multiplied(
  name: string,
  { length, validity }: ArrowArray,
  values: BigInt64Array,
  factor: number,
): BigInt64Array {
  const from = halvesOf(values);
  const to = new Int32Array(length * 2);
  for (let row = 0; row < length; row++) {
    const low = ((from[row * 2] as number) >>> 0) * factor;
    const high = (from[row * 2 + 1] as number) * factor + Math.floor(low / twoTo32);
    if (high > 0x7fffffff || high < -0x80000000)
      refuseRow(name, { row, validity, reason: "it is a time beyond 64 bits of microseconds" });
    to[row * 2] = low % twoTo32;
    to[row * 2 + 1] = high;
  }
  return new BigInt64Array(to.buffer);
}

function thousandths(name: string, { length, validity }: ArrowArray, values: BigInt64Array): BigInt64Array {
  const from = halvesOf(values);
  const to = new Int32Array(length * 2);
  for (let row = 0; row < length; row++) {
    const high = from[row * 2 + 1] as number;
    const highQuotient = Math.floor(high / 1_000);
    const rest = (high - highQuotient * 1_000) * twoTo32 + ((from[row * 2] as number) >>> 0);
    const lowQuotient = Math.floor(rest / 1_000);
    if (lowQuotient * 1_000 !== rest)
      refuseRow(name, { row, validity, reason: "it has nanoseconds, and columns hold microseconds" });
    to[row * 2] = lowQuotient;
    to[row * 2 + 1] = highQuotient;
  }
  return new BigInt64Array(to.buffer);
}

function halvesOf(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}
