import type { PartialTable, Schema, StateRecord } from "@dlt/core";
import { encodeRows, formatTable, normalizeTable, stateTable, updateTable } from "@dlt/core/engine";
import type { Chunk } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import type { PipelineState } from "../state/state-document.js";
import { stateRecord, stateRow } from "../state/stored-state.js";

/** The schema with the table of the state. */
export function withStateTable(schema: Schema): Schema {
  return updateTable(schema, declaredTable(schema), { normalizeIdentifiers: false });
}

/**
 * The row of the state as a chunk of the package that carries it, and as the record for destinations that keep state
 * elsewhere.
 */
export function stateChunk(options: {
  readonly state: PipelineState;
  readonly schema: Schema;
  readonly loadId: string;
  /** Microseconds since 1970 UTC. */
  readonly createdAt: bigint;
  readonly index: number;
}): { readonly chunk: Chunk; readonly record: StateRecord } {
  const { state, schema, loadId, createdAt, index } = options;
  const record = stateRecord(state, { loadId, createdAt });
  const data = encodeRows([stateRow(record)]);
  const table = declaredTable(schema);
  const entry = {
    index,
    resource: stateTable.name,
    table: table.name,
    file: `${String(index).padStart(6, "0")}.jsonl`,
    framing: "lines",
    numbers: "objects",
    firstRow: 0,
    rowCount: 1,
    bytes: data.byteLength,
    update: [JSON.parse(formatTable(table)) as JsonValueDocument],
  } as const;
  return { chunk: { entry, data }, record };
}

// As Python dlt does: the description is not stored, and `_dlt_id` is added by the normalizer.
function declaredTable(schema: Schema): PartialTable {
  const { description: _, columns, ...table } = stateTable;
  const declared = [...columns].filter(([name]) => name !== "_dlt_id");
  return normalizeTable({ ...table, columns: new Map(declared) }, schema.naming);
}
