import type { ColumnSchema, ColumnType, TableSchema } from "@dlt/core";
import { type ByPrecision, type ColumnTypes, columnType, storedColumnType } from "./column-type.js";
import type { SqlDialect } from "./dialect.js";
import { comparableIdentifier } from "./identifiers.js";
import type { StoredColumn, StoredTable } from "./information-schema.js";

/**
 * The columns whose stored type does not hold all that the schema's does, as they have to be to hold that and what they hold now.
 * Columns that cannot become so are left out.
 */
export function widerColumns(dialect: SqlDialect, table: TableSchema, stored: StoredTable): readonly ColumnSchema[] {
  return [...table.columns.values()].flatMap((column) => {
    const existing = stored.get(comparableIdentifier(dialect, column.name));
    const wider = existing === undefined ? null : widerColumn(dialect, table.name, { existing, column });
    return wider === null ? [] : [wider];
  });
}

function widerColumn(
  dialect: SqlDialect,
  table: string,
  { existing, column }: { readonly existing: StoredColumn; readonly column: ColumnSchema },
): ColumnSchema | null {
  const wanted = columnType(dialect, table, column);
  const [before, after] = [storedColumnType(dialect, existing), storedColumnType(dialect, { type: wanted })];
  if (isDecimal(before) && isDecimal(after)) return widerDecimal(dialect, column, { before, after });
  if (before.dataType !== after.dataType) return null;
  switch (before.dataType) {
    case "bigint":
    case "timestamp":
    case "time": {
      const steps = stepsOf(dialect.types, column);
      const [from, to] = [stepOf(steps, existing.type), stepOf(steps, wanted)];
      if (from === null || to === null) return null;
      const grows = from < to || (from === to && (before.precision ?? 0) < (after.precision ?? 0));
      return grows ? column : null;
    }
    default: {
      // No length is the largest of all.
      const length = before.precision ?? Number.POSITIVE_INFINITY;
      return length < (after.precision ?? Number.POSITIVE_INFINITY) ? column : null;
    }
  }
}

/** Decimals with as many digits as `wei` has pass for it. */
function isDecimal({ dataType }: ColumnType): boolean {
  return dataType === "decimal" || dataType === "wei";
}

/** One of the two may have more digits before the point, the other more behind it: the column becomes able to hold both. */
function widerDecimal(
  { types }: SqlDialect,
  column: ColumnSchema,
  { before, after }: { readonly before: ColumnType; readonly after: ColumnType },
): ColumnSchema | null {
  const { precision, scale = 0 } = before;
  // Without digits that were declared it holds any number.
  if (precision === undefined) return null;
  const [wantedPrecision = 0, wantedScale = 0] = [after.precision, after.scale];
  const bothScale = Math.max(scale, wantedScale);
  const bothPrecision = Math.max(precision - scale, wantedPrecision - wantedScale) + bothScale;
  if (bothPrecision === precision && bothScale === scale) return null;
  if (bothPrecision > types.maxDecimalPrecision) return null;
  if (bothPrecision === wantedPrecision && bothScale === wantedScale) return column;
  return { ...column, precision: bothPrecision, scale: bothScale };
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
