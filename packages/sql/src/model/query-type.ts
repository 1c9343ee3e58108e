import type { ColumnType } from "@dlt/core";
import { storedColumnType } from "../column-type.js";
import type { SqlDialect } from "../dialect.js";

/** The data type of a column of a query, from its type as the database names it: bits of integers and naive timestamps included. */
export function queryColumnType(dialect: SqlDialect, type: string): ColumnType {
  const { dataType, precision, scale } = storedColumnType(dialect, { type });
  const { bigint, naiveTimestamp } = dialect.types;
  const sized = { dataType, ...(precision !== undefined && { precision }), ...(scale !== undefined && { scale }) };
  if (dataType === "bigint") {
    const bits = bigint.steps.find((step) => isSameType(step.type, type))?.maxPrecision;
    return bits === undefined || isSameType(bigint.unspecified, type) ? { dataType } : { dataType, precision: bits };
  }
  if (dataType !== "timestamp") return sized;
  const step = naiveTimestamp.steps.find((each) => isSameType(each.type, type));
  if (step === undefined && !isSameType(naiveTimestamp.unspecified, type)) return sized;
  const digits = precision ?? (step?.type === naiveTimestamp.unspecified ? undefined : fixedDigits(step));
  return { dataType, timezone: false, ...(digits !== undefined && { precision: digits }) };
}

/** Of a type that has its digits in its name. */
function fixedDigits(step: { readonly maxPrecision: number; readonly type: string } | undefined): number | undefined {
  return step === undefined || step.type.includes("{precision}") ? undefined : step.maxPrecision;
}

function isSameType(one: string, other: string): boolean {
  return withoutSizes(one) === withoutSizes(other);
}

function withoutSizes(type: string): string {
  return type.replace(/\s*\(.*?\)/, "").toUpperCase();
}
