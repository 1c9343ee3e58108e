import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type QuoteStyle, quote } from "../../src/quote.js";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
/** That of the repository, or another with vectors of the same formats. A relative path starts at the repository. */
const folder = resolve(repository, process.env["DLT_VECTORS"] ?? "vectors");

interface IdentifierCase {
  readonly identifier: string;
  readonly escaped: Readonly<Record<string, string>>;
}

// The reference doubles backslashes in every style; whether a database wants that is a matter of its dialect.
const doubleQuotes: QuoteStyle = { open: '"', close: '"', escapes: { '"': '""', "\\": "\\\\" } };
const hive: QuoteStyle = { open: "`", close: "`", escapes: { "`": "\\`", "\\": "\\\\" } };
const clickhouse: QuoteStyle = { open: "`", close: "`", escapes: { "`": "``", "\\": "\\\\" } };
const styles: Readonly<Record<string, QuoteStyle>> = {
  postgres: doubleQuotes,
  redshift: doubleQuotes,
  athena: doubleQuotes,
  dremio: doubleQuotes,
  snowflake: doubleQuotes,
  hive,
  databricks: hive,
  bigquery: hive,
  clickhouse,
};

interface VectorFile {
  readonly format: string;
  readonly cases: readonly IdentifierCase[];
}

function differencesOf({ identifier, escaped }: IdentifierCase): readonly string[] {
  return Object.entries(escaped).flatMap(([dialect, text]) => {
    const style = styles[dialect];
    if (style === undefined) return [`no style for ${dialect}`];
    const quoted = quote(style, identifier);
    return quoted === text ? [] : [`${dialect}: expected ${text}, got ${quoted}`];
  });
}

for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
  if (!file.endsWith(".json")) continue;
  const { format, cases } = JSON.parse(readFileSync(join(folder, file), "utf8")) as VectorFile;
  if (format !== "sql-identifiers") continue;
  test(file, () => {
    const failed = cases.flatMap((vector, index) => {
      const differences = differencesOf(vector);
      return differences.length === 0 ? [] : [`case ${index}: ${differences.join("; ")}`];
    });
    console.log([`${file}: ${cases.length - failed.length} passed, ${failed.length} failed`, ...failed].join("\n  "));
    expect(failed).toEqual([]);
  });
}
