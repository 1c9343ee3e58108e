import { DestinationError } from "@dlt/core";
import { wipeWorkingFolder } from "../workspace/working-folder.js";
import { type Operation, requireDestination } from "./operation.js";

/** Forgets what is local: state, schemas, packages. The folder itself is left, with the claim in it. */
export async function dropLocal({ claimed }: Operation): Promise<void> {
  await wipeWorkingFolder(claimed.context.folder);
}

/**
 * Drops the datasets that the pipeline loads into, with tables, state and schemas.
 * @throws DestinationError `DESTINATION_DROP_UNSUPPORTED`
 */
export async function dropDatasets(operation: Operation): Promise<void> {
  const { claimed } = operation;
  const { target, clients } = requireDestination(operation, "drop");
  const dropped = new Set<string>();
  for (const schemaName of [null, ...claimed.state.schemaNames]) {
    const { client, dataset } = await clients.forSchema(schemaName);
    if (dropped.has(dataset)) continue;
    if (client.state === undefined) throw dropUnsupported(target.destination.name);
    await client.state.dropDataset();
    dropped.add(dataset);
  }
}

function dropUnsupported(destinationName: string): DestinationError {
  return new DestinationError(
    "DESTINATION_DROP_UNSUPPORTED",
    `Destination \`${destinationName}\` cannot drop a dataset. Nothing was changed.`,
    {
      hint: "Call `drop()` for what is local, and remove the dataset with the tools of the destination.",
      context: { destination: destinationName },
    },
  );
}
