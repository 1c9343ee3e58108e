import { SchemaError } from "../errors/index.js";
import { namingConvention } from "../naming/naming-convention.js";

const maxLength = 64;

/** True for a name that a schema may have: an identifier of Python, at most 64 characters. */
export function isSchemaName(name: string): boolean {
  return [...name].length <= maxLength && identifier.test(name);
}

// Joiners and middle dots came to identifiers with Unicode 15.1, which Python 3.11 does not have.
const identifier = /^[\p{XID_Start}_](?:(?!\u200c|\u200d|\u30fb|\uff65)\p{XID_Continue})*$/u;

/**
 * @throws SchemaError for a name that a schema may not have
 */
export function verifySchemaName(name: string): void {
  if (isSchemaName(name)) return;
  throw new SchemaError("SCHEMA_NAME_INVALID", `\`${name}\` cannot be the name of a schema.`, {
    hint: `Use letters, digits and underscores, not starting with a digit, at most ${maxLength} characters.`,
    context: { name },
  });
}

/**
 * Makes the name of a schema from any text, as the library does when nobody gave one: `My Pipeline-1` becomes
 * `my_pipeline_1`.
 *
 * @throws SchemaError for an empty text
 */
export function normalizeSchemaName(text: string): string {
  return namingConvention("snake_case", maxLength).normalizeIdentifier(text);
}
