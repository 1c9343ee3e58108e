import type { NamingConvention } from "@dlt/core";

/** Leaves names as they are. */
export const sameNames: NamingConvention = {
  name: "direct",
  caseSensitive: true,
  separator: "__",
  maxLength: null,
  normalizeIdentifier: (identifier) => identifier,
  normalizeTableIdentifier: (identifier) => identifier,
  normalizePath: (path) => path,
  normalizeTablesPath: (path) => path,
  breakPath: (path) => path.split("__"),
  makePath: (...components) => components.join("__"),
  shortenFragments: (...fragments) => fragments.join("__"),
};
