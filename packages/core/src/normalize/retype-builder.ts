import { isSet } from "../columns/bitmap.js";
import { BytesBuilder, type ColumnBuilder, Decimal128Builder, Int64Builder } from "../columns/column-builder.js";
import { unscaledAt } from "../columns/decimal128.js";
import { InternalError } from "../errors/index.js";

/** Moves the values of a column into an empty builder of a wider type. Text that stands in for numbers stays text. */
export function retypeBuilder(before: ColumnBuilder, empty: ColumnBuilder): ColumnBuilder {
  const after = before instanceof BytesBuilder ? new BytesBuilder(empty.name, empty.type) : empty;
  const { filled } = before;
  const column = before.finish(filled);
  for (let row = 0; row < filled; row++) {
    if (!isSet(column.validity, row)) continue;
    if (column.layout === "fixed" && after instanceof Int64Builder)
      after.setBigInt(row, BigInt(column.values[row] ?? 0));
    else if (column.layout === "bytes" && after instanceof BytesBuilder)
      after.set(row, column.data.subarray(column.offsets[row], column.offsets[row + 1]));
    else if (column.layout === "decimal128" && after instanceof Decimal128Builder)
      after.set(row, unscaledAt(column.words, row) * 10n ** BigInt(after.scale - column.scale));
    else throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Column \`${before.name}\` cannot become wider.`);
  }
  after.nullUpTo(filled);
  return after;
}
