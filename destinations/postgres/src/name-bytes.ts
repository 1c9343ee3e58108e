import { DestinationError, type LoadPlan } from "@dlt/core";
import type { SqlDatasets } from "@dlt/sql";

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS: what is longer is cut. */
const maxBytes = 63;

/**
 * Checks that names of datasets, tables and columns are not cut: their length is limited in bytes, and characters outside of ASCII have
 * several.
 * @throws DestinationError `DESTINATION_NAME_TOO_LONG`
 */
export function checkNameBytes({ tables, others = [], staged }: LoadPlan, { final, staging }: SqlDatasets): void {
  for (const { name } of staged.length > 0 ? [final, staging] : [final]) checkBytes(name.schema, "a dataset");
  for (const { name, columns } of [...tables, ...others]) {
    checkBytes(name, "a table");
    for (const column of columns.keys()) checkBytes(column, `a column of table \`${name}\``);
  }
}

function checkBytes(name: string, place: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes <= maxBytes) return;
  throw new DestinationError(
    "DESTINATION_NAME_TOO_LONG",
    `The name \`${name}\` of ${place} has ${bytes} bytes in UTF-8, but PostgreSQL takes ${maxBytes}.`,
    {
      hint: "Choose a shorter one, or a naming convention that keeps to ASCII, such as `snake_case`.",
      context: { name, bytes, maxBytes },
    },
  );
}
