import type { ArrowSchema } from "../contract/batch.js";
import type { ColumnHints } from "../contract/hints.js";
import { emptyArray } from "./arrow-array.js";
import { arrowColumn } from "./arrow-column.js";
import type { RawField } from "./raw-arrow.js";

/** True for the schema of an Arrow table. */
export function isArrowSchema(value: unknown): value is ArrowSchema {
  return typeof value === "object" && value !== null && "fields" in value && Array.isArray(value.fields);
}

/**
 * Columns as an Arrow schema describes them, of the types that rows of such a table have. Fields of nothing but nulls are left out,
 * and naive timestamps count as UTC.
 *
 * @throws SourceError `ARROW_TYPE_UNSUPPORTED`
 */
export function arrowColumnHints(schema: ArrowSchema): readonly (ColumnHints & { readonly name: string })[] {
  return (schema.fields as readonly RawField[]).flatMap(({ name, type, nullable }) => {
    const column = arrowColumn(name, emptyArray(type), new Map());
    if (column === null) return [];
    const { timezone: _, ...hints } = column.type;
    return [{ name, ...hints, ...(nullable === false && { nullable }) }];
  });
}
