import { ConfigError } from "@dlt/core";
import { type ExtraPlaceholders, standardPlaceholders } from "./placeholders.js";

type Segment = { readonly text: string } | { readonly placeholder: string };

/** How files are named below a dataset: texts and placeholders in their order. */
export interface Layout {
  readonly segments: readonly Segment[];
}

/**
 * Reads a layout such as `{table_name}/{load_id}.{file_id}.{ext}`.
 * @throws ConfigError `FILE_LAYOUT_INVALID`
 */
export function parseLayout(layout: string, extra: ExtraPlaceholders = {}): Layout {
  const segments = segmentsOf(layout);
  const names = segments.flatMap((segment) => ("placeholder" in segment ? [segment.placeholder] : []));
  const isKnown = (name: string) => standardPlaceholders.has(name) || Object.hasOwn(extra, name);
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0) throw invalid(layout, `${listed(unknown)} is no placeholder`);
  const missing = ["table_name", "load_id", "file_id"].filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw invalid(layout, `it lacks ${listed(missing)}, without which files would be written over each other`);
  checkTable(layout, segments, names);
  checkOwn(layout, { segments }, extra);
  checkPath(layout, segments);
  return { segments };
}

/** The name of a file. */
export function formatLayout({ segments }: Layout, values: Readonly<Record<string, string>>): string {
  return segments.map((segment) => ("text" in segment ? segment.text : (values[segment.placeholder] ?? ""))).join("");
}

/** What stands before the name of the table, and between it and the next placeholder. */
export function aroundTable({ segments }: Layout): {
  readonly before: readonly Segment[];
  readonly separator: string;
  readonly after: readonly Segment[];
} {
  const at = indexOfTable(segments);
  const next = segments[at + 1];
  const separator = next !== undefined && "text" in next ? next.text : "";
  return { before: segments.slice(0, at), separator, after: segments.slice(at + 2) };
}

function segmentsOf(layout: string): readonly Segment[] {
  const parts = layout.split(/\{([^{}]*)\}/);
  const segments = parts.map((part, index): Segment => (index % 2 === 0 ? { text: part } : { placeholder: part }));
  if (segments.some((segment) => "text" in segment && /[{}]/.test(segment.text)))
    throw invalid(layout, "its braces do not match");
  return segments.filter((segment) => !("text" in segment && segment.text === ""));
}

/** Files of a table are found by how their names begin. */
function checkTable(layout: string, segments: readonly Segment[], names: readonly string[]): void {
  const before = names.slice(0, names.indexOf("table_name")).filter((name) => name !== "schema_name");
  if (before.length > 0) throw invalid(layout, `${listed(before)} stands before \`{table_name}\``);
  const at = indexOfTable(segments);
  const next = segments[at + 1];
  const previous = segments[at - 1];
  if (next === undefined || "placeholder" in next) throw invalid(layout, "no separator follows `{table_name}`");
  if (/^[\p{L}\p{N}]/u.test(next.text))
    throw invalid(layout, "a letter or digit follows `{table_name}`, which could be part of the name of another table");
  if (previous !== undefined && "placeholder" in previous)
    throw invalid(layout, "no separator stands between `{schema_name}` and `{table_name}`");
}

/** Values of placeholders of one's own may be others tomorrow, and may look like the rest of the name of another table. */
function checkOwn(layout: string, parsed: Layout, extra: ExtraPlaceholders): void {
  const { separator, after } = aroundTable(parsed);
  if (separator.startsWith("/")) return;
  const given = after.flatMap((segment) => ("placeholder" in segment ? [segment.placeholder] : []));
  const own = given.filter((name) => Object.hasOwn(extra, name));
  if (own.length > 0)
    throw invalid(layout, `${listed(own)} is a placeholder of your own, so that \`/\` has to follow \`{table_name}\``);
}

function checkPath(layout: string, segments: readonly Segment[]): void {
  const sample = segments.map((segment) => ("text" in segment ? segment.text : "x")).join("");
  if (sample.split("/").some((part) => part === "" || part === "." || part === ".."))
    throw invalid(layout, "it has an empty part, `.` or `..`");
}

function indexOfTable(segments: readonly Segment[]): number {
  return segments.findIndex((segment) => "placeholder" in segment && segment.placeholder === "table_name");
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`{${name}}\``).join(", ");
}

function invalid(layout: string, reason: string): ConfigError {
  return new ConfigError("FILE_LAYOUT_INVALID", `The layout \`${layout}\` cannot be used: ${reason}.`, {
    hint: "Use `{table_name}/{load_id}.{file_id}.{ext}` or one like it; declare placeholders of your own as `extra_placeholders`.",
    context: { layout },
  });
}
