import { type ConfigOf, setting } from "@dlt/core";
import { credentialsField } from "./credentials.js";

export const duckdbConfig = {
  credentials: credentialsField,
  createIndexes: setting({ default: false, doc: "Add `UNIQUE` to new columns that are unique." }),
};

/** Settings of the destination; names in files and variables are snake_case. */
export type DuckdbConfig = ConfigOf<typeof duckdbConfig>;
