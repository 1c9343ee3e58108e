import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import pg from "pg";
import type { StoredRow } from "../../src/index.js";
import { readDuckdbTables } from "../duckdb-place.js";
import { readFilesTables } from "../files-place.js";
import { freshPostgres } from "../postgres-database.js";
import { readPostgresTables } from "../postgres-place.js";

/** A destination that outlives the processes that load into it. */
export interface KilledPlace {
  /** The credentials or the folder, as `dying-run.mjs` takes them. */
  readonly location: string;
  readTables(): Promise<ReadonlyMap<string, readonly StoredRow[]>>;
}

/** Calls `work` with a fresh place and an empty folder. */
export async function withKilledPlace<Result>(
  on: KilledDestination,
  work: (place: KilledPlace, folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-kills-"));
  try {
    return await work(await places[on](folder), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export type KilledDestination = keyof typeof places;

const dataset = "data";

const places = {
  duckdb: async (folder: string): Promise<KilledPlace> => {
    const location = join(folder, "killed.duckdb");
    return {
      location,
      readTables: async () => {
        const instance = await DuckDBInstance.create(location);
        try {
          return await readDuckdbTables(instance, dataset);
        } finally {
          instance.closeSync();
        }
      },
    };
  },
  files: async (folder: string): Promise<KilledPlace> => {
    const location = join(folder, "bucket");
    return { location, readTables: () => readFilesTables(join(location, dataset)) };
  },
  postgres: async (): Promise<KilledPlace> => {
    const location = await freshPostgres();
    return {
      location,
      readTables: async () => {
        const client = new pg.Client({ connectionString: location });
        await client.connect();
        try {
          return await readPostgresTables(client, dataset);
        } finally {
          await client.end();
        }
      },
    };
  },
};
