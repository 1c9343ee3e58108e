import { isSet } from "../src/columns/bitmap.js";
import type { Column, ColumnBatch } from "../src/contract/batch.js";
import { setOwnMember } from "../src/values/own-member.js";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The rows of a batch as plain objects, without missing values: integers as bigint, text and json as text, decimals unscaled. */
export function batchRows(batch: ColumnBatch): Record<string, unknown>[] {
  return Array.from({ length: batch.rowCount }, (_, row) => {
    const values: Record<string, unknown> = {};
    for (const column of batch.columns) {
      if (isSet(column.validity, row)) setOwnMember(values, column.name, columnValue(column, row));
    }
    return values;
  });
}

function columnValue(column: Column, row: number): unknown {
  switch (column.layout) {
    case "fixed":
      return column.values[row];
    case "bits":
      return isSet(column.values, row);
    case "bytes": {
      const bytes = column.data.subarray(column.offsets[row], column.offsets[row + 1]);
      if (column.type.dataType === "binary") return Uint8Array.from(bytes);
      return column.type.dataType === "bigint" ? BigInt(decoder.decode(bytes)) : decoder.decode(bytes);
    }
    case "decimal128":
      return ((column.words[row * 2 + 1] ?? 0n) << 64n) + BigInt.asUintN(64, column.words[row * 2] ?? 0n);
    case "dictionary":
      return columnValue(column.values, column.indices[row] ?? 0);
  }
}
