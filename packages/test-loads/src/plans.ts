import type { ColumnSchema, CompletedLoad, LoadPlan, PreparedTable, TableChain } from "@dlt/core";

export const firstLoad = "1700000001.000000";
const createdAt = 1_700_000_001_000_000n;

export function table(
  name: string,
  columns: readonly ColumnSchema[],
  hints: Partial<PreparedTable> = {},
): PreparedTable {
  return {
    name,
    columns: new Map(columns.map((column) => [column.name, column])),
    writeDisposition: "append",
    rootTable: name,
    ...hints,
  };
}

const text = (name: string, nullable = false): ColumnSchema => ({ name, dataType: "text", nullable });
const bigint = (name: string): ColumnSchema => ({ name, dataType: "bigint", nullable: false });
const timestamp = (name: string): ColumnSchema => ({ name, dataType: "timestamp", nullable: false });

/** The system tables of a schema, as every plan has them. */
export const systemTables: readonly PreparedTable[] = [
  table(
    "_dlt_version",
    [
      bigint("version"),
      bigint("engine_version"),
      timestamp("inserted_at"),
      text("schema_name"),
      text("version_hash"),
      text("schema"),
    ],
    { writeDisposition: "skip" },
  ),
  table(
    "_dlt_loads",
    [
      text("load_id"),
      text("schema_name", true),
      bigint("status"),
      timestamp("inserted_at"),
      text("schema_version_hash", true),
    ],
    { writeDisposition: "skip" },
  ),
  table("_dlt_pipeline_state", [
    bigint("version"),
    bigint("engine_version"),
    text("pipeline_name"),
    text("state"),
    timestamp("created_at"),
    text("version_hash", true),
    text("_dlt_load_id"),
    text("_dlt_id"),
  ]),
];

/** A load of these tables; the hash of its schema goes by their names and columns. */
export function plan(tables: readonly PreparedTable[], changes: Partial<LoadPlan> = {}): LoadPlan {
  const schemaHash =
    changes.schemaHash ?? `hash of ${tables.map(({ name, columns }) => `${name}: ${[...columns.keys()]}`)}`;
  return {
    loadId: firstLoad,
    schemaName: "src",
    schema: `{"name":"src","version_hash":${JSON.stringify(schemaHash)}}`,
    schemaVersion: 1,
    schemaHash,
    tables: [...tables, ...systemTables],
    staged: [],
    truncate: [],
    drop: [],
    ...changes,
  };
}

export function completed({ loadId, schemaName, schemaHash }: LoadPlan): CompletedLoad {
  return { loadId, schemaName, schemaHash, createdAt, state: null };
}

/** Tables all of whose rows are staged. */
export function chainOf(tables: readonly PreparedTable[], loadId = firstLoad): TableChain {
  return {
    loadId,
    createdAt,
    tables,
    loaded: new Set(tables.map(({ name }) => name)),
    followUpId: `${tables[0]?.name}.f1.sql`,
  };
}
