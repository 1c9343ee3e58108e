import { type ConfigOf, setting } from "@dlt/core";
import { credentialsField } from "./credentials.js";
import { type CsvFormat, parseCsvFormat } from "./csv-format.js";

export const postgresConfig = {
  credentials: credentialsField,
  createIndexes: setting({ default: true, doc: "Add `UNIQUE` to new columns that are unique." }),
  csvFormat: setting<CsvFormat | undefined, Partial<CsvFormat>>({
    optional: true,
    doc: "How CSV files that are loaded are written: `delimiter`, `include_header`. Those of the library follow `normalize.data_writer`, which has to say the same.",
    parse: parseCsvFormat,
  }),
};

/** Settings of the destination; names in files and variables are snake_case. */
export type PostgresConfig = ConfigOf<typeof postgresConfig>;
