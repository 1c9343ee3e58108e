import type { Rejection } from "../../contract/normalizer.js";
import { isDltError } from "../../errors/index.js";

/** Errors that are the fault of one row: the rows before and after it can be loaded without it. */
const rowErrors: ReadonlySet<string> = new Set([
  "COLUMN_NULL_REFUSED",
  "COLUMN_TYPE_DIFFERS",
  "COLUMN_VALUE_NOT_CONVERTIBLE",
  "COLUMN_VALUE_OUT_OF_RANGE",
  "ROW_KEY_MISSING",
]);

/** An error as the reason why a row is rejected; `null` for one that concerns more than the row, such as a frozen contract. */
export function rowRejection(error: unknown): Rejection | null {
  if (!isDltError(error) || !rowErrors.has(error.code)) return null;
  const { column } = error.context;
  return { code: error.code, reason: error.message, column: typeof column === "string" ? column : null };
}
