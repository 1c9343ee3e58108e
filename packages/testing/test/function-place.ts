import { destination } from "@dlt/core";
import type { FaultPlace, StoredRow } from "../src/index.js";

/** A function whose receiver takes each batch once, by its id. */
export async function functionPlace(): Promise<FaultPlace> {
  const taken = new Set<string>();
  const tables = new Map<string, StoredRow[]>();
  const collector = destination(
    "collector",
    (rows, { name }, { batchId }) => {
      if (taken.has(batchId)) return;
      taken.add(batchId);
      tables.set(name, [...(tables.get(name) ?? []), ...rows]);
    },
    { batchSize: 2 },
  );
  return {
    destination: () => collector(),
    readTables: async () => tables,
    [Symbol.asyncDispose]: async () => undefined,
  };
}
