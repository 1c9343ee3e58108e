import { aroundTable, formatLayout, type Layout } from "./layout.js";
import { pathPart } from "./path-part.js";
import { standardPlaceholders } from "./placeholders.js";

/** The files of one table: those whose keys start with a text, and that are meant. */
export interface TableFiles {
  readonly prefix: string;
  isMeant(key: string): boolean;
}

/**
 * Finds the files of a table. Where each table has a folder, all that is in it; otherwise what is named as the layout says, to the end:
 * `users_old_1.jsonl` is a file of `users_old`, and not of `users`.
 */
export function filesOfTable(table: string, layout: Layout, schemaName: string): TableFiles {
  const { before, separator, after } = aroundTable(layout);
  const names: Readonly<Record<string, string>> = { schema_name: pathPart(schemaName), table_name: pathPart(table) };
  const start = formatLayout({ segments: before }, names) + names["table_name"];
  if (separator.startsWith("/")) return { prefix: `${start}/`, isMeant: (key) => !isMarker(key) };
  const rest = after.map((segment) => {
    if ("text" in segment) return literal(segment.text);
    const value = names[segment.placeholder];
    return value === undefined ? standardPlaceholders.get(segment.placeholder) : literal(value);
  });
  const pattern = new RegExp(`^${literal(start + separator)}${rest.join("")}$`, "s");
  return { prefix: start + separator, isMeant: (key) => pattern.test(key) };
}

/** Early versions of Python dlt left such files in the folders of tables. */
function isMarker(key: string): boolean {
  return key.endsWith("/init");
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
