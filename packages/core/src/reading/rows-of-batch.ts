import { valueReader } from "../columns/value-reader.js";
import type { ColumnBatch } from "../contract/batch.js";
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
      if (target !== undefined) setField(target, name, plain ? plainValue(read(row)) : read(row));
    }
  }
  return rows;
}

/** Sets a field of a row, also one that every object inherits. */
function setField(row: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") row[name] = value;
  else Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
}
