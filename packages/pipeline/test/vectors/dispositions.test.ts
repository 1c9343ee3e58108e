import type { JsonValue } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
import { expect } from "vitest";
import type { Machine } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { testVectors, type VectorObject } from "./read-vectors.js";
import { Placeholders } from "./scenario/placeholders.js";
import { runScenario } from "./scenario/run-scenario.js";
import { expectedTables, plain, schemaTables, storedSchema } from "./scenario/schema-tables.js";

testVectors("pipeline-scenarios", [{ name: "on DuckDB", check }]);

async function check(vector: VectorObject): Promise<void> {
  const machine = await newMachine();
  const loads = new Map<unknown, string>();
  const ids = new Placeholders();
  for (const run of runsOf(vector)) {
    const { pipeline, error } = await runScenario(run, {
      vector,
      feed: "text",
      destination: duckdb({ credentials: machine.database }),
      folder: machine.folder,
      pipelineName: "vec",
      datasetName: "data",
    });
    expect(error).toBeNull();
    const expected = run.get("expect") as VectorObject;
    for (const [index, row] of (await machine.query("SELECT load_id FROM _dlt_loads ORDER BY load_id")).entries())
      loads.set(row["load_id"], `load:${index + 1}`);
    for (const [table, content] of expected.get("tables") as ReadonlyMap<string, VectorObject>) {
      const { columns, rows } = plain(content) as { readonly columns: unknown; readonly rows: readonly Row[] };
      expect(await columnsOf(machine, table), table).toEqual(columns);
      const found = sorted((await rowsOf(machine, `SELECT * FROM ${table}`)).map((row) => withLoads(row, loads)));
      const wanted = sorted(rows);
      expect(replaced(found, wanted, ids), table).toEqual(wanted);
    }
    const system = Object.entries(systemRows).map(async ([table, sql]) => {
      const rows = (await rowsOf(machine, sql)).map((row) => withLoads(row, loads));
      return [table, rows] as const;
    });
    expect(Object.fromEntries(await Promise.all(system))).toEqual(plain(expected.get("system")));
    const { version, versionHash } = pipeline.schemas["src"] ?? {};
    expect({ version, version_hash: versionHash }).toEqual(plain(expected.get("schema")));
    expect(withSortedHashes(pipeline.state.sources)).toEqual(plain(expected.get("state")));
  }
  const stored = JSON.parse(vector.get("newest_stored_schema_text") as string) as {
    readonly previous_hashes: string[];
  };
  const schema = await storedSchema(machine.pipeline({ pipelineName: "vec" }), "src");
  // The reference has one more: that of a schema which it kept nowhere, before the first extract.
  const hashes = plain(schema.get("previous_hashes")) as readonly string[];
  expect(stored.previous_hashes.filter((hash) => hashes.includes(hash))).toEqual(hashes);
  expect(hashes).toHaveLength(stored.previous_hashes.length - 1);
  const form = { sorted: false };
  expect(schemaTables(schema, form)).toEqual(expectedTables(vector.get("schema_tables_at_end") as VectorObject, form));
}

type Row = readonly unknown[];

const systemRows = {
  _dlt_loads: "SELECT load_id, schema_name, status, schema_version_hash FROM _dlt_loads ORDER BY 1",
  _dlt_version: "SELECT schema_name, version, version_hash FROM _dlt_version ORDER BY inserted_at",
  _dlt_pipeline_state:
    "SELECT version, engine_version, pipeline_name, _dlt_load_id FROM _dlt_pipeline_state ORDER BY _dlt_load_id",
};

async function rowsOf(machine: Machine, sql: string): Promise<readonly Row[]> {
  return (await machine.query(sql)).map((row) => Object.values(row));
}

async function columnsOf(machine: Machine, table: string): Promise<readonly Row[]> {
  return await rowsOf(
    machine,
    `SELECT column_name, data_type, is_nullable FROM information_schema.columns
     WHERE table_schema = 'data' AND table_name = '${table}' ORDER BY ordinal_position`,
  );
}

function withLoads(row: Row, loads: ReadonlyMap<unknown, string>): Row {
  return row.map((value) => loads.get(value) ?? value);
}

/** By what is no id: the ids of the reference are placeholders. */
function sorted(rows: readonly Row[]): readonly Row[] {
  const key = (row: Row): string => JSON.stringify(row.filter((value) => !isId(value)));
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function isId(value: unknown): boolean {
  return typeof value === "string" && /^(?:id:\d+|[\w+/-]{14})$/.test(value);
}

function replaced(found: readonly Row[], wanted: readonly Row[], ids: Placeholders): readonly Row[] {
  return found.map((row, index) => row.map((value, column) => ids.replace(wanted[index]?.[column], value)));
}

function withSortedHashes(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key,
      key === "unique_hashes" ? [...(member as readonly string[])].sort() : withSortedHashes(member),
    ]),
  );
}

function runsOf(vector: VectorObject): readonly VectorObject[] {
  return vector.get("runs") as readonly (VectorObject & JsonValue)[];
}
