import type { NamingConvention } from "../contract/naming.js";
import { SchemaError } from "../errors/index.js";
import { isBlank, trimText } from "../values/trim-text.js";
import { type Convention, type ConventionName, conventions } from "./conventions.js";
import { shortenName, tagLength } from "./shorten.js";

/**
 * The naming convention of a name, `snake_case`, or of a module of Python dlt, `dlt.common.normalizers.naming.snake_case`, for
 * identifiers of at most `maxLength` code points, `null` for any length.
 * @throws SchemaError `NAMING_CONVENTION_UNKNOWN`, `NAMING_LENGTH_INVALID`
 */
export function namingConvention(name: string, maxLength: number | null): NamingConvention {
  const shortName = name.replace(/^dlt\.common\.normalizers\.naming\./, "");
  if (!isConventionName(shortName)) throw unknownConvention(name);
  const convention: Convention = conventions[shortName];
  const limit = maxLength ?? convention.maxLength ?? null;
  if (limit !== null && (!Number.isInteger(limit) || limit < tagLength || limit > (convention.maxLength ?? limit))) {
    throw new SchemaError("NAMING_LENGTH_INVALID", `${shortName} cannot shorten names to ${limit} characters.`, {
      hint: `Use a limit from ${tagLength}${convention.maxLength === undefined ? "" : ` to ${convention.maxLength}`}.`,
      context: { convention: shortName, maxLength: limit },
    });
  }
  return withLength(shortName, convention, limit);
}

function isConventionName(name: string): name is ConventionName {
  return Object.hasOwn(conventions, name);
}

function unknownConvention(name: string): SchemaError {
  return new SchemaError("NAMING_CONVENTION_UNKNOWN", `There is no naming convention \`${name}\`.`, {
    hint: `Use one of ${Object.keys(conventions).join(", ")}.`,
    context: { name },
  });
}

function withLength(name: string, convention: Convention, maxLength: number | null): NamingConvention {
  const { caseSensitive, separator, normalize, finishTable = (identifier) => identifier } = convention;

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
