import type { JsonText } from "../contract/batch.js";
import { decodeJsonAt } from "../json/decode.js";
import type { RowsView } from "./cursor/cursor-page.js";
import { valueEnds } from "./rows-of.js";

/** Rows that are at hand as they are. */
export function viewOf(rows: readonly unknown[]): RowsView {
  const row = (index: number): unknown => rows[index];
  return { length: rows.length, row, exact: row };
}

/** The rows of a JSON text, parsed one by one when they are looked at. */
export interface TextView extends RowsView {
  /** The text of these rows only, as lines. */
  pick(indexes: readonly number[]): JsonText;
}

/** @throws SourceError `JSON_TEXT_CUT` */
export function viewText(text: JsonText): TextView {
  const { bytes, ends } = valueEnds(text);
  const startOf = (index: number): number => ends[index - 1] ?? 0;
  const exact = (index: number): unknown => decodeJsonAt(bytes, startOf(index), ends[index] ?? 0);
  return {
    length: ends.length,
    row: (index) => {
      try {
        return JSON.parse(utf8.decode(bytes.subarray(startOf(index), ends[index]))) as unknown;
      } catch {
        // Says what is wrong, and where.
        return exact(index);
      }
    },
    exact,
    pick: (indexes) => {
      const parts = indexes.map((index) => bytes.subarray(startOf(index), ends[index]));
      // Each row begins with the white space before it; the first of the text has none.
      const picked = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, 0));
      let position = 0;
      for (const part of parts) {
        picked.set(part, position);
        position += part.length;
        picked[position++] = 0x0a;
      }
      return { jsonText: picked, framing: "lines" };
    },
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
