import { type DestinationClient, isDltError } from "@dlt/core";
import { type LoadPlanInput, stagedTables } from "./load-plan.js";

/**
 * Empties what is staged of a schema, after a load. That is complete already, and the next one empties its tables first, so that an
 * error is only a warning.
 */
export async function truncateStaging(
  client: Pick<DestinationClient, "truncateStaging">,
  load: LoadPlanInput,
): Promise<void> {
  try {
    const tables = stagedTables(load);
    if (tables.length > 0) await client.truncateStaging?.(tables);
  } catch (error) {
    const reason = isDltError(error) ? error.message : String(error);
    const { loadId } = load.manifest;
    process.emitWarning(`The staging dataset was not emptied after load \`${loadId}\`, which is complete: ${reason}`, {
      type: "DltWarning",
      code: "STAGING_NOT_TRUNCATED",
    });
  }
}
