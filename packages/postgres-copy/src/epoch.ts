/** PostgreSQL counts from 2000-01-01, batches from 1970-01-01. */
export const epochDays = 10_957;

/** The same in microseconds, as the halves of a 64-bit integer. */
export const epochMicros = halves(BigInt(epochDays) * 86_400_000_000n);

/** `infinity` and `-infinity` of a date are the largest and the smallest integer, here and there; those of a timestamp as well. */
export const infiniteDate = { after: 0x7fffffff, before: -0x80000000 } as const;

export function isInfiniteTimestamp(low: number, high: number): boolean {
  return (high === 0x7fffffff && low === -1) || (high === -0x80000000 && low === 0);
}

/** What the server holds, exclusive at the end: https://www.postgresql.org/docs/current/datatype-datetime.html */
export const dateLimits = { first: -2_451_545, end: 2_145_031_949 } as const;
export const timestampLimits = { first: -211_813_488_000_000_000, end: 9_223_371_331_200_000_000 } as const;
export const maxTime = 86_400_000_000;

function halves(value: bigint): { readonly low: number; readonly high: number } {
  return { low: Number(BigInt.asUintN(32, value)), high: Number(value >> 32n) };
}
