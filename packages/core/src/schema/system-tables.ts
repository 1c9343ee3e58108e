import type { ColumnSchema, TableSchema } from "../contract/index.js";

// Columns of the first two are filled by position: new ones can only ever be appended.

/** `_dlt_version`: a row for every schema version that was stored at the destination. Names are not normalized. */
export const versionTable: TableSchema = {
  name: "_dlt_version",
  columns: columnMap([
    { name: "version", dataType: "bigint", nullable: false },
    { name: "engine_version", dataType: "bigint", nullable: false },
    { name: "inserted_at", dataType: "timestamp", nullable: false },
    { name: "schema_name", dataType: "text", nullable: false },
    { name: "version_hash", dataType: "text", nullable: false },
    { name: "schema", dataType: "text", nullable: false },
  ]),
  writeDisposition: "skip",
  resource: "_dlt_version",
  description: "Created by DLT. Tracks schema updates",
};

/** `_dlt_loads`: a row for every completed load. Names are not normalized. */
export const loadsTable: TableSchema = {
  name: "_dlt_loads",
  columns: columnMap([
    { name: "load_id", dataType: "text", nullable: false, precision: 64 },
    { name: "schema_name", dataType: "text", nullable: true },
    { name: "status", dataType: "bigint", nullable: false },
    { name: "inserted_at", dataType: "timestamp", nullable: false },
    { name: "schema_version_hash", dataType: "text", nullable: true },
  ]),
  writeDisposition: "skip",
  resource: "_dlt_loads",
  description: "Created by DLT. Tracks completed loads",
};

/**
 * `_dlt_pipeline_state`: loaded like data, into the default schema; not part of a new schema. Names are not normalized.
 */
export const stateTable: TableSchema = {
  name: "_dlt_pipeline_state",
  columns: columnMap([
    { name: "version", dataType: "bigint", nullable: false },
    { name: "engine_version", dataType: "bigint", nullable: false },
    { name: "pipeline_name", dataType: "text", nullable: false },
    { name: "state", dataType: "text", nullable: false },
    { name: "created_at", dataType: "timestamp", nullable: false },
    { name: "version_hash", dataType: "text", nullable: true },
    { name: "_dlt_load_id", dataType: "text", nullable: false, precision: 64 },
    { name: "_dlt_id", dataType: "text", nullable: false, unique: true, rowKey: true, precision: 64 },
  ]),
  writeDisposition: "append",
  fileFormat: "preferred",
  resource: "_dlt_pipeline_state",
  description: "Created by DLT. Tracks pipeline state",
};

/**
 * `_dlt_rejects`: a row for every row that was rejected, in a schema whose pipeline keeps them. Not known to Python dlt, which
 * treats it as one of its own tables because of its name. Names are not normalized.
 */
export const rejectsTable: TableSchema = {
  name: "_dlt_rejects",
  columns: columnMap([
    { name: "pipeline_name", dataType: "text", nullable: false },
    { name: "schema_name", dataType: "text", nullable: false },
    // The table that the row was for, normalized; a nested one when the row is an element of a list.
    { name: "table_name", dataType: "text", nullable: false },
    // Of the root row within its resource, from 0.
    { name: "row_number", dataType: "bigint", nullable: false },
    // JSONPath from the root row to this one: `$`, `$.lines[2]`.
    { name: "path", dataType: "text", nullable: false },
    { name: "column_name", dataType: "text", nullable: true },
    { name: "code", dataType: "text", nullable: false },
    { name: "reason", dataType: "text", nullable: false },
    // The row as it was given, as JSON text. Values that JSON lacks are marked as in extracted files.
    { name: "row_json", dataType: "text", nullable: false },
    // What links a nested row to the rows above it, as JSON text; null for a root row.
    { name: "origin_json", dataType: "text", nullable: true },
    { name: "_dlt_load_id", dataType: "text", nullable: false, precision: 64 },
    { name: "_dlt_id", dataType: "text", nullable: false, unique: true, rowKey: true, precision: 64 },
  ]),
  writeDisposition: "append",
  fileFormat: "preferred",
  resource: "_dlt_rejects",
};

function columnMap(columns: readonly ColumnSchema[]): ReadonlyMap<string, ColumnSchema> {
  return new Map(columns.map((column) => [column.name, column]));
}
