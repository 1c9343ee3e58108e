import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readFileIfPresent, replaceFile, writeFileAtomic } from "../workspace/atomic-file.js";
import { systemErrorCode, withStorageErrors } from "../workspace/storage-error.js";
import { type PackageStage, type PackageStore, stagePath } from "./package-store.js";
import { hasKeys } from "./stored-json.js";

/** How a load job ended. Times are microseconds since 1970 UTC, decimal text. */
export interface JobMark {
  readonly jobId: string;
  readonly table: string;
  readonly status: "completed" | "failed";
  /** `null`: unknown. */
  readonly rowCount: number | null;
  readonly bytes: number;
  readonly attempts: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Code and message of the error of a failed job; `null` for a completed one. */
  readonly failure: { readonly code: string | null; readonly message: string; readonly hint: string | null } | null;
  /** It failed where the package completes without it, and is never run again: what followed it did so without its rows. Default: false. */
  readonly isGivenUp?: boolean;
  /** Where the rows are now, for destinations that keep load files. Default: not told. */
  readonly remoteUrl?: string;
  /** The job put its file into the staging area, and loaded nothing. Default: false. */
  readonly isUpload?: boolean;
}

/**
 * Records how a job ended, replacing an earlier mark. Marks spare work and tell people what failed; they are not synced to
 * disk, because a job that is run again under the same id adds nothing at the destination. One that is given up must stay so.
 */
export async function writeJobMark(store: PackageStore, loadId: string, mark: JobMark): Promise<void> {
  const path = stagePath(store, "normalized", loadId, "jobs", `${mark.jobId}.json`);
  if (mark.isGivenUp) await writeFileAtomic(path, JSON.stringify(mark));
  else await replaceFile(path, JSON.stringify(mark));
}

/** The marks of a package by job id. A mark that a crash of the machine left unreadable does not count. */
export async function readJobMarks(
  store: PackageStore,
  stage: PackageStage,
  loadId: string,
): Promise<ReadonlyMap<string, JobMark>> {
  const folder = stagePath(store, stage, loadId, "jobs");
  const marks = new Map<string, JobMark>();
  for (const name of await fileNames(folder)) {
    const mark = parseMark(await readFileIfPresent(join(folder, name)));
    if (mark !== null) marks.set(mark.jobId, mark);
  }
  return marks;
}

/** Forgets the failed jobs of a package that were not given up, so that they count as not yet run. */
export async function removeFailedMarks(store: PackageStore, loadId: string): Promise<void> {
  for (const mark of (await readJobMarks(store, "normalized", loadId)).values()) {
    if (mark.status !== "failed" || mark.isGivenUp) continue;
    const path = stagePath(store, "normalized", loadId, "jobs", `${mark.jobId}.json`);
    await withStorageErrors({ action: "remove", path }, () => rm(path, { force: true }));
  }
}

async function fileNames(folder: string): Promise<readonly string[]> {
  return await withStorageErrors({ action: "list", path: folder }, async () => {
    try {
      return (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return [];
      throw error;
    }
  });
}

function parseMark(text: string | null): JobMark | null {
  if (text === null) return null;
  try {
    const content: unknown = JSON.parse(text);
    return isJobMark(content) ? content : null;
  } catch {
    return null;
  }
}

function isJobMark(content: unknown): content is JobMark {
  return hasKeys(content, ["jobId", "table", "status", "rowCount", "bytes", "attempts", "failure"]);
}
