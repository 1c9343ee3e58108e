import { namingConvention } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { jobsTable, systemTables } from "./system-tables.js";

describe("systemTables", () => {
  it("has the names of the specification in their order", () => {
    const { version, loads, state, jobs } = systemTables(namingConvention("snake_case", null));
    expect([version, loads, state, jobs].map(({ name, columns }) => [name, ...Object.values(columns)])).toEqual([
      ["_dlt_version", "version", "engine_version", "inserted_at", "schema_name", "version_hash", "schema"],
      ["_dlt_loads", "load_id", "schema_name", "status", "inserted_at", "schema_version_hash"],
      ["_dlt_pipeline_state", "version", "engine_version", "pipeline_name", "state", "created_at", "_dlt_load_id"],
      ["_dlt_jobs", "load_id", "job_id", "table_name", "row_count", "inserted_at"],
    ]);
  });

  it("follows the naming convention", () => {
    const upper = {
      ...namingConvention("snake_case", null),
      normalizeIdentifier: (name: string) => name.toUpperCase(),
    };
    expect(systemTables(upper).loads.columns.loadId).toBe("LOAD_ID");
    expect([...jobsTable(systemTables(upper)).columns.keys()]).toEqual([
      "LOAD_ID",
      "JOB_ID",
      "TABLE_NAME",
      "ROW_COUNT",
      "INSERTED_AT",
    ]);
  });
});
