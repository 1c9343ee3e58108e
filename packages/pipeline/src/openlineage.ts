// OpenLineage, for applications that want it: what is imported by the others does not carry it.
export type { LineageDataset, LineageEvent, OpenLineageOptions } from "./lineage/lineage-event.js";
export { openLineage } from "./lineage/open-lineage.js";
