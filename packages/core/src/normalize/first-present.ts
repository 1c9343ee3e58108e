import { isSet } from "../columns/bitmap.js";
import { BytesBuilder, Int64Builder } from "../columns/column-builder.js";
import { readValue } from "../columns/column-reader.js";
import type { Column } from "../contract/batch.js";

/**
 * A column of links with the values of `own` in the rows where it has none: rows that brought their ids may have brought the rest,
 * too.
 */
export function firstPresent(links: Column, own: Column, rowCount: number): Column {
  const { name, type } = own;
  const integers = type.dataType === "bigint" ? new Int64Builder(name, type) : null;
  const texts = new BytesBuilder(name, type);
  for (let row = 0; row < rowCount; row++) {
    const value = readValue(isSet(links.validity, row) ? links : own, row);
    if (value === null) continue;
    if (integers === null) texts.set(row, encoder.encode(String(value)));
    else integers.setBigInt(row, BigInt(String(value)));
  }
  return (integers ?? texts).finish(rowCount);
}

const encoder = new TextEncoder();
