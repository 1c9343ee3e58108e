import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { besidePath, readFileIfPresent } from "../workspace/atomic-file.js";
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
}

/**
 * Records how a job ended, replacing an earlier mark. Marks spare work and tell people what failed; they are not synced to
 * disk, because a job that is run again under the same id adds nothing at the destination.
 */
export async function writeJobMark(store: PackageStore, loadId: string, mark: JobMark): Promise<void> {
  const path = stagePath(store, "normalized", loadId, "jobs", `${mark.jobId}.json`);
  await withStorageErrors({ action: "write", path }, async () => {
    const beside = besidePath(path);
    await writeFile(beside, JSON.stringify(mark));
    await rename(beside, path);
  });
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

/** Forgets the failed jobs of a package, so that they count as not yet run. */
export async function removeFailedMarks(store: PackageStore, loadId: string): Promise<void> {
  for (const mark of (await readJobMarks(store, "normalized", loadId)).values()) {
    if (mark.status !== "failed") continue;
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
