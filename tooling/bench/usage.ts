import { readFileSync, writeSync } from "node:fs";

/** What a process took from the machine, all of its threads together. */
export interface Usage {
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** Where a measured process writes its usage. */
export const usageFileDescriptor = 3;

/** Makes this process write its `Usage` as JSON when it ends. */
export function reportUsageAtExit(): void {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage: Usage = {
      cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
      peakMegabytes: (peakKibibytes() ?? maxRSS) / 1024,
    };
    writeSync(usageFileDescriptor, JSON.stringify(usage));
  });
}

/** The high-water mark of this program. `maxRSS` may be that of the process which started it, where that one was larger. */
function peakKibibytes(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes);
}
