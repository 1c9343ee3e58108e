import type { ColumnBatch } from "../../contract/batch.js";
import { SchemaError } from "../../errors/index.js";
import { isBlank } from "../../values/trim-text.js";
import type { NormalizeState } from "../state.js";

/**
 * The batch with normalized names.
 *
 * @throws SchemaError `COLUMN_NAMES_COLLIDE` when two columns get the same name
 */
export function nameColumns({ schema }: NormalizeState, table: string, batch: ColumnBatch): ColumnBatch {
  const originals = new Map<string, string>();
  const nameOf = (original: string): string => {
    const name = (isBlank(original) ? "" : schema.naming.normalizePath(original)) || "_empty";
    const other = originals.get(name);
    if (other !== undefined) throw namesCollide(schema.name, table, { name, originals: [other, original] });
    originals.set(name, original);
    return name;
  };
  return {
    ...batch,
    columns: batch.columns.map((column) => ({ ...column, name: nameOf(column.name) })),
    ...(batch.nullColumns && { nullColumns: batch.nullColumns.map(nameOf) }),
  };
}

function namesCollide(
  schema: string,
  table: string,
  { name, originals }: { readonly name: string; readonly originals: readonly [string, string] },
): SchemaError {
  return new SchemaError(
    "COLUMN_NAMES_COLLIDE",
    `Columns \`${originals[0]}\` and \`${originals[1]}\` of table \`${table}\` both become \`${name}\`.`,
    {
      hint: "Rename one of the columns before the batch is yielded.",
      context: { schema, table, column: name },
    },
  );
}
