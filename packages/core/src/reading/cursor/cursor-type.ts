import type { CursorType } from "../../contract/incremental.js";
import { kindOf } from "../../values/value-kind.js";

/** The type of a bound of a cursor: `text`, or `null` for what no cursor has a type for. */
export function cursorTypeOf(value: unknown): CursorType | "text" | null {
  if (typeof value === "string") return "text";
  if (typeof value === "bigint") return "bigint";
  if (typeof value === "number") return Number.isInteger(value) ? "bigint" : "double";
  if (typeof value !== "object" || value === null) return null;
  if (value instanceof Date) return "timestamp";
  const kind = kindOf(value);
  if (kind === "float") return "double";
  return kind === "timestamp" || kind === "date" ? kind : null;
}
