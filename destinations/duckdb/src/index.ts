export type { DuckdbConfig, DuckdbCredentials } from "./config.js";
export type { DuckdbOptions } from "./destination.js";
export { duckdb } from "./destination.js";
