import type { Column } from "../../contract/batch.js";
import type { ColumnSchema } from "../../contract/schema.js";
import { SchemaError } from "../../errors/index.js";
import type { NormalizeState } from "../state.js";
import type { BatchPiece } from "./batch-piece.js";

/** The error for a column of a batch with a value that the column of the table cannot hold. `row` counts within the batch. */
export function typeDiffers(
  { schema }: NormalizeState,
  { table, firstRow }: BatchPiece,
  { column, stored, row }: { readonly column: Column; readonly stored: ColumnSchema; readonly row: number },
): SchemaError {
  const given = typeText(column.type);
  const wanted = typeText(stored);
  return new SchemaError(
    "COLUMN_TYPE_DIFFERS",
    `Column \`${table}.${column.name}\` is ${wanted}, and a batch of columns brings it as ${given}: the value in row ${firstRow + row} cannot be converted without a loss.`,
    {
      hint: `Convert \`${column.name}\` to ${wanted} before the batch is yielded, or load it under another name.`,
      context: { schema: schema.name, table, column: column.name, stored: wanted, given, row: firstRow + row },
    },
  );
}

function typeText({ dataType, precision, scale }: Pick<ColumnSchema, "dataType" | "precision" | "scale">): string {
  const size = [precision, scale].filter((part) => part !== undefined && part !== null).join(", ");
  return `${dataType ?? "of no type"}${size && `(${size})`}`;
}
