import type { Column, ColumnBatch } from "../../contract/batch.js";
import type { ColumnSchema } from "../../contract/schema.js";
import { completeColumn, inferColumn } from "../../schema/infer-column.js";
import { isComplete } from "../../schema/predicates.js";
import { constant, RowLinks } from "../row-ids.js";
import { RowTable } from "../row-table.js";
import type { NormalizeState } from "../state.js";
import type { BatchPiece } from "./batch-piece.js";

/** Characters that ids of rows and loads have at most. */
const idPrecision = 64;

/**
 * The columns of the library that a table lacks and is to have: `_dlt_load_id`, then `_dlt_id`. A table that has them keeps them;
 * others get them where the run asks for it.
 */
export function newLinkColumns(state: NormalizeState, table: string): readonly ColumnSchema[] {
  const { system } = state.schema;
  const { loadId = false, id = false } = state.run.columnLinks ?? {};
  const wanted = [...(loadId ? [system.loadId] : []), ...(id ? [system.id] : [])];
  return wanted.flatMap((name) => {
    const existing = state.columnOf(table, name);
    if (isComplete(existing)) return [];
    const inferred = inferColumn(state.settings, { name, dataType: "text", precision: idPrecision }, state.precisions);
    const ofRow = name === system.id && { unique: true, rowKey: true };
    return [completeColumn(existing, { ...inferred, nullable: false, ...ofRow })];
  });
}

/** True for a column that the library fills, whatever the batch brings: the load id of a table that has one. */
export function isReplaced(state: NormalizeState, table: string, name: string): boolean {
  const { loadId } = state.schema.system;
  return name === loadId && (isComplete(state.columnOf(table, loadId)) || state.run.columnLinks?.loadId === true);
}

/** The link columns that the table has and the batch does not bring. Ids are random, also where rows would get a hash of their key. */
export function linkColumns(state: NormalizeState, piece: BatchPiece, batch: ColumnBatch): readonly Column[] {
  const { table } = piece;
  const { rowCount, columns } = batch;
  const { system } = state.schema;
  const lacks = (name: string): boolean =>
    isComplete(state.columnOf(table, name)) && columns.every((column) => column.name !== name);
  return [
    ...(lacks(system.loadId) ? [constant(system.loadId, state.run.loadId, rowCount)] : []),
    ...(lacks(system.id) ? [idColumn(state, piece, rowCount)] : []),
  ];
}

function idColumn(state: NormalizeState, { table, place }: BatchPiece, rowCount: number): Column {
  const rows = new RowTable(table, [table]);
  rows.rowCount = rowCount;
  const { id } = state.schema.system;
  return rootLinks(state, place)
    .columns(rows)
    .find((column) => column.name === id) as Column;
}

/** Links of rows that hang below no others. `place` tells them from all other rows of the package. */
export function rootLinks({ schema, run }: NormalizeState, place: string): RowLinks {
  const { loadId, idSeed } = run;
  return new RowLinks({
    names: schema.system,
    loadId,
    idSeed,
    place,
    isNested: () => false,
    ancestorColumns: () => new Map(),
  });
}
