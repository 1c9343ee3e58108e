export { type ExtractInput, type ExtractResult, type ExtractSettings, extract } from "./extract.js";
export type { ExtractMetrics } from "./extract-metrics.js";
export { type RunData, type RunHints, toSources } from "./to-sources.js";
