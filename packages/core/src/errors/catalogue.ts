import { configErrors } from "./catalogue/config.js";
import { destinationErrors } from "./catalogue/destination.js";
import { httpErrors } from "./catalogue/http.js";
import { internalErrors } from "./catalogue/internal.js";
import { packageErrors } from "./catalogue/package.js";
import { partitionErrors } from "./catalogue/partition.js";
import { schemaErrors } from "./catalogue/schema.js";
import { sourceErrors } from "./catalogue/source.js";

export type ErrorFamily = "config" | "source" | "schema" | "package" | "destination" | "internal";

/** Every code of this library. Codes are stable. */
export const errorCatalogue = {
  ...configErrors,
  ...sourceErrors,
  ...httpErrors,
  ...schemaErrors,
  ...packageErrors,
  ...partitionErrors,
  ...destinationErrors,
  ...internalErrors,
};

/** A code of the catalogue, or one of a connector: its prefix, a colon and a name, e.g. `ACME:QUOTA_EXCEEDED`. */
export type ErrorCode = keyof typeof errorCatalogue | `${Uppercase<string>}:${Uppercase<string>}`;
