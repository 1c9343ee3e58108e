import type { HookedCall } from "../hooks/run-hooks.js";
import type { LoadInfo } from "../info/load-info.js";
import { isSystemName } from "../info/package-text.js";
import { facet } from "./facet.js";
import type { LineageEvent } from "./lineage-event.js";

/** The tables that a load wrote to, each with its columns, and how much came. */
export function outputDatasets(info: LoadInfo, { pipeline }: HookedCall): LineageEvent["outputs"] {
  const outputs: LineageEvent["outputs"][number][] = [];
  const namespace = info.destinationDisplayableCredentials || info.destinationName;
  for (const [dataset, tables] of tablesByDataset(info)) {
    for (const [table, written] of tables) {
      const columns = Object.values(pipeline.schemas[written.schemaName]?.tables[table]?.columns ?? {});
      outputs.push({
        namespace,
        name: dataset === "" ? table : `${dataset}.${table}`,
        facets: {
          schema: facet("SchemaDatasetFacet", "1-1-1", {
            fields: columns.map(({ name, dataType, description }) => ({
              name,
              ...(dataType !== undefined && { type: dataType }),
              ...(description !== undefined && { description }),
            })),
          }),
        },
        outputFacets: {
          outputStatistics: facet("OutputStatisticsOutputDatasetFacet", "1-0-2", {
            rowCount: written.rows,
            size: written.bytes,
            fileCount: written.files,
          }),
        },
      });
    }
  }
  return outputs;
}

interface Written {
  readonly schemaName: string;
  rows: number;
  bytes: number;
  files: number;
}

function tablesByDataset(info: LoadInfo): ReadonlyMap<string, ReadonlyMap<string, Written>> {
  const datasets = new Map<string, Map<string, Written>>();
  for (const { loadId, schemaName, jobs, tableRows } of info.loadPackages) {
    const dataset = info.metrics[loadId]?.[0]?.datasetName ?? info.datasetName;
    const tables = datasets.get(dataset) ?? new Map<string, Written>();
    datasets.set(dataset, tables);
    const of = (table: string): Written => {
      const written = tables.get(table) ?? { schemaName, rows: 0, bytes: 0, files: 0 };
      tables.set(table, written);
      return written;
    };
    for (const { name, rowCount } of tableRows) of(name).rows += rowCount;
    for (const { tableName, fileBytes, filePath } of jobs.completedJobs) {
      // What follows the files of a table loads none.
      if (filePath === null || isSystemName(tableName)) continue;
      of(tableName).bytes += fileBytes;
      of(tableName).files += 1;
    }
  }
  return datasets;
}
