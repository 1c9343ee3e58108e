import type { NamingConventions } from "../contract/naming.js";
import { SchemaError } from "../errors/index.js";
import { isLibraryConvention, namingConvention } from "../naming/naming-convention.js";
import { isBlank } from "../values/trim-text.js";
import { systemNames } from "./system-names.js";

/** Names that show whether rules keep to what is asked of them. */
const samples = ["_dlt_id", "Order Items", "createdAt", "ID", "price (€)", "2nd", "trailing_", "a__b"];

/**
 * Checks conventions of an application's own: that none takes the name of one of the library's, that they keep the prefix of
 * system tables, and that what they wrote once stays as it is.
 *
 * @throws SchemaError `NAMING_CONVENTION_INVALID`
 */
export function verifyConventions(conventions: NamingConventions): void {
  for (const [name, { separator }] of Object.entries(conventions)) {
    if (isBlank(name)) throw invalid(name, "has no name");
    if (isLibraryConvention(name)) throw invalid(name, "has the name of one that the library brings");
    if (isBlank(separator)) throw invalid(name, "has no separator");
    const naming = namingConvention(name, null, conventions);
    const { prefix } = systemNames(naming);
    if (isBlank(prefix)) throw invalid(name, "leaves nothing of the prefix `_dlt`");
    for (const sample of samples) {
      for (const normalize of [naming.normalizeIdentifier, naming.normalizeTableIdentifier]) {
        const once = normalize(sample);
        const twice = normalize(once);
        if (once !== twice) throw invalid(name, `turns \`${sample}\` into \`${once}\`, and that into \`${twice}\``);
      }
    }
  }
}

function invalid(name: string, problem: string): SchemaError {
  return new SchemaError("NAMING_CONVENTION_INVALID", `The naming convention ${JSON.stringify(name)} ${problem}.`, {
    hint: "Names are normalized again and again: what the convention made has to stay as it is. Give it a name of its own and a separator such as `__`.",
    context: { convention: name },
  });
}
