import { isSet } from "../columns/bitmap.js";
import { SourceError } from "../errors/index.js";

/** The error for a type that no column can hold. */
export function typeUnsupported(column: string, type: string): SourceError {
  return new SourceError(
    "ARROW_TYPE_UNSUPPORTED",
    `Column \`${column}\` of an Arrow table has the type ${type}, for which there is no data type.`,
    {
      hint: `Convert \`${column}\` to a number, text or timestamp before the table is yielded, or leave it out.`,
      context: { column, type },
    },
  );
}

/** The error for a value that would change. `row` counts from 0 within the record batch. */
export function valueUnsupported(column: string, row: number, reason: string): SourceError {
  return new SourceError(
    "ARROW_VALUE_UNSUPPORTED",
    `Row ${row} of a record batch (counted from 0) has a value in column \`${column}\` that cannot be loaded without a change: ${reason}.`,
    {
      hint: `Convert \`${column}\` before the table is yielded: round it yourself, or make it text or a decimal.`,
      context: { column, row },
    },
  );
}

/** Throws for a row that cannot be loaded as it is, unless it has no value. */
export function refuseRow(
  column: string,
  { row, validity, reason }: { readonly row: number; readonly validity: Uint8Array | null; readonly reason: string },
): void {
  if (isSet(validity, row)) throw valueUnsupported(column, row, reason);
}
