/** How the command ends, as schedulers and scripts see it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Stopped before the data had an end, by a signal or its time: run again to go on. `EX_TEMPFAIL` of sysexits.h. */
  stopped: 75,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
