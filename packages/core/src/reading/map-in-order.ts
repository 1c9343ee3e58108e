import { isThenable, watched } from "./watched.js";

export interface MapOptions {
  /** Promises that may be waited for at a time. */
  readonly atOnce: number;
  /** The error to throw for one that the function threw at this row. */
  onError(error: unknown, index: number): unknown;
}

/**
 * Calls a function for each row and gives the results in the order of the rows. Promises are awaited, so many at once;
 * without any, nothing waits.
 */
export function mapInOrder(
  rows: readonly unknown[],
  map: (row: unknown) => unknown,
  { atOnce, onError }: MapOptions,
): readonly unknown[] | Promise<readonly unknown[]> {
  const results: unknown[] = new Array(rows.length);
  let index = 0;
  try {
    for (; index < rows.length; index++) {
      const result = map(rows[index]);
      results[index] = result;
      if (isThenable(result)) break;
    }
  } catch (error) {
    throw onError(error, index);
  }
  return index === rows.length ? results : mapWaiting(index);

  /** Goes on from the row whose result is a promise. */
  async function mapWaiting(first: number): Promise<readonly unknown[]> {
    let settled = first;
    results[first] = watched(results[first]);
    for (let index = first + 1; index < rows.length; index++) {
      if (index - settled >= atOnce) await settle(settled++);
      try {
        results[index] = watched(map(rows[index]));
      } catch (error) {
        throw onError(error, index);
      }
    }
    while (settled < rows.length) await settle(settled++);
    return results;
  }

  async function settle(index: number): Promise<void> {
    try {
      results[index] = await results[index];
    } catch (error) {
      throw onError(error, index);
    }
  }
}
