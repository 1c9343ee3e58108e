import type { NamingConvention, NamingConventions, NamingRules } from "../contract/naming.js";
import { SchemaError } from "../errors/index.js";
import { isBlank, trimText } from "../values/trim-text.js";
import { conventions } from "./conventions.js";
import { shortenName, tagLength } from "./shorten.js";

/**
 * The naming convention of a name, `snake_case`, or of a module of Python dlt, `dlt.common.normalizers.naming.snake_case`, for
 * identifiers of at most `maxLength` code points, `null` for any length. `own` are conventions beside those of the library.
 * @throws SchemaError `NAMING_CONVENTION_UNKNOWN`, `NAMING_LENGTH_INVALID`
 */
export function namingConvention(
  name: string,
  maxLength: number | null,
  own: NamingConventions = {},
): NamingConvention {
  const shortName = name.replace(/^dlt\.common\.normalizers\.naming\./, "");
  const known: NamingConventions = conventions;
  if (Object.hasOwn(known, shortName)) {
    const rules = known[shortName] as NamingRules;
    verifyLength(shortName, rules, maxLength);
    return withLength(shortName, rules, maxLength ?? rules.maxLength ?? null);
  }
  const rules = Object.hasOwn(own, name) ? own[name] : undefined;
  if (rules === undefined) throw unknownConvention(name, own);
  const limit = Math.min(maxLength ?? Number.POSITIVE_INFINITY, rules.maxLength ?? Number.POSITIVE_INFINITY);
  verifyLength(name, {}, limit === Number.POSITIVE_INFINITY ? null : limit);
  return withLength(name, checkedRules(name, rules), limit === Number.POSITIVE_INFINITY ? null : limit);
}

/** True for a convention that the library brings. */
export function isLibraryConvention(name: string): boolean {
  return Object.hasOwn(conventions, name);
}

function unknownConvention(name: string, own: NamingConventions): SchemaError {
  return new SchemaError("NAMING_CONVENTION_UNKNOWN", `There is no naming convention \`${name}\`.`, {
    hint: `Use one of ${[...Object.keys(conventions), ...Object.keys(own)].join(", ")}, or give the pipeline your own: pipeline({ namingConventions: { ${JSON.stringify(name)}: … } }).`,
    context: { name },
  });
}

function verifyLength(
  name: string,
  { maxLength: most }: Pick<NamingRules, "maxLength">,
  maxLength: number | null,
): void {
  if (maxLength === null) return;
  if (Number.isInteger(maxLength) && maxLength >= tagLength && maxLength <= (most ?? maxLength)) return;
  throw new SchemaError("NAMING_LENGTH_INVALID", `${name} cannot shorten names to ${maxLength} characters.`, {
    hint: `Use a limit from ${tagLength}${most === undefined ? "" : ` to ${most}`}.`,
    context: { convention: name, maxLength },
  });
}

/** Rules of an application's own, which may give anything. */
function checkedRules(name: string, rules: NamingRules): NamingRules {
  const checked = (write: (identifier: string) => string) => (identifier: string) => {
    const written: unknown = write(identifier);
    if (typeof written === "string" && !isBlank(written)) return written;
    throw new SchemaError(
      "NAMING_CONVENTION_INVALID",
      `The naming convention \`${name}\` makes ${typeof written === "string" ? "an empty text" : typeof written} of the name ${JSON.stringify(identifier)}.`,
      { hint: "Give every name a text that is not empty.", context: { convention: name } },
    );
  };
  const { normalize, finishTable } = rules;
  return { ...rules, normalize: checked(normalize), ...(finishTable && { finishTable: checked(finishTable) }) };
}

function withLength(name: string, rules: NamingRules, maxLength: number | null): NamingConvention {
  const { caseSensitive, separator, normalize, finishTable = (identifier) => identifier } = rules;

  const normalizeIdentifier = (text: string): string => {
    const trimmed = trimText(text);
    if (trimmed === "") {
      throw new SchemaError("IDENTIFIER_EMPTY", "A name of a table or column is empty or white space.", {
        hint: "Name it, or leave the field out.",
      });
    }
    return shortenName(normalize(trimmed), trimmed, maxLength);
  };
  const normalizeTableIdentifier = (text: string): string => finishTable(normalizeIdentifier(text));
  const breakPath = (path: string): readonly string[] =>
    path.split(separator).filter((component) => !isBlank(component));
  const makePath = (...components: readonly string[]): string =>
    components.filter((component) => !isBlank(component)).join(separator);

  return {
    name,
    caseSensitive,
    separator,
    maxLength,
    normalizeIdentifier,
    normalizeTableIdentifier,
    normalizePath: (path) => shortenName(makePath(...breakPath(path).map(normalizeIdentifier)), path, maxLength),
    normalizeTablesPath: (path) =>
      shortenName(makePath(...breakPath(path).map(normalizeTableIdentifier)), path, maxLength),
    breakPath,
    makePath,
    shortenFragments: (...normalized) => {
      const path = makePath(...normalized);
      return shortenName(path, path, maxLength);
    },
  };
}
