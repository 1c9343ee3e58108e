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
  query(sql: string): Promise<Rows>;
  /** The same of several queries, by their names, with the database opened once. */
  queryAll(queries: Readonly<Record<string, string>>): Promise<Readonly<Record<string, Rows>>>;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

export interface MachineOptions {
  /** Path of the database file. Default: one in the folder of the machine. */
  readonly database?: string;
  /** A database that is open already, to use instead of a file. */
  readonly instance?: DuckDBInstance;
}

/** The machine of a folder that exists. */
export function machineIn(folder: string, options: MachineOptions = {}): Machine {
  const { database = join(folder, "data.duckdb"), instance } = options;
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
          destination: duckdb({ credentials: instance ?? database }),
          datasetName: "data",
          pipelinesDir,
          ...given,
        },
        givenRuntime,
      ),
    query: async (sql) => (await queryAll({ sql }))["sql"] ?? [],
    queryAll,
  };

  /** Reads the database, not through the destination. */
  async function queryAll(queries: Readonly<Record<string, string>>): Promise<Readonly<Record<string, Rows>>> {
    const opened = instance ?? (await DuckDBInstance.create(database, { access_mode: "READ_ONLY" }));
    const connection = await opened.connect();
    try {
      await connection.run("USE data");
      const results: Record<string, Rows> = {};
      for (const [name, sql] of Object.entries(queries)) {
        const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
        results[name] = rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([column, value]) => [column, plainNumber(value)])),
        );
      }
      return results;
    } finally {
      connection.closeSync();
      if (instance === undefined) opened.closeSync();
    }
  }
}

function plainNumber(value: unknown): unknown {
  return typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}
