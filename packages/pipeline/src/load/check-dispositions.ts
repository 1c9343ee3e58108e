import { type Destination, type DestinationClient, DestinationError } from "@dlt/core";

/** A destination, and the session that tells whether it has a step after the rows are in. */
export interface MergePlace {
  readonly destination: Pick<Destination, "name" | "capabilities">;
  readonly client: Pick<DestinationClient, "followUps">;
}

/**
 * Refuses tables that no destination loads (`skip`), and such as need a step after their rows are in (a merge, a replacement from
 * staging) on a destination that has none.
 * @throws DestinationError `DESTINATION_DISPOSITION_UNSUPPORTED`
 */
export function refuseDispositions(
  tables: readonly { readonly name: string; readonly writeDisposition?: string | null | undefined }[],
  { destination, client }: MergePlace,
): void {
  const table = tables.find(({ writeDisposition }) => writeDisposition === "skip" || client.followUps === undefined);
  if (table === undefined) return;
  const { name } = destination;
  const disposition = table.writeDisposition ?? "append";
  const by = disposition === "skip" ? "by which no destination loads" : `which destination \`${name}\` cannot load`;
  throw new DestinationError(
    "DESTINATION_DISPOSITION_UNSUPPORTED",
    `Table \`${table.name}\` has write disposition \`${disposition}\`, ${by}${disposition === "replace" ? " with the chosen replace strategy" : ""}.`,
    { hint: hintFor(disposition), context: { destination: name, table: table.name, writeDisposition: disposition } },
  );
}

function hintFor(disposition: string): string {
  switch (disposition) {
    case "skip":
      return "Use `append`, `replace` or `merge`; to load nothing of a resource, do not select it.";
    case "replace":
      return 'Use `replace_strategy = "truncate-and-insert"`, or another destination.';
    default:
      return "Use `append` or `replace`, or a destination that can merge.";
  }
}

/** Says which tables are appended to although they are merged elsewhere: rows that are loaded again stand there twice. */
export function warnOfAppending(tables: readonly string[], destinationName: string): void {
  if (tables.length === 0) return;
  const names = tables.map((name) => `\`${name}\``).join(", ");
  process.emitWarning(
    `Destination \`${destinationName}\` cannot merge. Rows are appended to ${names}, whose write disposition is \`merge\`.`,
    {
      type: "DltWarning",
      code: "MERGE_BECOMES_APPEND",
      detail:
        "Rows that were loaded before stay as they are. Use `append` or `replace`, or a destination that can merge.",
    },
  );
}

/** Says which tables a refresh forgets only here, because the destination hands rows on. */
export function warnOfTablesLeft(tables: readonly string[], { name, capabilities }: MergePlace["destination"]): void {
  if (capabilities.forwardsRows !== true || tables.length === 0) return;
  const names = tables.map((table) => `\`${table}\``).join(", ");
  process.emitWarning(
    `Destination \`${name}\` hands rows on and can neither drop nor empty tables. What it was given for ${names} stays there.`,
    {
      type: "DltWarning",
      code: "TABLES_LEFT",
      detail:
        "The refresh takes place in the state and schema of the pipeline only. Remove the rows at the receiver if they should go.",
    },
  );
}
