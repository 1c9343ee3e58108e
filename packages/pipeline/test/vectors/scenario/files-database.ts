import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import type { DataValue, JsonValue } from "@dlt/core";
import { decodeJson, decodeTyped, encodeJson, typeMarkers } from "@dlt/core/engine";
import { filesystem } from "@dlt/destination-filesystem";
import type { VectorObject } from "../read-vectors.js";
import type { ScenarioDatabase, TableContent } from "./scenario-database.js";

/** JSON lines in an existing folder. Types of columns are those of the schema that is stored beside them. */
export function filesDatabase(folder: string): ScenarioDatabase {
  const bucket = join(folder, "bucket");
  return {
    destination: filesystem({ bucketUrl: bucket }),
    columnType: ({ duckdbType }) => dataTypes[duckdbType] ?? duckdbType,
    read: (dataset) => readTables(join(bucket, dataset)),
  };
}

/** Why a case is not for files; `null`: it is. */
export function whyNotInFiles(vector: VectorObject): string | null {
  const runs = (vector.get("runs") as readonly VectorObject[]).map((run) => {
    const { expect: _, ...given } = Object.fromEntries(run);
    return given;
  });
  const written = encodeJson([runs, vector.get("env") ?? null]);
  if (/"write_disposition":("merge"|\{[^}]*"merge")/.test(written)) return "because files are not merged";
  if (/"(insert-from-staging|staging-optimized)"/.test(written)) return "because files are not staged";
  return written.includes('"file_format"') ? "because only JSON lines are read here" : null;
}

const dataTypes: Readonly<Record<string, string>> = {
  BIGINT: "bigint",
  BLOB: "binary",
  BOOLEAN: "bool",
  DATE: "date",
  "DECIMAL(38,0)": "wei",
  "DECIMAL(38,9)": "decimal",
  "DECIMAL(4,2)": "decimal",
  DOUBLE: "double",
  INTEGER: "bigint",
  JSON: "json",
  SMALLINT: "bigint",
  TIME: "time",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamp",
  TINYINT: "bigint",
  VARCHAR: "text",
};

interface StoredFile {
  /** The name of a table, decoded. */
  readonly folder: string;
  /** In the folder. */
  readonly name: string;
  readonly rows: readonly VectorObject[];
}

async function readTables(dataset: string): Promise<ReadonlyMap<string, TableContent>> {
  const files = await readFiles(dataset);
  const loads = rowsIn(files, "_dlt_loads").map((row) => String(row.get("load_id")));
  const tables = new Map(["_dlt_loads", "_dlt_version"].map((name) => [name, systemTable(rowsIn(files, name))]));
  for (const schema of newestSchemas(rowsIn(files, "_dlt_version"))) {
    for (const [name, table] of schema.get("tables") as ReadonlyMap<string, VectorObject>) {
      if (name === "_dlt_pipeline_state") tables.set(name, systemTable(rowsIn(files, name)));
      const described = (table.get("columns") ?? new Map()) as ReadonlyMap<string, VectorObject>;
      const columns = [...described].flatMap(([column, hints]) => {
        const type = hints.get("data_type");
        return type === undefined
          ? []
          : [{ name: column, type: String(type), nullable: hints.get("nullable") !== false }];
      });
      if (name.startsWith("_dlt_") || columns.length === 0) continue;
      const rows = files
        .filter(({ folder, name: file }) => folder === name && loads.some((id) => file.startsWith(`${id}.`)))
        .flatMap((file) => file.rows);
      tables.set(name, { columns, rows: rows.map((row) => columns.map((column) => valueIn(row, column))) });
    }
  }
  return tables;
}

async function readFiles(dataset: string): Promise<readonly StoredFile[]> {
  const entries = await readdir(dataset, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    paths.sort().map(async (path) => {
      const [folder = "", ...inside] = relative(dataset, path).split(sep);
      const bytes = await readFile(path);
      const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
      const lines = text.split("\n").filter((line) => line !== "");
      const rows = lines.map((line) => decodeJson(line) as VectorObject);
      return { folder: decodeURIComponent(folder), name: inside.join("/"), rows };
    }),
  );
}

function rowsIn(files: readonly StoredFile[], folder: string): readonly VectorObject[] {
  return files.filter((file) => file.folder === folder).flatMap(({ rows }) => rows);
}

function systemTable(rows: readonly VectorObject[]): TableContent {
  const names = [...(rows[0]?.keys() ?? [])];
  return {
    columns: names.map((name) => ({ name, type: "text", nullable: true })),
    rows: rows.map((row) => names.map((name) => (row.get(name) ?? null) as DataValue)),
  };
}

/** The schema of each name that was stored last. */
function newestSchemas(rows: readonly VectorObject[]): readonly VectorObject[] {
  const newest = new Map<string, VectorObject>();
  for (const row of rows) {
    const name = String(row.get("schema_name"));
    if (String(row.get("inserted_at")) > String(newest.get(name)?.get("inserted_at") ?? "")) newest.set(name, row);
  }
  return [...newest.values()].map((row) => decodeJson(String(row.get("schema"))) as VectorObject);
}

/** What a line has for a column. What JSON has no type for is a text. */
function valueIn(row: VectorObject, { name, type }: { readonly name: string; readonly type: string }): DataValue {
  const written: JsonValue = row.get(name) ?? null;
  if (written === null) return null;
  switch (type) {
    case "json":
      return encodeJson(written);
    case "binary":
      return decodeTyped(typeMarkers.bytes + String(written));
    case "date":
    case "decimal":
    case "time":
    case "timestamp":
      return decodeTyped(typeMarkers[type] + String(written));
    case "wei":
      return decodeTyped(typeMarkers.decimal + String(written));
    default:
      return written as DataValue;
  }
}
