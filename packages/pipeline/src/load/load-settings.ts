import type { DestinationCapabilities } from "@dlt/core";

/** Settings of the section `load` that the load stage acts on. */
export interface LoadSettings {
  /** Jobs that run at the same time. */
  readonly workers: number;
  /** Default: `parallel`. */
  readonly parallelismStrategy: "parallel" | "table-sequential" | "sequential" | null;
  /** False: a package with failed jobs completes. */
  readonly raiseOnFailedJobs: boolean;
  /** Attempts of one job in a run; 0: no limit. */
  readonly raiseOnMaxRetries: number;
  /** Completed packages keep no load files. */
  readonly deleteCompletedJobs: boolean;
}

/** How many jobs run at the same time, and whether those of one table may. */
export function parallelJobs(
  settings: LoadSettings,
  capabilities: DestinationCapabilities,
): { readonly limit: number; readonly oneByTable: boolean } {
  const wanted = settings.parallelismStrategy === "sequential" ? 1 : settings.workers;
  const allowed = capabilities.maxParallelJobs ?? 20;
  return {
    limit: Math.max(1, allowed > 0 ? Math.min(wanted, allowed) : wanted),
    oneByTable: settings.parallelismStrategy === "table-sequential",
  };
}
