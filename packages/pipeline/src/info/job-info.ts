import { parseJobName } from "@dlt/core/engine";
import { type ChunkEntry, chunkJobId } from "../package/chunk.js";
import type { JobMark } from "../package/job-marks.js";
import type { FileEntry } from "../package/manifest.js";
import { dateOf } from "./duration.js";

/** A job of a package, and what became of it: of a file, or of what follows when the files of a table are loaded. */
export interface LoadJobInfo {
  /** `users.a1b2c3d4e5.parquet` */
  readonly jobId: string;
  readonly tableName: string;
  readonly fileId: string;
  readonly state: "new" | "failed" | "completed";
  /** `sql` for one that follows. */
  readonly fileFormat: string;
  /** The file is compressed with gzip. */
  readonly isCompressed: boolean;
  /** Where the file is, unless it was deleted after the load; `null` for a job without one. */
  readonly filePath: string | null;
  readonly fileBytes: number;
  /** When the load was begun. */
  readonly createdAt: Date;
  /** Rows that were loaded, for one that follows those that it wrote; `null`: not known. */
  readonly rowCount: number | null;
  /** How often it was tried by the call that ended it. */
  readonly attempts: number;
  /** `null`: it did not end yet. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed; `null` unless it did. */
  readonly failedMessage: string | null;
  /** Code of the error that it failed with, e.g. `DESTINATION_VALUE_REFUSED`. */
  readonly failedCode: string | null;
  /** Where the destination keeps the file; `null` for those that keep rows. */
  readonly remoteUrl: string | null;
  /** Ids of the jobs that brought its rows from the staging dataset into their table. */
  readonly followupJobs: readonly string[];
}

/** The numbers of a job that ended. */
export interface LoadJobMetrics {
  readonly jobId: string;
  readonly filePath: string | null;
  readonly tableName: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly state: "failed" | "completed";
  readonly remoteUrl: string | null;
  /** Attempts after the first. */
  readonly retryCount: number;
  readonly followupJobs: readonly string[];
  /** Rows; `null`: not known. */
  readonly itemsCount: number | null;
  /** In bytes. */
  readonly fileSize: number;
}

/** Where a job is and what it belongs to. */
interface JobPlace {
  readonly createdAt: Date;
  readonly filePath: string;
}

const notRun = {
  state: "new",
  attempts: 0,
  startedAt: null,
  finishedAt: null,
  failedMessage: null,
  failedCode: null,
  remoteUrl: null,
  followupJobs: [],
} as const;

/** A chunk that waits to be normalized. */
export function chunkInfo(chunk: ChunkEntry, place: JobPlace): LoadJobInfo {
  return {
    ...notRun,
    ...place,
    jobId: chunkJobId(chunk),
    tableName: chunk.table,
    fileId: String(chunk.index).padStart(6, "0"),
    fileFormat: chunk.loadFile?.format ?? (chunk.framing === "columns" ? "columns" : "jsonl"),
    isCompressed: chunk.loadFile?.isCompressed ?? false,
    rowCount: chunk.rowCount,
    fileBytes: chunk.bytes,
  };
}

/** A load file. `followups`: the jobs that its rows needed. */
export function fileInfo(
  file: FileEntry,
  ended: { readonly mark: JobMark | undefined; readonly followups: readonly JobMark[] },
  place: JobPlace,
): LoadJobInfo {
  const { mark, followups } = ended;
  const rowCount = file.rowCount ?? (mark?.status === "completed" ? mark.rowCount : null);
  return {
    ...(mark === undefined ? notRun : endOf(mark)),
    ...place,
    jobId: file.name,
    tableName: file.table,
    fileId: file.fileId,
    fileFormat: file.format,
    isCompressed: file.name.endsWith(".gz"),
    rowCount,
    fileBytes: file.bytes,
    followupJobs: mark?.status === "completed" ? followups.map(({ jobId }) => jobId) : [],
  };
}

/** A job that follows others, as it is known once it ended. */
export function followupInfo(mark: JobMark, createdAt: Date): LoadJobInfo {
  const { jobId, table, rowCount, bytes } = mark;
  const name = parseJobName(jobId);
  return {
    ...endOf(mark),
    jobId,
    tableName: table,
    fileId: name?.fileId ?? "",
    fileFormat: name?.format ?? "sql",
    isCompressed: false,
    filePath: null,
    fileBytes: bytes,
    createdAt,
    rowCount: mark.status === "completed" ? rowCount : null,
    followupJobs: [],
  };
}

function endOf(mark: JobMark) {
  return {
    state: mark.status,
    attempts: mark.attempts,
    startedAt: dateOf(mark.startedAt),
    finishedAt: dateOf(mark.finishedAt),
    failedMessage: mark.failure?.message ?? null,
    failedCode: mark.failure?.code ?? null,
    remoteUrl: mark.remoteUrl ?? null,
  };
}

/** `null` for a job that did not end. */
export function jobMetrics(job: LoadJobInfo): LoadJobMetrics | null {
  const { state, jobId, filePath, tableName, startedAt, finishedAt, remoteUrl, attempts, followupJobs } = job;
  if (state === "new") return null;
  return {
    jobId,
    filePath,
    tableName,
    startedAt,
    finishedAt,
    state,
    remoteUrl,
    retryCount: attempts - 1,
    followupJobs,
    itemsCount: job.rowCount,
    fileSize: job.fileBytes,
  };
}

/** A job of a package as a row. */
export function jobDict(job: LoadJobInfo): Readonly<Record<string, unknown>> {
  const { startedAt, finishedAt } = job;
  return {
    job_id: job.jobId,
    state: `${job.state}_jobs`,
    file_path: job.filePath,
    file_size: job.fileBytes,
    created_at: job.createdAt,
    elapsed: startedAt === null || finishedAt === null ? null : (finishedAt.getTime() - startedAt.getTime()) / 1000,
    failed_message: job.failedMessage,
    table_name: job.tableName,
    file_id: job.fileId,
    retry_count: Math.max(0, job.attempts - 1),
    file_format: job.fileFormat,
    is_compressed: job.isCompressed,
  };
}
