import { ConfigError } from "@dlt/core";

/** How CSV files are written. Quotes are `"`, doubled inside; an empty field is null. */
export interface CsvFormat {
  readonly delimiter: string;
  /** Without a header the columns are those of the table, in its order. */
  readonly includeHeader: boolean;
}

export const defaultCsvFormat: CsvFormat = { delimiter: ",", includeHeader: true };

/** Names of settings may be camelCase or snake_case. */
export function parseCsvFormat(native: unknown): CsvFormat {
  if (typeof native !== "object" || native === null) throw invalid("is no object");
  const format: { -readonly [Name in keyof CsvFormat]: CsvFormat[Name] } = { ...defaultCsvFormat };
  for (const [key, value] of Object.entries(native)) {
    switch (key) {
      case "delimiter":
        // https://www.postgresql.org/docs/current/sql-copy.html: one byte.
        if (typeof value !== "string" || !/^[\t -~]$/.test(value) || value === '"')
          throw invalid("needs one ASCII character other than a quote for `delimiter`");
        format.delimiter = value;
        break;
      case "includeHeader":
      case "include_header":
        if (typeof value !== "boolean") throw invalid("needs true or false for `include_header`");
        format.includeHeader = value;
        break;
      default:
        throw invalid(`has no setting \`${key}\`; there are \`delimiter\` and \`include_header\``);
    }
  }
  return format;
}

function invalid(reason: string): ConfigError {
  return new ConfigError("CONFIG_VALUE_INVALID", `\`csvFormat\` of \`postgres\` ${reason}.`, {
    hint: 'Give `csvFormat` as `{ delimiter: ";", includeHeader: true }`.',
    context: { field: "csvFormat" },
  });
}
