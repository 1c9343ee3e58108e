import type { DataValue, JsonValue } from "@dlt/core";
import type { VectorObject } from "../read-vectors.js";
import { vectorValue } from "../vector-value.js";
import type { TableContent } from "./scenario-database.js";

/** What a dataset is to hold: types are those of DuckDB, and placeholders stand for random values. */
export interface ExpectedDataset {
  readonly tables: ReadonlyMap<string, TableContent>;
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

/** The dataset after a run, from what the run expects. */
export function expectedDataset(expected: VectorObject): ExpectedDataset {
  const tables = [...(expected.get("tables") as ReadonlyMap<string, VectorObject>)];
  const system = [...(expected.get("system") as ReadonlyMap<string, JsonValue>)];
  return {
    tables: new Map(tables.map(([name, table]) => [name, tableContent(table)])),
    system: new Map(system.map(([name, rows]) => [name, { columns: systemColumns[name] ?? [], rows: rowsOf(rows) }])),
  };
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
