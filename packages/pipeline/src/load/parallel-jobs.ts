import type { DestinationCapabilities } from "@dlt/core";
import type { LoadSettings } from "../config/engine-settings.js";

/** How many jobs run at the same time, and whether those of one table may. */
export function parallelJobs(
  settings: Pick<LoadSettings, "workers" | "parallelismStrategy">,
  capabilities: Pick<DestinationCapabilities, "maxParallelJobs">,
): { readonly limit: number; readonly oneByTable: boolean } {
  const wanted = settings.parallelismStrategy === "sequential" ? 1 : settings.workers;
  const allowed = capabilities.maxParallelJobs ?? 20;
  return {
    limit: Math.max(1, allowed > 0 ? Math.min(wanted, allowed) : wanted),
    oneByTable: settings.parallelismStrategy === "table-sequential",
  };
}
