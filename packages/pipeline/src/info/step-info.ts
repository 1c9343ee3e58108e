import type { LoadPackageInfo } from "./package-info.js";

/** What every step tells. */
export interface StepInfo {
  readonly pipeline: { readonly pipelineName: string };
  /** Load ids of the packages that the step worked on, oldest first. */
  readonly loadsIds: readonly string[];
  readonly loadPackages: readonly LoadPackageInfo[];
  /** The pipeline had not loaded anything before. */
  readonly firstRun: boolean;
  /** `null` when the step had nothing to do. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** True when the step worked on no package. */
  readonly isEmpty: boolean;
}

/** Packages in the form in which they are loaded: jobs and tables as lists, columns as lists of their tables. */
function packageObject(info: LoadPackageInfo): Readonly<Record<string, unknown>> {
  const { jobs, schemaUpdate, tableRows: _, rejectedRows: __, ...rest } = info;
  const { loadId, schemaName } = info;
  return {
    ...rest,
    jobs: [...jobs.newJobs, ...jobs.failedJobs, ...jobs.completedJobs],
    tables: Object.values(schemaUpdate).map(
      ({ columns, isNew: _new, widerColumns: _wider, filters: _filters, ...table }) => ({
        ...table,
        schemaName,
        loadId,
        columns: Object.values(columns).map((column) => ({ ...column, tableName: table.name, schemaName, loadId })),
      }),
    ),
  };
}

/** The part of `asObject` that all steps share. */
export function stepObject(info: StepInfo): Readonly<Record<string, unknown>> {
  const { pipeline, loadsIds, loadPackages, firstRun, startedAt, finishedAt } = info;
  const times = startedAt === null ? {} : { startedAt, finishedAt };
  return { pipeline, loadsIds, loadPackages: loadPackages.map(packageObject), firstRun, ...times };
}
