import { encodePage, type RowsItem, type TextItem } from "@dlt/core/engine";
import { cutText } from "./cut-text.js";
import { isOwnText } from "./own-text.js";

/** Lines of a resource on their way into a chunk. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly rowCount: number | null;
  /** Rows, or lines where they are not counted. */
  readonly position: number;
  readonly numbers: "text" | "objects";
  /** Nobody else uses the buffer. */
  readonly isOwn: boolean;
}

/** So many bytes of text are encoded or cut at a time. */
const sliceBytes = 1024 * 1024;

/** Rows as lines, a slice at a time. What is asked is asked again for each slice, once the one before has been taken. */
export function* linesOfRows(
  rows: readonly unknown[],
  options: {
    readonly numbers: RowsItem["numbers"];
    /** Rows that make up about so many bytes. */
    rowsFor(bytes: number): number;
    /** Rows of the resource before these. */
    firstRow(): number;
  },
): Generator<Lines> {
  for (let from = 0; from < rows.length; ) {
    const slice = rows.slice(from, from + options.rowsFor(sliceBytes));
    const {
      bytes,
      rowCount,
      numbers: seen,
    } = encodePage(slice, {
      firstRow: options.firstRow(),
      maxBytes: 8 * sliceBytes,
    });
    yield { bytes, rowCount, position: rowCount, numbers: options.numbers === "text" ? "text" : seen, isOwn: false };
    from += rowCount;
  }
}

/** Text as it is, cut between lines into pieces that fit chunks of so many bytes. */
export function* linesOfText({ text }: TextItem, chunkBytes: number): Generator<Lines> {
  const sizes = { wholeBytes: chunkBytes, pieceBytes: Math.min(sliceBytes, Math.ceil(chunkBytes / 4)) };
  for (const { bytes, rowCount } of cutText(text, sizes)) {
    const isOwn = isOwnText(text) && bytes === text.jsonText;
    yield { bytes, rowCount, position: rowCount ?? lineCount(bytes), numbers: "text", isOwn };
  }
}

function lineCount(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}
