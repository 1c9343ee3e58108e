import { isSet } from "../columns/bitmap.js";
import { keepRows } from "../columns/keep-rows.js";
import type { Column, ColumnBatch, TableBatch } from "../contract/batch.js";
import type { ChunkResult, RawChunk } from "../contract/normalizer.js";
import type { ColumnSchema, PartialTable } from "../contract/schema.js";
import { SchemaError } from "../errors/index.js";
import { evaluateContract } from "../schema/contract/evaluate.js";
import { resolveContract } from "../schema/contract/resolve.js";
import { completeColumn, inferColumn, newRootTable } from "../schema/infer-column.js";
import { isComplete } from "../schema/predicates.js";
import { RowLinks } from "./row-ids.js";
import { RowTable } from "./row-table.js";
import type { NormalizeState } from "./state.js";

/**
 * Columns pass through as they are: names are normalized, types are read off and held against the contract, and no row is looked
 * at. Nested values stay documents. Ids and the load id are added where the stored table has such columns.
 *
 * @throws SchemaError when two columns get the same name or a column has another type than the table; SchemaContractError
 */
export function normalizeColumns(
  state: NormalizeState,
  chunk: RawChunk,
  given: ColumnBatch,
  take: (batch: TableBatch) => void,
): ChunkResult {
  const { table } = chunk;
  const named = nameColumns(state, table, given);
  const added = newColumns(state, table, named);
  const allowed =
    added.size === 0 && state.schema.tables.has(table) ? named : extend(state, table, { added, batch: named });
  const links = linkColumns(state, chunk, allowed.rowCount);
  const own = allowed.columns.filter(
    ({ name }) => isComplete(state.columnOf(table, name)) && links.every((link) => link.name !== name),
  );
  const batch = { rowCount: allowed.rowCount, columns: [...own, ...links] };
  take({ table, batch });
  const nullOnly = named.columns.filter(({ name }) => !isComplete(state.columnOf(table, name)));
  return {
    update: state.update,
    touched: [table],
    nullOnly: nullOnly.map(({ name }) => [table, name] as const),
    integers: [],
    becameDouble: [],
    rowCounts: { [table]: batch.rowCount },
  };
}

function nameColumns({ schema }: NormalizeState, table: string, batch: ColumnBatch): ColumnBatch {
  const originals = new Map<string, string>();
  const columns = batch.columns.map((column) => {
    const name = schema.naming.normalizePath(column.name);
    const other = originals.get(name);
    if (other !== undefined) {
      throw new SchemaError(
        "COLUMN_NAMES_COLLIDE",
        `Columns \`${other}\` and \`${column.name}\` of table \`${table}\` both become \`${name}\`.`,
        {
          hint: "Rename one of the columns before the batch is yielded.",
          context: { schema: schema.name, table, column: name },
        },
      );
    }
    originals.set(name, column.name);
    return { ...column, name };
  });
  return { rowCount: batch.rowCount, columns };
}

/** Columns that the table lacks. One without any value has no type that could be trusted: it waits for values. */
function newColumns(state: NormalizeState, table: string, batch: ColumnBatch): Map<string, ColumnSchema> {
  const added = new Map<string, ColumnSchema>();
  for (const column of batch.columns) {
    const existing = state.columnOf(table, column.name);
    const { dataType, precision, scale, timezone } = column.type;
    if (isComplete(existing)) {
      if (existing.dataType !== dataType) throw typesDiffer(state, table, column, existing);
      continue;
    }
    if (isAllNull(column, batch.rowCount)) continue;
    const inferred = inferColumn(
      state.settings,
      {
        name: column.name,
        dataType,
        ...(precision !== undefined && { precision }),
        ...(scale !== undefined && { scale }),
      },
      state.precisions,
    );
    added.set(column.name, completeColumn(existing, timezone === false ? { ...inferred, timezone } : inferred));
  }
  return added;
}

/** Adds columns to the table as far as the contract allows, and takes from the batch what it refuses. */
function extend(
  state: NormalizeState,
  table: string,
  { added, batch }: { readonly added: ReadonlyMap<string, ColumnSchema>; readonly batch: ColumnBatch },
): ColumnBatch {
  const partial: PartialTable = { ...(state.schema.tables.get(table) ?? newRootTable(table)), columns: added };
  const { partial: allowed, filters } = evaluateContract(state.schema, resolveContract(state.schema, table), partial, {
    row: state.rowNumber,
  });
  if (allowed === null) return { rowCount: 0, columns: [] };
  state.extendSchema(allowed);
  let kept = batch;
  for (const { name, mode } of filters) {
    if (mode !== "discard_row") continue;
    const validity = kept.columns.find((column) => column.name === name)?.validity ?? null;
    kept = keepRows(kept, (row) => !isSet(validity, row));
  }
  return kept;
}

function linkColumns(state: NormalizeState, chunk: RawChunk, rowCount: number): readonly Column[] {
  const rows = new RowTable(chunk.table, [chunk.table]);
  rows.rowCount = rowCount;
  const { loadId, idSeed } = state.run;
  const links = new RowLinks({
    names: state.schema.system,
    loadId,
    idSeed,
    place: `${chunk.index}`,
    isNested: () => false,
    ancestorColumns: () => new Map(),
  });
  return links.columns(rows).filter(({ name }) => isComplete(state.columnOf(chunk.table, name)));
}

function isAllNull({ validity }: Column, rowCount: number): boolean {
  if (validity === null) return false;
  for (let row = 0; row < rowCount; row++) if (isSet(validity, row)) return false;
  return true;
}

function typesDiffer({ schema }: NormalizeState, table: string, column: Column, existing: ColumnSchema): SchemaError {
  return new SchemaError(
    "COLUMN_TYPE_DIFFERS",
    `Column \`${table}.${column.name}\` is ${existing.dataType}, and a batch of columns brings it as ${column.type.dataType}.`,
    {
      hint: "Convert the column before the batch is yielded, or give the resource another table name.",
      context: {
        schema: schema.name,
        table,
        column: column.name,
        stored: existing.dataType ?? null,
        given: column.type.dataType,
      },
    },
  );
}
