import type { ColumnSchema, LoadPlan, PreparedTable } from "@dlt/core";
import { comparableIdentifier, type FoundDataset, type SqlDialect, type StoredColumn } from "../src/index.js";

export function table(name: string, columns: readonly ColumnSchema[]): PreparedTable {
  return {
    name,
    columns: new Map(columns.map((column) => [column.name, column])),
    writeDisposition: "append",
    rootTable: name,
  };
}

export const users = table("users", [
  { name: "id", dataType: "bigint", nullable: false, unique: true },
  { name: "select", dataType: "text" },
  { name: "paid", dataType: "decimal", precision: 10, scale: 2, nullable: false },
]);

const version = table("_dlt_version", [
  { name: "version", dataType: "bigint", nullable: false },
  { name: "engine_version", dataType: "bigint", nullable: false },
  { name: "inserted_at", dataType: "timestamp", nullable: false },
  { name: "schema_name", dataType: "text", nullable: false },
  { name: "version_hash", dataType: "text", nullable: false },
  { name: "schema", dataType: "text", nullable: false },
]);

const loads = table("_dlt_loads", [
  { name: "load_id", dataType: "text", nullable: false, precision: 64 },
  { name: "schema_name", dataType: "text" },
  { name: "status", dataType: "bigint", nullable: false },
  { name: "inserted_at", dataType: "timestamp", nullable: false },
  { name: "schema_version_hash", dataType: "text" },
]);

export function plan(changes: Partial<LoadPlan> = {}): LoadPlan {
  return {
    loadId: "1700000001.5",
    schemaName: "src",
    schema: '{"name":"src"}',
    schemaVersion: 2,
    schemaHash: "hash",
    tables: [users, version, loads],
    staged: [],
    truncate: [],
    drop: [],
    ...changes,
  };
}

/** A dataset that has these tables with these columns. */
export function found(
  dialect: SqlDialect,
  tables: Readonly<Record<string, readonly string[]>>,
  hasSchema = false,
): FoundDataset {
  const key = (name: string) => comparableIdentifier(dialect, name);
  return {
    exists: true,
    hasSchema,
    tables: new Map(
      Object.entries(tables).map(([name, columns]) => [
        key(name),
        new Map(columns.map((column): [string, StoredColumn] => [key(column), storedColumn(column)])),
      ]),
    ),
  };
}

function storedColumn(name: string): StoredColumn {
  return { name, type: "VARCHAR", nullable: true, precision: null, scale: null };
}
