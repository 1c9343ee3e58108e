import { DestinationError, type TableSchema } from "@dlt/core";

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS: what is longer is cut. */
const maxBytes = 63;

/**
 * Checks that names of tables and columns are not cut: their length is limited in bytes, and characters outside of ASCII have several.
 * @throws DestinationError `DESTINATION_NAME_TOO_LONG`
 */
export function checkNameBytes(tables: readonly TableSchema[]): void {
  for (const { name, columns } of tables) {
    for (const each of [name, ...columns.keys()]) {
      const bytes = Buffer.byteLength(each);
      if (bytes <= maxBytes) continue;
      throw new DestinationError(
        "DESTINATION_NAME_TOO_LONG",
        `\`${each}\` of table \`${name}\` has ${bytes} bytes in UTF-8, but PostgreSQL takes ${maxBytes}.`,
        {
          hint: "Rename it in the source, or choose a naming convention that keeps to ASCII, such as `snake_case`.",
          context: { name: each, bytes, maxBytes },
        },
      );
    }
  }
}
