export type { DuckdbConfig } from "./config.js";
export type {
  DuckdbCredentials,
  DuckdbDatabase,
  DuckdbNativeCredentials,
  DuckdbSettings,
} from "./credentials.js";
export type { DuckdbOptions } from "./destination.js";
export { duckdb } from "./destination.js";
