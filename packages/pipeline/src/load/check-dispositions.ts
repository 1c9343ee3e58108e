import { type DestinationClient, DestinationError } from "@dlt/core";

/**
 * Refuses tables that need a step after their rows are in (a merge, a replacement from staging) on a destination that has
 * none.
 * @throws DestinationError `DESTINATION_DISPOSITION_UNSUPPORTED`
 */
export function refuseMerge(
  tables: readonly { readonly name: string; readonly writeDisposition?: string | null | undefined }[],
  destination: { readonly destinationName: string; readonly client: Pick<DestinationClient, "followUps"> },
): void {
  const [table] = tables;
  if (table === undefined || destination.client.followUps !== undefined) return;
  const { destinationName } = destination;
  const disposition = table.writeDisposition ?? "append";
  throw new DestinationError(
    "DESTINATION_DISPOSITION_UNSUPPORTED",
    `Table \`${table.name}\` has write disposition \`${disposition}\`, which destination \`${destinationName}\` cannot load${disposition === "replace" ? " with the chosen replace strategy" : ""}.`,
    {
      hint:
        disposition === "replace"
          ? 'Use `replace_strategy = "truncate-and-insert"`, or another destination.'
          : "Use `append` or `replace`, or a destination that can merge.",
      context: { destination: destinationName, table: table.name, writeDisposition: disposition },
    },
  );
}
