import type { SourceDefinition } from "@dlt/core";
import { resourceDefinition } from "@dlt/core/engine";
import { type MergePlace, refuseMerge } from "../load/check-dispositions.js";

/**
 * Refuses, before anything is extracted, resources that say that they are merged when the destination cannot do that. What
 * a function of a row says is only known when there are rows; it is refused before they are loaded.
 * @throws DestinationError `DESTINATION_DISPOSITION_UNSUPPORTED`
 */
export function checkSources(sources: readonly SourceDefinition[], place: MergePlace): void {
  const { appendsInsteadOfMerging, forwardsRows } = place.destination.capabilities;
  if (appendsInsteadOfMerging === true || forwardsRows === true) return;
  for (const source of sources) {
    for (const resource of source.resources.values()) {
      const { name, selected, hints } = resourceDefinition(resource);
      const writeDisposition = dispositionOf(hints?.writeDisposition);
      if (selected && writeDisposition === "merge") refuseMerge([{ name, writeDisposition }], place);
    }
  }
}

function dispositionOf(hint: unknown): string | null {
  if (typeof hint === "string") return hint;
  if (typeof hint !== "object" || hint === null || !("disposition" in hint)) return null;
  return typeof hint.disposition === "string" ? hint.disposition : null;
}
