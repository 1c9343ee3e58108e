import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesystem } from "@dlt/destination-filesystem";
import type { FaultPlace } from "../src/index.js";
import { duckdbPlace } from "./duckdb-place.js";

/** DuckDB, which copies load files from a folder. */
export async function stagedPlace(): Promise<FaultPlace> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-faults-staging-"));
  const place = await duckdbPlace();
  return {
    ...place,
    staging: () => filesystem({ bucketUrl: folder }),
    [Symbol.asyncDispose]: async () => {
      await place[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
