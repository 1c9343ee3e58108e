import { BytesBuilder, type ColumnBuilder, Int64Builder } from "../columns/column-builder.js";
import { readValue } from "../columns/column-reader.js";
import type { DataValue } from "../values/data-value.js";

/** True for an integer that a column of integers has to be text for, since it is beyond 64 bits. */
export function needsText(builder: ColumnBuilder, value: DataValue): builder is Int64Builder {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) === value) return false;
  return builder instanceof Int64Builder && builder.type.dataType === "bigint";
}

/** A builder with the same rows, whose integers are decimal text. */
export function integersAsText(narrow: Int64Builder): BytesBuilder {
  const { name, type, filled } = narrow;
  const column = narrow.finish(filled);
  const wide = new BytesBuilder(name, type);
  for (let row = 0; row < filled; row++) {
    const value = readValue(column, row);
    if (value !== null) wide.set(row, encoder.encode(String(value)));
  }
  wide.nullUpTo(filled);
  return wide;
}

const encoder = new TextEncoder();
