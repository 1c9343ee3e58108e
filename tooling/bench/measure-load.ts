import { join } from "node:path";
import { type Measurement, measure } from "./measure.js";

export interface Load {
  /** The program, built from `load.ts`: it loads with the packages that it finds from where it lies. */
  readonly program: URL;
  /** A file of JSON lines. */
  readonly input: string;
  readonly table: string;
  /** A folder for what the run writes. */
  readonly folder: string;
}

/** Loads a file into a new database with dlt, in a process of its own. */
export async function measureLoad({ program, input, table, folder }: Load): Promise<Measurement> {
  return await measure(program, [input, databaseIn(folder), table], {
    env: { DLT_DATA_DIR: join(folder, "data") },
  });
}

/** The database that `measureLoad` loads into. */
export function databaseIn(folder: string): string {
  return join(folder, "dlt.duckdb");
}
