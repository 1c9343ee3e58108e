import type { ColumnSchema, DataType, NamingConvention, TableSchema } from "@dlt/core";

/** Physical names of a system table and its columns; the order of columns is that of the stored table. */
export interface SystemTable<ColumnName extends string = string> {
  readonly name: string;
  readonly columns: Readonly<Record<ColumnName, string>>;
}

export interface SystemTables {
  /** Schemas of the dataset. */
  readonly version: SystemTable<"version" | "engineVersion" | "insertedAt" | "schemaName" | "versionHash" | "schema">;
  /** Completed loads. */
  readonly loads: SystemTable<"loadId" | "schemaName" | "status" | "insertedAt" | "schemaVersionHash">;
  /** Pipeline states. */
  readonly state: SystemTable<"version" | "engineVersion" | "pipelineName" | "state" | "createdAt" | "loadId">;
  /** Rejected rows, in datasets whose pipelines keep them. */
  readonly rejects: SystemTable<
    "pipelineName" | "schemaName" | "tableName" | "rowNumber" | "path" | "rowJson" | "originJson" | "loadId" | "id"
  >;
  /** Marks of jobs and of prepared loads that are not followed by a completed load yet. Made by the client, not part of any schema. */
  readonly jobs: SystemTable<"loadId" | "jobId" | "tableName" | "rowCount" | "insertedAt">;
  /** Columns that tables of data have of the library. */
  readonly links: { readonly loadId: string; readonly id: string };
}

/** The mark that a load is prepared stands beside the marks of its jobs, whose ids have dots. */
export const preparedJobId = "prepare";

/** The system tables under a naming convention. */
export function systemTables(naming: NamingConvention): SystemTables {
  const column = (name: string) => naming.normalizeIdentifier(name);
  return {
    version: {
      name: naming.normalizeTableIdentifier("_dlt_version"),
      columns: {
        version: column("version"),
        engineVersion: column("engine_version"),
        insertedAt: column("inserted_at"),
        schemaName: column("schema_name"),
        versionHash: column("version_hash"),
        schema: column("schema"),
      },
    },
    loads: {
      name: naming.normalizeTableIdentifier("_dlt_loads"),
      columns: {
        loadId: column("load_id"),
        schemaName: column("schema_name"),
        status: column("status"),
        insertedAt: column("inserted_at"),
        schemaVersionHash: column("schema_version_hash"),
      },
    },
    state: {
      name: naming.normalizeTableIdentifier("_dlt_pipeline_state"),
      columns: {
        version: column("version"),
        engineVersion: column("engine_version"),
        pipelineName: column("pipeline_name"),
        state: column("state"),
        createdAt: column("created_at"),
        loadId: column("_dlt_load_id"),
      },
    },
    rejects: {
      name: naming.normalizeTableIdentifier("_dlt_rejects"),
      columns: {
        pipelineName: column("pipeline_name"),
        schemaName: column("schema_name"),
        tableName: column("table_name"),
        rowNumber: column("row_number"),
        path: column("path"),
        rowJson: column("row_json"),
        originJson: column("origin_json"),
        loadId: column("_dlt_load_id"),
        id: column("_dlt_id"),
      },
    },
    jobs: {
      name: naming.normalizeTableIdentifier("_dlt_jobs"),
      columns: {
        loadId: column("load_id"),
        jobId: column("job_id"),
        tableName: column("table_name"),
        rowCount: column("row_count"),
        insertedAt: column("inserted_at"),
      },
    },
    links: { loadId: column("_dlt_load_id"), id: column("_dlt_id") },
  };
}

/** `_dlt_jobs` as a table; without keys, because engines that check them eagerly would refuse a repeated job instead of seeing its mark. */
export function jobsTable({ jobs }: SystemTables): TableSchema {
  const { loadId, jobId, tableName, rowCount, insertedAt } = jobs.columns;
  const columns: readonly (readonly [name: string, dataType: DataType, nullable: boolean])[] = [
    [loadId, "text", false],
    [jobId, "text", false],
    [tableName, "text", true],
    [rowCount, "bigint", true],
    [insertedAt, "timestamp", false],
  ];
  return {
    name: jobs.name,
    columns: new Map(
      columns.map(([name, dataType, nullable]): [string, ColumnSchema] => [name, { name, dataType, nullable }]),
    ),
  };
}
