import type { ColumnSchema, TableSchema } from "@dlt/core";
import { type ByPrecision, type ColumnTypes, columnType, storedColumnType } from "./column-type.js";
import type { SqlDialect } from "./dialect.js";
import { comparableIdentifier } from "./identifiers.js";
import type { StoredColumn, StoredTable } from "./information-schema.js";

/** Columns whose stored type holds less than the schema's and nothing that it does not: the stored one can become the other. */
export function widerColumns(dialect: SqlDialect, table: TableSchema, stored: StoredTable): readonly ColumnSchema[] {
  return [...table.columns.values()].filter((column) => {
    const existing = stored.get(comparableIdentifier(dialect, column.name));
    return existing !== undefined && isNarrower(dialect, table.name, { existing, column });
  });
}

function isNarrower(
  dialect: SqlDialect,
  table: string,
  { existing, column }: { readonly existing: StoredColumn; readonly column: ColumnSchema },
): boolean {
  const wanted = columnType(dialect, table, column);
  const [before, after] = [storedColumnType(dialect, existing), storedColumnType(dialect, { type: wanted })];
  if (before.dataType !== after.dataType) return false;
  switch (before.dataType) {
    case "bigint":
    case "timestamp":
    case "time": {
      const steps = stepsOf(dialect.types, column);
      const [from, to] = [stepOf(steps, existing.type), stepOf(steps, wanted)];
      if (from === null || to === null) return false;
      return from < to || (from === to && (before.precision ?? 0) < (after.precision ?? 0));
    }
    case "decimal": {
      const [precision = 0, scale = 0] = [before.precision, before.scale];
      const [newPrecision = 0, newScale = 0] = [after.precision, after.scale];
      const holdsAll = newScale >= scale && newPrecision - newScale >= precision - scale;
      return holdsAll && (newScale > scale || newPrecision > precision);
    }
    default: {
      // No length is the largest of all.
      const length = before.precision ?? Number.POSITIVE_INFINITY;
      return length < (after.precision ?? Number.POSITIVE_INFINITY);
    }
  }
}

function stepsOf(types: ColumnTypes, { dataType, timezone }: ColumnSchema): ByPrecision {
  if (dataType === "timestamp") return timezone === false ? types.naiveTimestamp : types.timestamp;
  return dataType === "time" ? types.time : types.bigint;
}

/** Place of a type among those of growing precision; one without a precision that is not among them is the last. `null`: no such type. */
function stepOf({ steps, unspecified }: ByPrecision, type: string): number | null {
  const plain = (text: string) => text.replace(/\(.*?\)|\s/g, "").toUpperCase();
  const index = steps.findIndex((step) => plain(step.type) === plain(type) && isPlain(step.type) === isPlain(type));
  if (index >= 0) return index;
  return plain(unspecified) === plain(type) ? steps.length : null;
}

/** True for a type without anything in parentheses. */
function isPlain(type: string): boolean {
  return !type.includes("(");
}
