import type { LoadInfo } from "../info/load-info.js";
import { type DropSelection, dropPlanOf, selectDrop } from "./drop-selection.js";
import { extractStep } from "./extract-step.js";
import { type Operation, requireDestination } from "./operation.js";
import type { LoadOptions } from "./pipeline-options.js";
import { forgetOf, refusePending, resetSources } from "./refresh.js";
import { load, normalize, sync } from "./run-pipeline.js";
import { withoutPaths } from "./state-paths.js";

/**
 * Drops tables of resources at the destination and forgets their state, by a load package without rows. Nothing is done when nothing was
 * selected.
 * @throws PackageError `DROP_SELECTION_INVALID`, `REFRESH_WITH_PENDING_PACKAGES`; PipelineStepError
 */
export async function dropResources(
  operation: Operation,
  selection: DropSelection,
  options: LoadOptions,
): Promise<LoadInfo> {
  const { claimed, recorder, signal } = operation;
  const destination = requireDestination(operation, "dropResources");
  await refusePending(claimed, "dropResources");
  await sync(operation);
  const selected = selectDrop(claimed.context, claimed, selection);
  if (dropPlanOf(selected).isEmpty) return await load(operation, options);
  await recorder.step("extract", async () => {
    const { schema, roots, resources, statePaths } = selected;
    const { name } = schema;
    const reset = { mode: "drop_resources", name, read: new Set(resources) } as const;
    const { info } = await extractStep({
      claimed,
      sources: [],
      dataInfo: [],
      destination,
      refresh: null,
      follower: null,
      signal,
      forget: {
        schemaName: name,
        refresh: async (stored) =>
          await forgetOf(claimed, {
            mode: "drop_resources",
            schema: stored ?? schema,
            roots,
            reset: (sources) => withoutPaths(resetSources(sources, reset), name, statePaths),
          }),
      },
    });
    return info;
  });
  await normalize(operation, options);
  return await load(operation, options);
}
