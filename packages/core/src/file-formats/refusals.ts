import type { ColumnType } from "../contract/batch.js";
import type { FileColumn } from "../contract/file-format.js";
import { SchemaError } from "../errors/index.js";

/** The column that is encoded, for messages. */
export interface ColumnPlace {
  readonly table: string;
  readonly column: FileColumn;
}

/** The error for a value that has no text in its column's type. `row` counts from 0 within the batch. */
export function valueOutOfRange({ table, column }: ColumnPlace, row: number): SchemaError {
  return new SchemaError(
    "FILE_VALUE_OUT_OF_RANGE",
    `Row ${row} of the batch (counted from 0) has a value that column \`${column.name}\` of table \`${table}\` (${column.dataType}) cannot hold.`,
    {
      hint: limits(column),
      context: { table, column: column.name, row, dataType: column.dataType },
    },
  );
}

/** The error for a column whose type in the batch cannot become that of the table. */
export function typeRefused({ table, column }: ColumnPlace, given: ColumnType): SchemaError {
  return new SchemaError(
    "FILE_COLUMN_TYPE_MISMATCH",
    `Column \`${column.name}\` of table \`${table}\` is \`${column.dataType}\`, but the batch brings it as \`${given.dataType}\`.`,
    {
      hint: `Convert \`${column.name}\` to \`${column.dataType}\` before it is encoded.`,
      context: { table, column: column.name, dataType: column.dataType, given: given.dataType },
    },
  );
}

function limits({ name, dataType }: FileColumn): string {
  switch (dataType) {
    case "double":
      return `Declare \`${name}\` as bigint or decimal: doubles hold every integer only up to 2^53.`;
    case "time":
      return `Keep \`${name}\` from 00:00:00 to 23:59:59.999999.`;
    default:
      return `Keep \`${name}\` within the years 1 to 9999, or use null for a time that is not known.`;
  }
}
