import type { Destination } from "@dlt/core";
import { loadConfig } from "./config/config-context.js";
import { destinationByName } from "./config/destination-by-name.js";
import { defaultRuntime, type PipelineRuntime } from "./runtime.js";

/**
 * The destination that a name stands for in `pipeline({ destination: "duckdb" })`: a type, or a name of one's own whose type is configured.
 * Its package is that of the application. What it can do and its settings are known without connecting to it.
 * @throws ConfigError `DESTINATION_NOT_FOUND`, `DESTINATION_NOT_LOADABLE`
 */
export async function findDestination(name: string, runtime: PipelineRuntime = defaultRuntime()): Promise<Destination> {
  return await destinationByName(name, { runtime, config: loadConfig(runtime) });
}
