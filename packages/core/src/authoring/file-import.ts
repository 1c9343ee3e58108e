import { isArrowTable } from "../arrow/arrow-batches.js";
import { arrowColumnHints, isArrowSchema } from "../arrow/arrow-hints.js";
import type { ArrowSchema, ArrowTable, ColumnBatch } from "../contract/batch.js";
import type { ColumnHints, Hints } from "../contract/hints.js";
import type { FileImport, Marked } from "../contract/resource.js";
import { SourceError } from "../errors/index.js";
import { isColumnBatch } from "./brand.js";
import { marked } from "./marks.js";

/** What is said of a file that is loaded as it is. */
export interface FileImportOptions {
  /** Rows in the file, for the infos of the run; it is not checked. Default: 0, unknown. */
  readonly rowCount?: number;
  /**
   * Hints of the resource's table, as `withHints` takes them. Of an Arrow table, its schema, or a column batch only the columns are
   * used: their names, types and whether they may be null.
   */
  readonly hints?: Hints | ArrowTable | ArrowSchema | ColumnBatch;
}

/**
 * Yield this to load a file as it is: it becomes a load file of the resource's table, linked where the disk allows that and copied
 * otherwise, and nothing in it is looked at. The file itself is neither changed nor removed.
 *
 * @param path relative to the working folder, or absolute
 * @param format that of its content, as destinations name them: `parquet`, `jsonl`, `csv`. JSON lines and CSV may be compressed with
 * gzip.
 * @throws SourceError `RESOURCE_OPTION_INVALID`
 */
export function withFileImport(
  path: string,
  format: string,
  { rowCount = 0, hints }: FileImportOptions = {},
): Marked<FileImport> {
  if (typeof path !== "string" || path === "" || path.includes("\0")) throw invalid("path", path, "the path of a file");
  if (typeof format !== "string" || !formatName.test(format))
    throw invalid("format", format, "the name of a file format, such as `parquet`");
  if (!Number.isSafeInteger(rowCount) || rowCount < 0) throw invalid("rowCount", rowCount, "an integer from 0 up");
  const file: FileImport = { "~dlt": "file", path, format, rowCount: rowCount === 0 ? null : rowCount };
  return marked(file, hints === undefined ? {} : { hints: hintsOf(hints) });
}

/** Formats are parts of file names. */
const formatName = /^[a-z][a-z0-9_-]{0,31}$/;

function hintsOf(given: NonNullable<FileImportOptions["hints"]>): Hints {
  if (isColumnBatch(given)) return { columns: given.columns.map(batchColumnHints) };
  if (isArrowTable(given)) return { columns: arrowColumnHints(given.schema) };
  return isArrowSchema(given) ? { columns: arrowColumnHints(given) } : given;
}

// As for rows that come in batches: naive timestamps count as UTC unless the column is declared otherwise.
function batchColumnHints({ name, type }: ColumnBatch["columns"][number]): ColumnHints & { readonly name: string } {
  const { timezone: _, ...hints } = type;
  return { name, ...hints };
}

function invalid(name: string, value: unknown, expected: string): SourceError {
  return new SourceError(
    "RESOURCE_OPTION_INVALID",
    `Expected \`${name}\` of \`withFileImport\` to be ${expected}, got \`${String(value)}\`.`,
    { hint: 'Call it as `withFileImport("data/users.parquet", "parquet")`.', context: { option: name } },
  );
}
