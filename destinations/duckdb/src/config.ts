import { type ConfigOf, setting } from "@dlt/core";
import { type DuckdbNativeCredentials, type DuckdbTarget, parseCredentials } from "./credentials.js";

export const duckdbConfig = {
  credentials: setting<DuckdbTarget, DuckdbNativeCredentials>({
    optional: true,
    doc: "Path of the file, `duckdb:///<path>`, or its settings. Default: `<pipeline name>.duckdb`.",
    parse: parseCredentials,
  }),
  createIndexes: setting({ default: false, doc: "Add `UNIQUE` to new columns that are unique." }),
};

/** Settings of the destination; names in files and variables are snake_case. */
export type DuckdbConfig = ConfigOf<typeof duckdbConfig>;
