import type { DestinationCapabilities } from "@dlt/core";
import type { LoadSettings } from "../config/engine-settings.js";

/** How many jobs run at the same time, and whether those of one table may. What the settings leave open is the destination's to say. */
export function parallelJobs(
  settings: Pick<LoadSettings, "workers" | "parallelismStrategy">,
  capabilities: Pick<DestinationCapabilities, "maxParallelJobs" | "parallelismStrategy">,
): { readonly limit: number; readonly oneByTable: boolean } {
  const strategy = settings.parallelismStrategy ?? capabilities.parallelismStrategy ?? "parallel";
  const wanted = strategy === "sequential" ? 1 : settings.workers;
  const allowed = capabilities.maxParallelJobs ?? 0;
  return {
    limit: allowed > 0 ? Math.min(wanted, allowed) : wanted,
    oneByTable: strategy === "table-sequential",
  };
}
