import { DestinationError } from "@dlt/core";

export interface InsertTarget {
  /** Table and columns as they are written behind `INSERT INTO`, for the columns of the file. */
  readonly into: (columns: readonly string[]) => string;
  /** Statements end after the row with which they have as many characters. */
  readonly maxLength: number;
  /** Default: no limit. */
  readonly maxRows?: number;
}

/**
 * The statements that insert the rows of a file of the format `insert_values`.
 * @throws DestinationError `DESTINATION_LOAD_FILE_UNREADABLE` for a file that was cut off or changed
 */
export async function* insertStatements(
  file: AsyncIterable<Uint8Array>,
  { into, maxLength, maxRows = Number.POSITIVE_INFINITY }: InsertTarget,
): AsyncGenerator<string, void, undefined> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const decoded = (bytes: Uint8Array): string => {
    try {
      return utf8.decode(bytes, { stream: true });
    } catch (cause) {
      throw unreadable(cause);
    }
  };
  let text = "";
  let head: string | null = null;
  let rows: string[] = [];
  let length = 0;
  let hasEnded = false;
  for await (const bytes of file) {
    text += decoded(bytes);
    let at = 0;
    if (head === null) {
      const header = readHeader(text);
      if (header === null) continue;
      head = `INSERT INTO ${into(header.columns)} VALUES\n`;
      at = header.end;
    }
    for (let end = text.indexOf("\n", at); end >= 0; end = text.indexOf("\n", at)) {
      const terminator = text[end - 1];
      if (hasEnded || text[at] !== "(" || (terminator !== "," && terminator !== ";")) throw unreadable();
      hasEnded = terminator === ";";
      rows.push(text.slice(at, end - 1));
      length += end - at;
      at = end + 1;
      if (length < maxLength && rows.length < maxRows) continue;
      yield `${head}${rows.join(",\n")};`;
      rows = [];
      length = 0;
    }
    text = text.slice(at);
  }
  if (text !== "" || (head !== null && !hasEnded)) throw unreadable();
  if (rows.length > 0) yield `${head}${rows.join(",\n")};`;
}

/** Reads `INSERT INTO {}("a","b")` and `VALUES`; `null` when more text is needed. */
function readHeader(text: string): { readonly columns: readonly string[]; readonly end: number } | null {
  if (!text.startsWith(beginning.slice(0, text.length))) throw unreadable();
  const columns: string[] = [];
  let at = beginning.length;
  for (;;) {
    const column = /"((?:[^"]|"")*)"([,)])/y;
    column.lastIndex = at;
    const [all, name, next] = column.exec(text) ?? [];
    if (all === undefined || name === undefined) return null;
    columns.push(name.replaceAll('""', '"'));
    at += all.length;
    if (next === ")") break;
  }
  if (!text.startsWith(values.slice(0, text.length - at), at)) throw unreadable();
  return text.length < at + values.length ? null : { columns, end: at + values.length };
}

const beginning = "INSERT INTO {}(";
const values = "\nVALUES\n";

function unreadable(cause?: unknown): DestinationError {
  return new DestinationError(
    "DESTINATION_LOAD_FILE_UNREADABLE",
    "A file of the format `insert_values` was cut off, or is not written as such.",
    {
      hint: "Do not change files of a load package; drop the package and extract again if its files are damaged.",
      ...(cause !== undefined && { cause }),
    },
  );
}
