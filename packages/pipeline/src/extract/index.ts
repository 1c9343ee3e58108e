export { type ExtractInput, type Extraction, type ExtractResult, type ExtractSettings, extract } from "./extract.js";
export type { ExtractMetrics, WriterMetrics } from "./extract-metrics.js";
export { type DataOptions, type RunData, type RunHints, toSources } from "./to-sources.js";
