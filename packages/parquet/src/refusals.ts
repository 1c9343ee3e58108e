import type { ColumnType, FileColumn } from "@dlt/core";
import { SchemaError } from "@dlt/core";

/** The column that is encoded, for messages. */
export interface ColumnPlace {
  readonly table: string;
  readonly column: FileColumn;
}

/** The error for a missing value in a column that is not nullable. `row` counts from 0 within the batch. */
export function nullRefused({ table, column }: ColumnPlace, row: number): SchemaError {
  return new SchemaError(
    "FILE_VALUE_NULL",
    `Column \`${column.name}\` of table \`${table}\` is not nullable, but row ${row} of the batch (counted from 0) has no value for it.`,
    {
      hint: `Make \`${column.name}\` nullable, or give every row a value for it.`,
      context: { table, column: column.name, row },
    },
  );
}

/** The error for a value that the column's type cannot hold. `row` counts from 0 within the batch. */
export function valueOutOfRange({ table, column }: ColumnPlace, row: number): SchemaError {
  return new SchemaError(
    "FILE_VALUE_OUT_OF_RANGE",
    `Row ${row} of the batch (counted from 0) has a value that column \`${column.name}\` of table \`${table}\` (${typeText(column)}) cannot hold.`,
    {
      hint: `Give \`${column.name}\` a type that holds all its values: a larger precision or scale, or another data type.`,
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

function typeText({ dataType, precision, scale }: ColumnType): string {
  const digits = [precision, scale].filter((value) => value !== undefined).join(", ");
  return digits === "" ? dataType : `${dataType}(${digits})`;
}
