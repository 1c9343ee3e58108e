import type { ColumnBatch } from "../contract/batch.js";
import type { FileFormat, FilePart, FileTable } from "../contract/file-format.js";
import { ConfigError } from "../errors/index.js";
import {
  type CsvField,
  type CsvQuoting,
  type CsvStyle,
  csvFields,
  finishBare,
  missingText,
  quotesRefused,
  quotesText,
} from "./csv-fields.js";
import { quoteFrom } from "./csv-text.js";
import { TextBuffer } from "./text-buffer.js";
import { TextFileWriter, textLayout } from "./text-file-writer.js";

export interface CsvOptions {
  /** An ASCII character that neither numbers nor booleans have in them. Default: `,`. */
  readonly delimiter?: string;
  /** Default: `quote_needed`. */
  readonly quoting?: CsvQuoting;
  /** Begin the file with the names of the columns. Default: true. */
  readonly includeHeader?: boolean;
  /** After each line, the last one included. Default: a line feed. */
  readonly lineterminator?: "\n" | "\r\n";
}

/**
 * Comma-separated values, UTF-8, a field for every column of the table. A value that is missing, and a document that is `null`, is
 * written as empty text is. Booleans are `True` and `False`, dates and times ISO 8601 with a space between date and time, doubles
 * may be `nan`, `inf` and `-inf`, documents are JSON text, binary values have to be UTF-8.
 *
 * @throws ConfigError `CONFIG_VALUE_INVALID`; encoding throws SchemaError `CSV_BINARY_NOT_TEXT`, `CSV_FIELD_NEEDS_QUOTES`
 */
export function csv(options: CsvOptions = {}): FileFormat {
  const style = styleOf(options);
  const { includeHeader = true } = options;
  const out = new TextBuffer();
  return {
    name: format,
    extension: "csv",
    encode(batch: ColumnBatch, table: FileTable): FilePart {
      out.length = 0;
      writeRows(out, { fields: csvFields(batch, table, style), rowCount: batch.rowCount, table, style });
      return { rowCount: batch.rowCount, bytes: out.copy(), layout: textLayout(format, table) };
    },
    open(table, sink) {
      const header = includeHeader ? headerOf(table, style) : new Uint8Array(0);
      return new TextFileWriter({ format, table, sink, header });
    },
  };
}

const format = "csv";

function styleOf({ delimiter = ",", quoting = "quote_needed", lineterminator = "\n" }: CsvOptions): CsvStyle {
  if (!/^[\t -~]$/.test(delimiter) || /["+\-.0-9A-Za-z]/.test(delimiter)) {
    throw invalid("delimiter", "one ASCII character other than a letter, digit, quote, `+`, `-` and `.`", delimiter);
  }
  if (!quotings.includes(quoting))
    throw invalid("quoting", `one of ${quotings.map((name) => `\`${name}\``).join(", ")}`, quoting);
  if (lineterminator !== "\n" && lineterminator !== "\r\n")
    throw invalid("lineterminator", "`\\n` or `\\r\\n`", JSON.stringify(lineterminator));
  return { delimiter: delimiter.charCodeAt(0), quoting, lineterminator };
}

const quotings: readonly string[] = ["quote_all", "quote_needed", "quote_minimal", "quote_none"] satisfies CsvQuoting[];

interface Rows {
  readonly fields: readonly CsvField[];
  readonly rowCount: number;
  readonly table: FileTable;
  readonly style: CsvStyle;
}

function writeRows(out: TextBuffer, { fields, rowCount, table, style }: Rows): void {
  const missing = missingText(style);
  for (let row = 0; row < rowCount; row++) {
    const start = out.length;
    for (let i = 0; i < fields.length; i++) {
      if (i > 0) out.byte(style.delimiter);
      const { indices, write } = fields[i] as CsvField;
      const index = indices === null ? row : (indices[row] as number);
      if (write === null || index < 0) out.ascii(missing);
      else write(out, index);
    }
    if (out.length === start) {
      // A line without anything is none.
      if (style.quoting === "quote_none")
        throw quotesRefused(
          `Row ${row} of the batch (counted from 0) for table \`${table.name}\`, which is empty,`,
          table.name,
        );
      quoteFrom(out, start);
    }
    out.ascii(style.lineterminator);
  }
}

function headerOf(table: FileTable, style: CsvStyle): Uint8Array {
  const out = new TextBuffer();
  for (const { name } of table.columns) {
    if (out.length > 0) out.byte(style.delimiter);
    const start = out.length;
    const text = utf8.encode(name);
    out.append(text, 0, text.length);
    if (quotesText(style.quoting)) quoteFrom(out, start);
    else if (!finishBare(out, start, style))
      throw quotesRefused(`The name of column \`${name}\` of table \`${table.name}\``, table.name);
  }
  out.ascii(style.lineterminator);
  return out.copy();
}

function invalid(option: string, expected: string, given: unknown): ConfigError {
  return new ConfigError(
    "CONFIG_VALUE_INVALID",
    `Expected \`${option}\` of \`csv\` to be ${expected}, got \`${String(given)}\`.`,
    {
      hint: `Give \`csv\` another \`${option}\`, or leave it out for the default.`,
      context: { option },
    },
  );
}

const utf8 = new TextEncoder();
