export type { UncutResource } from "./epoch-tree.js";
export type { EpochLimits } from "./epoch-trees.js";
export { type ExtractEpochs, type ExtractInput, type ExtractSettings, extract } from "./extract.js";
export type { ExtractMetrics } from "./extract-metrics.js";
export type { ExtractResult } from "./extract-result.js";
export { withReadResources } from "./read-resources.js";
export { resourceGraph } from "./resource-graph.js";
export { SharedTables, shareTables } from "./shared-tables.js";
export { type RunData, type RunHints, toSources } from "./to-sources.js";
