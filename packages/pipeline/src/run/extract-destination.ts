import { modelIdSettings } from "../config/engine-settings.js";
import type { ExtractDestination } from "../extract/index.js";
import type { ClientPool } from "./client-pool.js";
import type { OpenDestination } from "./operation.js";
import type { PipelineContext } from "./pipeline-context.js";

/** What an extract has of the destination of a schema's rows. It is connected to when a query asks for that. */
export function extractDestination(
  { config }: PipelineContext,
  { target, clients }: { readonly target: OpenDestination["target"]; readonly clients: ClientPool },
  schemaName: string,
): ExtractDestination {
  const { name, capabilities } = target.destination;
  const { timestampPrecision = 6, maxTimestampPrecision = 6 } = capabilities;
  const { decimalPrecision = [38, 9], weiPrecision = [38, 0] } = capabilities;
  const { addDltLoadId, addDltId } = modelIdSettings({ config });
  return {
    name,
    capabilities,
    queryColumns: {
      precisions: { timestampPrecision, maxTimestampPrecision },
      scales: { decimal: decimalPrecision[1], wei: weiPrecision[1] },
      links: { loadId: addDltLoadId, id: addDltId },
    },
    openModels: async () => (await clients.forSchema(schemaName)).client.models,
  };
}
