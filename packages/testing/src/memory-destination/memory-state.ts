import type { StateStore } from "@dlt/core";
import type { Datasets } from "./memory-database.js";
import { rejectedRows, rejectedTables } from "./memory-rejects.js";
import type { PreparationTarget } from "./preparation.js";

/** Reads what earlier loads left; `request` does one thing at the destination. */
export function memoryState(
  datasets: Datasets,
  { names: { final, staging }, system }: PreparationTarget,
  request: <Result>(work: () => Result) => Promise<Result>,
): StateStore {
  return {
    readState: (pipelineName) =>
      request(() => {
        const states = datasets.find(final)?.states.filter((state) => state.pipelineName === pipelineName) ?? [];
        return states.toSorted((a, b) => byText(a.loadId, b.loadId)).at(-1) ?? null;
      }),
    readSchema: (schemaName) =>
      request(() => datasets.find(final)?.schemas.findLast((schema) => schema.schemaName === schemaName) ?? null),
    readSchemaByHash: (hash) =>
      request(() => datasets.find(final)?.schemas.find(({ versionHash }) => versionHash === hash) ?? null),
    readLastLoadId: () => request(() => [...(datasets.find(final)?.loads.keys() ?? [])].sort(byText).at(-1) ?? null),
    hasLoad: (loadId) => request(() => datasets.find(final)?.loads.has(loadId) === true),
    rejects: {
      tables: (pipelineName) => request(() => rejectedTables(datasets.find(final), { system, pipelineName })),
      rows: (wanted) => request(() => rejectedRows(datasets.find(final), { system, wanted })),
    },
    datasetExists: () => request(() => datasets.find(final) !== null),
    dropDataset: () =>
      request(() => {
        datasets.drop(staging);
        datasets.drop(final);
      }),
  };
}

/** Ids of loads are as long as each other until the year 2286. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
