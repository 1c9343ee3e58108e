import type { ColumnBatch } from "../contract/batch.js";
import type { FileTable } from "../contract/file-format.js";
import { SchemaError } from "../errors/index.js";
import { isUtf8 } from "../normalize/utf8.js";
import { floatToText } from "../values/float.js";
import { needsQuotes, quoteFrom, writeQuoted } from "./csv-text.js";
import { fieldSources } from "./field-sources.js";
import type { ColumnPlace } from "./refusals.js";
import type { TextBuffer } from "./text-buffer.js";
import { rowOf, type Spelling, textKind, type ValueSource, valueWriter, type WriteValue } from "./value-writer.js";

/**
 * What gets quotes, as Python's csv module has it: everything; all but numbers and booleans; what would be misread otherwise;
 * nothing, where a field that needs quotes is an error.
 */
export type CsvQuoting = "quote_all" | "quote_needed" | "quote_minimal" | "quote_none";

export interface CsvStyle {
  /** As a character code. */
  readonly delimiter: number;
  readonly quoting: CsvQuoting;
  readonly lineterminator: string;
}

/** A column of the file. */
export interface CsvField {
  readonly indices: Int32Array | null;
  /** `null` for a column that the batch lacks. */
  readonly write: WriteValue | null;
}

/** How the rows of a batch become the fields of a line. */
export function csvFields(batch: ColumnBatch, table: FileTable, style: CsvStyle): readonly CsvField[] {
  return fieldSources(batch, table).map(([, source]) =>
    source === null ? { indices: null, write: null } : { indices: source.indices, write: fieldWriter(source, style) },
  );
}

/** True where text is quoted whatever it is. */
export function quotesText(quoting: CsvQuoting): boolean {
  return quoting === "quote_all" || quoting === "quote_needed";
}

/** What stands for a value that is missing. */
export function missingText({ quoting }: CsvStyle): string {
  return quotesText(quoting) ? '""' : "";
}

/** Puts the field that was written bare from `start` on between quotes if it needs them; false when it may not have them. */
export function finishBare(out: TextBuffer, start: number, { delimiter, quoting }: CsvStyle): boolean {
  if (!needsQuotes(out, start, delimiter)) return true;
  if (quoting === "quote_none") return false;
  quoteFrom(out, start);
  return true;
}

/** The error for what cannot be written without quotes. `where` begins the sentence. */
export function quotesRefused(where: string, table: string): SchemaError {
  return new SchemaError(
    "CSV_FIELD_NEEDS_QUOTES",
    `${where} needs quotes in a CSV file, and \`quoting\` is \`quote_none\`.`,
    {
      hint: "Set `quoting` to `quote_needed` or `quote_minimal`, or choose a `delimiter` that the data does not have.",
      context: { table },
    },
  );
}

function fieldWriter(source: ValueSource, style: CsvStyle): WriteValue {
  const write = valueWriter(source, spelling);
  const kind = textKind(source.place.column);
  if (kind === "number" || kind === "bool") return style.quoting === "quote_all" ? betweenQuotes(write) : write;
  const text = quotesText(style.quoting) ? quotedText(source, write) : bareText(source, { write, style });
  if (kind === "json") return withoutNull(source, { write: text, style });
  return kind === "binary" ? onlyUtf8(source, text) : text;
}

/** A document that is `null` counts as missing, as it does where rows are written as JSON. */
function withoutNull(
  { values }: ValueSource,
  { write, style }: { readonly write: WriteValue; readonly style: CsvStyle },
): WriteValue {
  if (values.layout !== "bytes") return write;
  const { offsets, data } = values;
  const missing = missingText(style);
  return (out, index) => {
    const from = offsets[index] as number;
    // No other document of four bytes begins with an n.
    if (data[from] === letterN && (offsets[index + 1] as number) - from === 4) out.ascii(missing);
    else write(out, index);
  };
}

function quotedText({ values }: ValueSource, write: WriteValue): WriteValue {
  // Dates and times have no quotes in them.
  if (values.layout !== "bytes") return betweenQuotes(write);
  const { offsets, data } = values;
  return (out, index) => writeQuoted(out, data, offsets[index] as number, offsets[index + 1] as number);
}

function betweenQuotes(write: WriteValue): WriteValue {
  return (out, index) => {
    out.byte(quote);
    write(out, index);
    out.byte(quote);
  };
}

function bareText(
  source: ValueSource,
  { write, style }: { readonly write: WriteValue; readonly style: CsvStyle },
): WriteValue {
  const { table, column } = source.place;
  return (out, index) => {
    const start = out.length;
    write(out, index);
    if (!finishBare(out, start, style)) {
      throw quotesRefused(
        `Column \`${column.name}\` of table \`${table}\`, row ${rowOf(source, index)} of the batch (counted from 0),`,
        table,
      );
    }
  };
}

function onlyUtf8(source: ValueSource, write: WriteValue): WriteValue {
  const { values, place } = source;
  if (values.layout !== "bytes") return write;
  const { offsets, data } = values;
  return (out, index) => {
    if (!isUtf8(data, offsets[index] as number, offsets[index + 1] as number))
      throw binaryRefused(place, rowOf(source, index));
    write(out, index);
  };
}

function binaryRefused({ table, column }: ColumnPlace, row: number): SchemaError {
  return new SchemaError(
    "CSV_BINARY_NOT_TEXT",
    `Row ${row} of the batch (counted from 0) has bytes in column \`${column.name}\` of table \`${table}\` that are not UTF-8, which a CSV file cannot hold.`,
    {
      hint: 'Set `loaderFileFormat` to "parquet" or "jsonl" for this table.',
      context: { table, column: column.name, row },
    },
  );
}

const spelling: Spelling = {
  falseText: "False",
  trueText: "True",
  dateTimeSeparator: " ".charCodeAt(0),
  double: floatToText,
};
const quote = 0x22;
const letterN = 0x6e;
