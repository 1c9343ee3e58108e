import type { SourceDefinition } from "@dlt/core";
import { resourceDefinition } from "@dlt/core/engine";
import { type MergePlace, refuseDispositions } from "../load/check-dispositions.js";
import { refuseTableFormat } from "../load/check-formats.js";

/**
 * Refuses, before anything is extracted, resources that say that they are skipped, or merged or stored in a format of tables when the
 * destination cannot do that. What a function of a row says is only known when there are rows; it is refused before they are loaded.
 * @throws DestinationError `DESTINATION_DISPOSITION_UNSUPPORTED`, `DESTINATION_TABLE_FORMAT_UNSUPPORTED`
 */
export function checkSources(sources: readonly SourceDefinition[], place: MergePlace): void {
  const { appendsInsteadOfMerging, forwardsRows } = place.destination.capabilities;
  const refused = appendsInsteadOfMerging === true || forwardsRows === true ? ["skip"] : ["skip", "merge"];
  for (const source of sources) {
    for (const resource of source.resources.values()) {
      const { name, selected, hints } = resourceDefinition(resource);
      if (!selected) continue;
      const writeDisposition = dispositionOf(hints?.writeDisposition);
      if (writeDisposition !== null && refused.includes(writeDisposition))
        refuseDispositions([{ name, writeDisposition }], place);
      const { tableFormat } = hints ?? {};
      if (typeof tableFormat === "string") refuseTableFormat(place.destination, { name, tableFormat });
    }
  }
}

function dispositionOf(hint: unknown): string | null {
  if (typeof hint === "string") return hint;
  if (typeof hint !== "object" || hint === null || !("disposition" in hint)) return null;
  return typeof hint.disposition === "string" ? hint.disposition : null;
}
