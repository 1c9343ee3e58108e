import { type ColumnType, type FileColumn, SchemaError } from "@dlt/core";

/** The column that is encoded, for messages. */
export interface ColumnPlace {
  readonly table: string;
  readonly column: FileColumn;
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

/** The error for a text with the character U+0000, which PostgreSQL cannot hold. `row` counts from 0 within the batch. */
export function zeroRefused({ table, column }: ColumnPlace, row: number): SchemaError {
  return new SchemaError(
    "FILE_TEXT_HAS_ZERO",
    `Row ${row} of the batch (counted from 0) has a text with the character U+0000 in column \`${column.name}\` of table \`${table}\`, which PostgreSQL cannot hold.`,
    {
      hint: `Remove the character with \`addMap\`, or declare \`${column.name}\` as \`binary\`.`,
      context: { table, column: column.name, row },
    },
  );
}

function typeText({ dataType, precision, scale }: ColumnType): string {
  const digits = [precision, scale].filter((value) => value !== undefined).join(", ");
  return digits === "" ? dataType : `${dataType}(${digits})`;
}
