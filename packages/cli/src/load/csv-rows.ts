import type { Readable } from "node:stream";
import { CsvError, type Options, parse } from "csv-parse";
import { CliError } from "../errors.js";
import { type ColumnReader, columnReaders } from "./column-readers.js";

/** Rows from which the types of columns are told. */
const sampleRows = 1000;
const pageRows = 1000;

/**
 * The rows of lines of text with a separator, whose first line names the columns. What columns hold is told from the first 1,000 rows:
 * whole numbers, numbers, true or false, otherwise text; an empty field is null. With `allText` everything is text.
 * @throws CliError `CLI:INPUT_UNREADABLE`
 */
export async function* csvRows(
  bytes: Readable,
  { delimiter, allText }: { readonly delimiter: "," | "\t"; readonly allText: boolean },
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  const options: Options = { columns: columnNames, delimiter, bom: true, skip_empty_lines: true };
  let readers: ReadonlyMap<string, ColumnReader> | null = null;
  let page: Readonly<Record<string, string>>[] = [];
  const typed = (rows: readonly Readonly<Record<string, string>>[]) => {
    readers ??= columnReaders(rows, { allText });
    const known = readers;
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, text]) => [column, known.get(column)?.(text) ?? null])),
    );
  };
  try {
    for await (const row of bytes.pipe(parse(options)) as AsyncIterable<Readonly<Record<string, string>>>) {
      page.push(row);
      if (page.length < (readers === null ? sampleRows : pageRows)) continue;
      yield typed(page);
      page = [];
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error) : error;
  }
  if (page.length > 0) yield typed(page);
}

function columnNames(header: readonly string[]): string[] {
  const names = header.map((name, index) => name.trim() || `column_${index + 1}`);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return names;
  throw new CliError("CLI:INPUT_UNREADABLE", `Two columns of the first line are named \`${repeated}\`.`, {
    hint: "Give each column a name of its own in the first line; nothing was loaded.",
  });
}

/** The parser's own message may show what stands in the line. */
function unreadable({ code, lines }: CsvError & { readonly lines?: number }): CliError {
  const line = lines === undefined ? "" : ` at line ${lines}`;
  const problem = problems[code] ?? code;
  return new CliError("CLI:INPUT_UNREADABLE", `The text cannot be read as columns${line}: ${problem}.`, {
    hint: "Correct the line: each has as many fields as the first, and fields with separators, quotes or line breaks stand in quotes.",
  });
}

const problems: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_COLUMNS: "it has another number of fields than the first line",
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: "it has another number of fields than the first line",
  CSV_QUOTE_NOT_CLOSED: "a quote is not closed",
  CSV_INVALID_CLOSING_QUOTE: "something stands behind a closing quote",
  INVALID_OPENING_QUOTE: "a quote stands within a field that has none around it",
};
