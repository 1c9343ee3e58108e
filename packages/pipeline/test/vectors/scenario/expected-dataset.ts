import type { DataValue, JsonValue } from "@dlt/core";
import type { VectorObject } from "../read-vectors.js";
import { vectorValue } from "../vector-value.js";
import type { TableContent } from "./scenario-database.js";

/** What a dataset is to hold: types are those of DuckDB, and placeholders stand for random values. */
export interface ExpectedDataset {
  readonly tables: ReadonlyMap<string, TableContent>;
  /** By table and column, what the schema at the end of the case says. */
  readonly precisions: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Tables of the library, with the columns that count. */
  readonly system: ReadonlyMap<string, SystemRows>;
}

interface SystemRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly DataValue[])[];
}

/** What the vectors tell of the tables of the library. */
const systemColumns: Readonly<Record<string, readonly string[]>> = {
  _dlt_loads: ["load_id", "schema_name", "status", "schema_version_hash"],
  _dlt_version: ["schema_name", "version", "version_hash"],
  _dlt_pipeline_state: ["version", "engine_version", "pipeline_name", "_dlt_load_id"],
};

/** The dataset after a run of a case, from what the run expects. */
export function expectedDataset(expected: VectorObject, vector: VectorObject): ExpectedDataset {
  const tables = [...(expected.get("tables") as ReadonlyMap<string, VectorObject>)];
  const system = [...(expected.get("system") as ReadonlyMap<string, JsonValue>)];
  return {
    precisions: precisionsOf(vector.get("schema_tables_at_end") as ReadonlyMap<string, VectorObject>),
    tables: new Map(tables.map(([name, table]) => [name, tableContent(table)])),
    system: new Map(system.map(([name, rows]) => [name, { columns: systemColumns[name] ?? [], rows: rowsOf(rows) }])),
  };
}

function precisionsOf(tables: ReadonlyMap<string, VectorObject>): ExpectedDataset["precisions"] {
  return new Map(
    [...tables].map(([name, table]) => {
      const columns = table.get("columns") as readonly VectorObject[];
      const known = columns.filter((column) => column.has("precision"));
      return [name, new Map(known.map((column) => [String(column.get("name")), Number(column.get("precision"))]))];
    }),
  );
}

function tableContent(table: VectorObject): TableContent {
  const columns = table.get("columns") as readonly (readonly [name: string, type: string, nullable: string])[];
  return {
    columns: columns.map(([name, type, nullable]) => ({ name, type, nullable: nullable === "YES" })),
    rows: rowsOf(table.get("rows") ?? []),
  };
}

function rowsOf(rows: JsonValue): readonly (readonly DataValue[])[] {
  return vectorValue(rows) as readonly (readonly DataValue[])[];
}
