import type { ColumnSchema, NamingConvention, SystemNames, TableSchema } from "../contract/index.js";

/** `_dlt_version`: one row for every schema version that was stored at the destination. Rows are inserted by position. */
export function versionTable(system: SystemNames, naming: NamingConvention): TableSchema {
  return {
    name: system.versionTable,
    columns: columnMap(naming, [
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
}

/** `_dlt_loads`: one row for every completed load. Rows are inserted by position. */
export function loadsTable(system: SystemNames, naming: NamingConvention): TableSchema {
  return {
    name: system.loadsTable,
    columns: columnMap(naming, [
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
}

/** `_dlt_pipeline_state`: loaded like data, into the default schema. Not part of a new schema. */
export function stateTable(system: SystemNames, naming: NamingConvention): TableSchema {
  return {
    name: system.stateTable,
    columns: columnMap(naming, [
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
}

function columnMap(naming: NamingConvention, columns: readonly ColumnSchema[]): ReadonlyMap<string, ColumnSchema> {
  const map = new Map<string, ColumnSchema>();
  for (const column of columns) {
    const name = naming.normalizeIdentifier(column.name);
    map.set(name, { ...column, name });
  }
  return map;
}
