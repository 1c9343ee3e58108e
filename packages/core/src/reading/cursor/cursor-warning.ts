import type { Timestamp } from "../../values/timestamp.js";

/** What the author of a cursor should know although reading goes on. */
export interface CursorWarning {
  readonly code: string;
  readonly message: string;
}

export function ignoredLag(cursorPath: string): CursorWarning {
  return {
    code: "CURSOR_LAG_IGNORED",
    message: `the lag of the cursor \`${cursorPath}\` has no effect, because \`lastValueFunc\` is a function. Only \`max\` and \`min\` have one.`,
  };
}

export function manyHashes(cursorPath: string, count: number): CursorWarning {
  return {
    code: "CURSOR_HASHES_MANY",
    message:
      `${count} rows have the last value of the cursor \`${cursorPath}\`, and are remembered one by one in the state. ` +
      'Choose a cursor with finer values, or turn this off with `primaryKey: []` or `rangeStart: "open"`.',
  };
}

export function otherZone(cursorPath: string, { offsetMinutes }: Timestamp): CursorWarning {
  const [rows, bounds, change] =
    offsetMinutes === null
      ? ["no time zone", "one", "count as UTC and lose it"]
      : ["a time zone", "none", "are taken as wall time of that zone"];
  return {
    code: "CURSOR_ZONE_ADAPTED",
    message:
      `the rows have ${rows} in the cursor \`${cursorPath}\`, and its bounds have ${bounds}: they ${change}. ` +
      "Give `initialValue` and `endValue` as the rows are.",
  };
}
