import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Pipeline, type PipelineOptions, pipeline } from "../src/index.js";
import { defaultRuntime, type PipelineRuntime } from "../src/runtime.js";

/** A machine with folders of its own; the database file may be shared with others. */
export interface Machine {
  readonly folder: string;
  readonly pipelinesDir: string;
  readonly database: string;
  readonly runtime: PipelineRuntime;
  pipeline(options?: Partial<PipelineOptions>, runtime?: PipelineRuntime): Pipeline;
  /** Rows of a query as objects; `users` stands for the table of the dataset `data`. Big integers come as numbers. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** The machine of a folder that exists. */
export function machineIn(
  folder: string,
  { database = join(folder, "data.duckdb") }: { readonly database?: string } = {},
): Machine {
  const runtime: PipelineRuntime = { ...defaultRuntime(), env: {}, cwd: folder };
  const pipelinesDir = join(folder, "pipelines");
  return {
    folder,
    pipelinesDir,
    database,
    runtime,
    pipeline: (given = {}, givenRuntime = runtime) =>
      pipeline(
        {
          pipelineName: "shop",
          destination: duckdb({ credentials: database }),
          datasetName: "data",
          pipelinesDir,
          ...given,
        },
        givenRuntime,
      ),
    query: (sql) => queryFile(database, sql),
  };
}

/** Reads a database file, not through the destination. */
async function queryFile(database: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    await connection.run("USE data");
    const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainNumber(value)])),
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function plainNumber(value: unknown): unknown {
  return typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}
