import type { ColumnSchema } from "../contract/schema.js";

/** The type of a column with its sizes: `decimal(10, 2)`. */
export function sizedType({ dataType, precision, scale }: ColumnSchema): string {
  const sizes = [precision, scale].filter((size) => size !== undefined && size !== null);
  return `${dataType ?? "no data type"}${sizes.length === 0 ? "" : `(${sizes.join(", ")})`}`;
}
