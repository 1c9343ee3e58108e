import { BytesBuilder, type ColumnBuilder, Decimal128Builder, Int64Builder } from "../columns/column-builder.js";
import { readValue } from "../columns/column-reader.js";
import type { DataValue } from "../values/data-value.js";
import { Decimal, unscaled } from "../values/decimal.js";
import { Wei } from "../values/wei.js";

/** A builder of numbers that text may have to stand in for. */
export type NumberBuilder = Int64Builder | Decimal128Builder;

export function isNumberBuilder(builder: ColumnBuilder): builder is NumberBuilder {
  return builder instanceof Int64Builder || builder instanceof Decimal128Builder;
}

/** True for an integer beyond 64 bits, and for a decimal that does not have the digits of its column: they are exact as text only. */
export function needsText(builder: ColumnBuilder, value: DataValue): builder is NumberBuilder {
  if (builder instanceof Int64Builder) {
    return typeof value === "bigint" && builder.type.dataType === "bigint" && BigInt.asIntN(64, value) !== value;
  }
  if (!(builder instanceof Decimal128Builder)) return false;
  if (value instanceof Decimal) return !fits(value, builder);
  return value instanceof Wei && !fits(value.decimal, builder);
}

/** A builder with the same rows, whose numbers are decimal text. */
export function numbersAsText(numbers: NumberBuilder): BytesBuilder {
  const { name, type, filled } = numbers;
  const column = numbers.finish(filled);
  const texts = new BytesBuilder(name, type);
  for (let row = 0; row < filled; row++) {
    const value = readValue(column, row);
    if (value !== null) texts.set(row, encoder.encode(String(value)));
  }
  texts.nullUpTo(filled);
  return texts;
}

function fits(decimal: Decimal, { scale, type: { precision = 38 } }: Decimal128Builder): boolean {
  if (decimal.special !== null || decimal.digits.length + decimal.exponent + scale > precision) return false;
  // Zeros behind the digits of the scale may be left out.
  return decimal.exponent + scale >= 0 || unscaled(decimal, scale) !== null;
}

const encoder = new TextEncoder();
