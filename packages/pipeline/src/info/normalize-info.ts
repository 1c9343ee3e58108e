import { countText } from "./duration.js";
import { packageLines } from "./package-text.js";
import { type Printable, printable } from "./printable.js";
import { type StepInfo, stepDict } from "./step-info.js";

/** What normalizing did. */
export interface NormalizeInfo extends NormalizeFacts, Printable {}

export interface NormalizeFacts extends StepInfo {
  /** Rows by table, over all packages. */
  readonly rowCounts: Readonly<Record<string, number>>;
}

export function normalizeInfo(facts: NormalizeFacts): NormalizeInfo {
  return printable({ ...facts }, { text: normalizeText, dict: normalizeDict });
}

function normalizeText(info: NormalizeFacts): string {
  const counts = Object.entries(info.rowCounts);
  const tables =
    counts.length === 0
      ? ["No data found to normalize"]
      : [
          "Normalized data for the following tables:",
          ...counts.map(([table, rows]) => `- ${table}: ${countText(rows, "row")}`),
        ];
  return [...tables, ...info.loadPackages.flatMap(packageLines)].join("\n");
}

function normalizeDict(info: NormalizeFacts): Readonly<Record<string, unknown>> {
  const { loadPackages } = info;
  return {
    ...stepDict(info),
    job_metrics: loadPackages.flatMap(({ loadId, jobs }) =>
      [...jobs.newJobs, ...jobs.failedJobs, ...jobs.completedJobs].map((job) => ({
        load_id: loadId,
        job_id: job.jobId,
        table_name: job.tableName,
        file_path: job.filePath,
        items_count: job.rowCount,
        file_size: job.fileBytes,
      })),
    ),
    table_metrics: loadPackages.flatMap(({ loadId, tableRows }) =>
      tableRows.map(({ name, rowCount }) => ({ load_id: loadId, table_name: name, items_count: rowCount })),
    ),
  };
}
