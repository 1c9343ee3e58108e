import { ConfigError } from "@dlt/core";

/** How CSV files that are loaded are written. Quotes are `"`, doubled inside; an empty field is null. */
export interface CsvFormat {
  readonly delimiter: string;
  /** Without a header the columns are those of the table, in its order. */
  readonly includeHeader: boolean;
}

export const defaultCsvFormat: CsvFormat = { delimiter: ",", includeHeader: true };

/**
 * From code, a file or variables, where it is JSON or a variable each; names of settings may be camelCase or snake_case. Those of Python dlt
 * are taken as far as they ask for what is done anyway: any quoting and line end is read, as UTF-8, and a wrong row is refused.
 */
export function parseCsvFormat(native: unknown): CsvFormat {
  const settings = typeof native === "string" ? fromJson(native) : native;
  if (typeof settings !== "object" || settings === null) throw invalid("is no object");
  const format: { -readonly [Name in keyof CsvFormat]: CsvFormat[Name] } = { ...defaultCsvFormat };
  for (const [key, value] of Object.entries(settings)) {
    switch (key) {
      case "delimiter":
        // https://www.postgresql.org/docs/current/sql-copy.html: one byte.
        if (typeof value !== "string" || !/^[\t -~]$/.test(value) || value === '"')
          throw invalid("needs one ASCII character other than a quote for `delimiter`");
        format.delimiter = value;
        break;
      case "includeHeader":
      case "include_header":
        if (!/^(?:true|false)$/i.test(String(value))) throw invalid("needs true or false for `include_header`");
        format.includeHeader = /^true$/i.test(String(value));
        break;
      case "quoting":
      case "lineterminator":
        break;
      case "encoding":
        if (!/^utf-?8$/i.test(String(value)))
          throw invalid("needs `utf-8` for `encoding`; other files are to be converted before");
        break;
      case "onErrorContinue":
      case "on_error_continue":
        if (!/^false$/i.test(String(value)))
          throw invalid("needs false for `on_error_continue`: a file is loaded as a whole");
        break;
      default:
        throw invalid(`has no setting \`${key}\`; there are \`delimiter\` and \`include_header\``);
    }
  }
  return format;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function invalid(reason: string): ConfigError {
  return new ConfigError("CONFIG_VALUE_INVALID", `\`csvFormat\` of \`postgres\` ${reason}.`, {
    hint: 'Give `csvFormat` as `{ delimiter: ";", includeHeader: true }`.',
    context: { field: "csvFormat" },
  });
}
