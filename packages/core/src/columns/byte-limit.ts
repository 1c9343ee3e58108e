import { SchemaError } from "../errors/index.js";

/** Bytes of a column that offsets of 32 bits reach. */
export const maxColumnBytes = 2 ** 31 - 1;

/** The error for a column with more bytes. */
export function tooManyBytes(name: string): SchemaError {
  return new SchemaError("BATCH_INVALID", `Column \`${name}\` has more than 2 GiB of text or bytes in one batch.`, {
    hint: "Yield its rows in several batches.",
    context: { column: name },
  });
}
