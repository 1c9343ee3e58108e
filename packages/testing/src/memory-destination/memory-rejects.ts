import type { RejectedTable, RejectPosition, RejectRecord, RejectStore, SystemNames } from "@dlt/core";
import type { MemoryDataset, MemoryRow } from "./memory-database.js";

/** What was rejected of each table of a pipeline, in completed loads. */
export function rejectedTables(
  dataset: MemoryDataset | null,
  { system, pipelineName }: { readonly system: SystemNames; readonly pipelineName: string },
): readonly RejectedTable[] {
  const tables = new Map<string, RejectedTable>();
  const ofPipeline = completedRejects(dataset, system).filter((row) => row["pipeline_name"] === pipelineName);
  for (const row of ofPipeline.sort((a, b) => byText(String(a[system.loadId]), String(b[system.loadId])))) {
    const schemaName = String(row["schema_name"]);
    const table = String(row["table_name"]);
    tables.set(JSON.stringify([schemaName, table]), { schemaName, table, lastLoadId: String(row[system.loadId]) });
  }
  return [...tables.values()];
}

/** Rejected rows of a table behind a position, in order. */
export function rejectedRows(
  dataset: MemoryDataset | null,
  { system, wanted }: { readonly system: SystemNames; readonly wanted: Parameters<RejectStore["rows"]>[0] },
): readonly RejectRecord[] {
  const { pipelineName, schemaName, table, after, limit } = wanted;
  return completedRejects(dataset, system)
    .filter(
      (row) =>
        row["pipeline_name"] === pipelineName && row["schema_name"] === schemaName && row["table_name"] === table,
    )
    .map((row) => recordOf(row, system))
    .filter((record) => byPosition(record, after) > 0)
    .sort(byPosition)
    .slice(0, limit);
}

function completedRejects(dataset: MemoryDataset | null, system: SystemNames): MemoryRow[] {
  const rows = dataset?.tables.get(system.rejectsTable)?.rows ?? [];
  return rows.filter((row) => dataset?.loads.has(String(row[system.loadId])));
}

function recordOf(row: MemoryRow, system: SystemNames): RejectRecord {
  return {
    loadId: String(row[system.loadId]),
    rowNumber: Number(row["row_number"]),
    id: String(row[system.id]),
    path: String(row["path"]),
    rowJson: String(row["row_json"]),
    originJson: row["origin_json"] === null ? null : String(row["origin_json"]),
  };
}

function byPosition(a: RejectPosition, b: RejectPosition): number {
  return byText(a.loadId, b.loadId) || a.rowNumber - b.rowNumber || byText(a.id, b.id);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
