import { countText } from "./duration.js";
import { packageLines } from "./package-text.js";
import { type Printable, printable } from "./printable.js";
import { type StepInfo, stepObject } from "./step-info.js";

/** What normalizing did. */
export interface NormalizeInfo extends StepInfo, Printable {
  /** Rows by table, over all packages. */
  readonly rowCounts: Readonly<Record<string, number>>;
}

export function normalizeInfo(
  step: StepInfo & { readonly rowCounts: Readonly<Record<string, number>> },
): NormalizeInfo {
  return printable({ ...step }, { text: normalizeText, object: normalizeObject });
}

function normalizeText(info: StepInfo & { readonly rowCounts: Readonly<Record<string, number>> }): string {
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

function normalizeObject(
  info: StepInfo & { readonly rowCounts: Readonly<Record<string, number>> },
): Readonly<Record<string, unknown>> {
  const jobMetrics = info.loadPackages.flatMap(({ loadId, jobs }) =>
    [...jobs.newJobs, ...jobs.failedJobs, ...jobs.completedJobs].map((job) => ({
      loadId,
      jobId: job.jobId,
      tableName: job.tableName,
      itemsCount: job.rowCount,
      fileSize: job.fileBytes,
    })),
  );
  const tableMetrics = info.loadPackages.flatMap(({ loadId, tableRows }) =>
    tableRows.map((table) => ({ loadId, tableName: table.name, itemsCount: table.rowCount })),
  );
  return { ...stepObject(info), jobMetrics, tableMetrics };
}
