import type { LoadJobInfo, LoadPackageInfo } from "@dlt/pipeline";

/** A load package as plain data. */
export interface LoadPackageFacts {
  readonly load_id: string;
  readonly package_path: string;
  readonly state: LoadPackageInfo["state"];
  readonly schema_name: string;
  readonly schema_hash: string;
  readonly completed_at: string | null;
  readonly rejected_rows: number;
  readonly table_rows: readonly { readonly table_name: string; readonly rows: number }[];
  /** New and wider columns by table. */
  readonly schema_update: readonly {
    readonly table_name: string;
    readonly is_new: boolean;
    readonly columns: readonly {
      readonly name: string;
      readonly data_type: string | null;
      readonly nullable: boolean;
    }[];
  }[];
  readonly jobs: readonly JobFacts[];
}

export interface JobFacts {
  readonly job_id: string;
  readonly table_name: string;
  readonly state: LoadJobInfo["state"];
  readonly file_format: string;
  readonly file_path: string | null;
  readonly file_bytes: number;
  readonly rows: number | null;
  readonly attempts: number;
  readonly failed_code: string | null;
  readonly failed_message: string | null;
}

export function loadPackageFacts(info: LoadPackageInfo): LoadPackageFacts {
  const { newJobs, failedJobs, completedJobs } = info.jobs;
  return {
    load_id: info.loadId,
    package_path: info.packagePath,
    state: info.state,
    schema_name: info.schemaName,
    schema_hash: info.schemaHash,
    completed_at: info.completedAt?.toISOString() ?? null,
    rejected_rows: info.rejectedRows,
    table_rows: info.tableRows.map(({ name, rowCount }) => ({ table_name: name, rows: rowCount })),
    schema_update: Object.values(info.schemaUpdate).map(({ name, isNew, columns }) => ({
      table_name: name,
      is_new: isNew,
      columns: Object.values(columns).map((column) => ({
        name: column.name,
        data_type: column.dataType ?? null,
        nullable: column.nullable !== false,
      })),
    })),
    jobs: [...failedJobs, ...newJobs, ...completedJobs].map(jobFacts),
  };
}

export function jobFacts(job: LoadJobInfo): JobFacts {
  return {
    job_id: job.jobId,
    table_name: job.tableName,
    state: job.state,
    file_format: job.fileFormat,
    file_path: job.filePath,
    file_bytes: job.fileBytes,
    rows: job.rowCount,
    attempts: job.attempts,
    failed_code: job.failedCode,
    failed_message: job.failedMessage,
  };
}
