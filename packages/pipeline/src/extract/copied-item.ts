import type { Item } from "@dlt/core/engine";

/** An item with shallow copies of its rows. Text and columns are never changed, so that they are the same. */
export function copiedItem(item: Item): Item {
  return item.kind === "rows" ? { ...item, rows: item.rows.map(copiedRow) } : item;
}

function copiedRow(row: unknown): unknown {
  if (typeof row !== "object" || row === null) return row;
  if (Array.isArray(row)) return [...(row as readonly unknown[])];
  if (row instanceof Map) return new Map(row);
  const prototype: unknown = Object.getPrototypeOf(row);
  // Objects of classes may have more than their properties, and are values.
  return prototype === Object.prototype || prototype === null ? { ...row } : row;
}
