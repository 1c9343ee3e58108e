import type { NamingRules } from "../contract/naming.js";

/** Conventions by the name that schemas have under `normalizers.names`. Rules of Python dlt 1.26. */
export const conventions = {
  /** `HTTPResponse Code` → `http_response_code` */
  snake_case: { caseSensitive: false, separator: "__", normalize: snakeCase },
  /** Everything stays but line breaks and double quotes. */
  duck_case: { caseSensitive: true, separator: "__", normalize: duckCase },
  /** Everything stays but line breaks, quotes and the separator. */
  direct: { caseSensitive: true, separator: "▶", normalize: direct },
  /** Letters, digits and `_`, in their own case. */
  sql_cs_v1: { caseSensitive: true, separator: "__", normalize: sqlIdentifier },
  /** Letters, digits and `_`, in lower case. */
  sql_ci_v1: {
    caseSensitive: false,
    separator: "__",
    normalize: (identifier) => sqlIdentifier(identifier).toLowerCase(),
  },
  /** snake_case; tables do not begin with `_`. */
  s3_tables: {
    caseSensitive: false,
    separator: "__",
    normalize: snakeCase,
    finishTable: (identifier) => identifier.replace(/^_+/, ""),
    maxLength: 255,
  },
} as const satisfies Readonly<Record<string, NamingRules>>;

const replacements: Readonly<Record<string, string>> = { "+": "x", "-": "_", "*": "x", "@": "a", "|": "l" };

function snakeCase(identifier: string): string {
  return collapseUnderscores(
    identifier
      .replace(/[-+*@|]/g, (character) => replacements[character] ?? character)
      .replace(/[^a-zA-Z\p{Nd}_]+/gu, "_")
      .replace(/([^_])([A-Z][a-z]+)/g, "$1_$2")
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .replace(/^(?=\p{Nd})/u, "_")
      .replace(/_+$/, (underscores) => "x".repeat(underscores.length)),
  );
}

function duckCase(identifier: string): string {
  return collapseUnderscores(identifier.replace(/[\n\r"]/g, "_"));
}

function direct(identifier: string): string {
  return identifier.replace(/[\n\r'"▶]/g, "_");
}

function sqlIdentifier(identifier: string): string {
  const word = identifier.replace(/[^a-zA-Z\p{Nd}_]+/gu, "_").replace(/^(?=\p{Nd})/u, "_");
  return collapseUnderscores(word === "_" ? word : word.replace(/_+$/, ""));
}

function collapseUnderscores(identifier: string): string {
  return identifier.replace(/__+/g, "_");
}
