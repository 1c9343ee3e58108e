import type { Column } from "../contract/batch.js";
import type { DataType } from "../contract/schema.js";
import { SchemaError } from "../errors/index.js";
import { isSet } from "./bitmap.js";

/**
 * Checks that a column has the memory its rows need and a layout for its data type. The bytes of text are not looked at, nor
 * are dictionaries: each of their columns is checked for itself.
 *
 * @throws SchemaError `BATCH_INVALID`
 */
export function checkColumn(column: Column, rowCount: number): void {
  const { name, validity, layout } = column;
  const { dataType } = column.type;
  const bitBytes = (rowCount + 7) >> 3;
  if (validity !== null && validity.length < bitBytes)
    throw invalidColumn(name, `its validity has fewer bits than ${rowCount}`);
  if (!isTypeOf(column, dataType))
    throw invalidColumn(name, `values of the layout \`${layout}\` given for it cannot be \`${dataType}\``);
  switch (column.layout) {
    case "fixed":
      if (column.values.length < rowCount) throw tooShort(name, "values", rowCount);
      return;
    case "bits":
      if (column.values.length < bitBytes) throw tooShort(name, "bits", rowCount);
      return;
    case "decimal128":
      if (column.words.length < rowCount * 2) throw tooShort(name, "words", rowCount);
      return;
    case "bytes":
      checkOffsets(name, column, rowCount);
      return;
    case "dictionary":
      if (column.indices.length < rowCount) throw tooShort(name, "indices", rowCount);
      return;
  }
}

/**
 * How many values of its dictionary a column needs: one more than its largest index.
 *
 * @throws SchemaError `BATCH_INVALID` for a negative index
 */
export function valueCount(
  { name, indices, validity }: Column & { readonly layout: "dictionary" },
  rowCount: number,
): number {
  let largest = -1;
  for (let row = 0; row < rowCount; row++) {
    if (!isSet(validity, row)) continue;
    const index = indices[row] as number;
    if (index < 0) throw invalidColumn(name, `the index of row ${row} is negative`);
    if (index > largest) largest = index;
  }
  return largest + 1;
}

function checkOffsets(name: string, { offsets, data }: Column & { readonly layout: "bytes" }, rowCount: number): void {
  if (offsets.length < rowCount + 1) throw tooShort(name, "offsets", rowCount);
  let previous = offsets[0] as number;
  if (previous < 0) throw invalidColumn(name, "its offsets begin below zero");
  for (let row = 1; row <= rowCount; row++) {
    const offset = offsets[row] as number;
    if (offset < previous) throw invalidColumn(name, `its offsets decrease at row ${row - 1}`);
    previous = offset;
  }
  if (previous > data.length) throw invalidColumn(name, "its offsets point behind the end of its data");
}

function isTypeOf(column: Column, dataType: DataType): boolean {
  switch (column.layout) {
    case "fixed":
      if (column.values instanceof Int32Array) return dataType === "date";
      if (column.values instanceof Float64Array) return dataType === "double";
      return dataType === "bigint" || dataType === "timestamp" || dataType === "time";
    case "bits":
      return dataType === "bool";
    case "bytes":
      // Numbers that other layouts cannot hold are text.
      return (
        dataType === "text" ||
        dataType === "json" ||
        dataType === "binary" ||
        dataType === "bigint" ||
        dataType === "decimal" ||
        dataType === "wei"
      );
    case "decimal128":
      return dataType === "decimal" || dataType === "wei";
    case "dictionary":
      return column.values.type.dataType === dataType;
  }
}

function tooShort(name: string, what: string, rowCount: number): SchemaError {
  return invalidColumn(name, `it has fewer ${what} than its ${rowCount} rows need`);
}

/** The error for a column that cannot be used. */
export function invalidColumn(name: string, reason: string): SchemaError {
  return new SchemaError("BATCH_INVALID", `Column \`${name}\` of a column batch is not usable: ${reason}.`, {
    hint: "Give every column buffers that are long enough for the batch's `rowCount`, in the layout of its data type.",
    context: { column: name },
  });
}
