import { readFileSync, writeSync } from "node:fs";

/** What a process took from the machine, all of its threads together. */
export interface Usage {
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** Default: until the process ended. */
  readonly wallSeconds?: number;
}

/** Where a measured process writes its usage. */
export const usageFileDescriptor = 3;

/** Makes this process write its `Usage` as JSON when it ends. */
export function reportUsageAtExit(): void {
  process.on("exit", () => write({ cpuSeconds: cpuSeconds(), peakMegabytes: peakMegabytes() }));
}

export interface UsageStart {
  readonly cpuSeconds: number;
  readonly milliseconds: number;
}

export function startUsage(): UsageStart {
  return { cpuSeconds: cpuSeconds(), milliseconds: performance.now() };
}

/** Writes what this process took since `start`, which is all that it is measured by. */
export function reportUsage(start: UsageStart): void {
  write({
    cpuSeconds: cpuSeconds() - start.cpuSeconds,
    peakMegabytes: peakMegabytes(),
    wallSeconds: (performance.now() - start.milliseconds) / 1000,
  });
}

function write(usage: Usage): void {
  writeSync(usageFileDescriptor, JSON.stringify(usage));
}

function cpuSeconds(): number {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return (userCPUTime + systemCPUTime) / 1e6;
}

/** The high-water mark of this program. `maxRSS` may be that of the process which started it, where that one was larger. */
function peakMegabytes(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1024;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kibibytes) / 1024;
}
