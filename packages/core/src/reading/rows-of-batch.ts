import { valueReader } from "../columns/value-reader.js";
import type { ColumnBatch } from "../contract/batch.js";
import { setOwnMember } from "../values/own-member.js";
import { plainValue } from "./plain-value.js";

/**
 * The rows of a batch as objects; a missing value is `null`. `plain`: numbers as JavaScript has them; otherwise an integral
 * double is a `Float`, and JSON is decoded without loss.
 */
export function rowsOfBatch(
  batch: ColumnBatch,
  { plain }: { readonly plain: boolean },
): readonly Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = Array.from({ length: batch.rowCount }, () => ({}));
  for (const column of batch.columns) {
    const read = valueReader(column);
    const { name } = column;
    for (let row = 0; row < batch.rowCount; row++) {
      const target = rows[row];
      if (target !== undefined) setOwnMember(target, name, plain ? plainValue(read(row)) : read(row));
    }
  }
  return rows;
}
