import { DestinationError, type TableSchema } from "@dlt/core";
import type { SqlDialect } from "./dialect.js";
import { foldCase } from "./quote.js";

/** The form in which identifiers are compared: two with the same are one and the same at the destination. */
export function comparableIdentifier(dialect: SqlDialect, identifier: string): string {
  const folded = foldCase(dialect, identifier);
  return dialect.capabilities.caseSensitiveIdentifiers ? folded : folded.toLowerCase();
}

/**
 * Checks that names of tables and columns stay apart and are not cut by the database.
 * @throws DestinationError `DESTINATION_NAMES_COLLIDE`, `DESTINATION_NAME_TOO_LONG`
 */
export function checkIdentifiers(dialect: SqlDialect, tables: readonly TableSchema[]): void {
  const { maxIdentifierLength, maxColumnIdentifierLength = maxIdentifierLength } = dialect.capabilities;
  checkNames(
    dialect,
    tables.map(({ name }) => name),
    { place: "the schema", maxLength: maxIdentifierLength },
  );
  for (const { name, columns } of tables) {
    checkNames(dialect, [...columns.keys()], { place: `table \`${name}\``, maxLength: maxColumnIdentifierLength });
  }
}

function checkNames(
  dialect: SqlDialect,
  names: readonly string[],
  { place, maxLength }: { readonly place: string; readonly maxLength: number },
): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const comparable = comparableIdentifier(dialect, name);
    const other = seen.get(comparable);
    if (other !== undefined) {
      throw new DestinationError(
        "DESTINATION_NAMES_COLLIDE",
        `\`${other}\` and \`${name}\` of ${place} are one name for ${dialect.name}.`,
        {
          hint: "Rename one of them in the source, or choose a naming convention that ignores case.",
          context: { name, other },
        },
      );
    }
    seen.set(comparable, name);
    const length = [...name].length;
    if (length > maxLength) {
      throw new DestinationError(
        "DESTINATION_NAME_TOO_LONG",
        `\`${name}\` of ${place} has ${length} characters, but ${dialect.name} takes ${maxLength}.`,
        {
          hint: "Load into a new dataset, so that names are shortened for this destination.",
          context: { name, length, maxLength },
        },
      );
    }
  }
}
