import type { SqlDialect } from "./dialect.js";

/** How a name or a text is enclosed: what opens and closes it, and what stands for characters that cannot stand for themselves. */
export interface QuoteStyle {
  readonly open: string;
  readonly close: string;
  /** By single character. */
  readonly escapes: Readonly<Record<string, string>>;
}

/** Identifiers and texts of standard SQL. */
export const standardIdentifiers: QuoteStyle = { open: '"', close: '"', escapes: { '"': '""' } };
export const standardText: QuoteStyle = { open: "'", close: "'", escapes: { "'": "''" } };

/** Encloses a text; nothing in it can end it. */
export function quote(style: QuoteStyle, text: string): string {
  let quoted = style.open;
  for (const character of text) quoted += style.escapes[character] ?? character;
  return quoted + style.close;
}

/** An identifier as it is stored when written without quotes. */
export function foldCase(dialect: SqlDialect, identifier: string): string {
  const folding = dialect.capabilities.caseFolding ?? "none";
  if (folding === "none") return identifier;
  return folding === "lower" ? identifier.toLowerCase() : identifier.toUpperCase();
}

/** Folded and quoted, so that it may be a reserved word or hold any character. */
export function quoteIdentifier(dialect: SqlDialect, identifier: string): string {
  return quote(dialect.identifiers, foldCase(dialect, identifier));
}

export function quoteText(dialect: SqlDialect, text: string): string {
  return quote(dialect.text, text);
}

/** Where tables are: a schema, and its catalog where the schema's name alone would be ambiguous. */
export interface DatasetName {
  readonly catalog?: string;
  readonly schema: string;
}

/** `"ds"`, or `"catalog"."ds"`. */
export function quoteDataset(dialect: SqlDialect, dataset: DatasetName): string {
  const schema = quoteIdentifier(dialect, dataset.schema);
  return dataset.catalog === undefined ? schema : `${quoteIdentifier(dialect, dataset.catalog)}.${schema}`;
}

/** `"ds"."users"`. */
export function quoteTable(dialect: SqlDialect, dataset: DatasetName, table: string): string {
  return `${quoteDataset(dialect, dataset)}.${quoteIdentifier(dialect, table)}`;
}
