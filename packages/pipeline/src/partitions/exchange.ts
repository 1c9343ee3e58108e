import { mkdir, writeFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { PackageError } from "@dlt/core";
import type { ChunkEntry } from "../package/chunk.js";
import { readChunkContent } from "../package/chunk-file.js";
import { deleteFolder } from "../package/package-store.js";
import { readStoredJson } from "../package/stored-json.js";
import { syncTree } from "../package/sync-tree.js";
import { moveDurably, readFileIfPresent, writeFileAtomic } from "../workspace/atomic-file.js";
import { withStorageErrors } from "../workspace/storage-error.js";
import { type AttemptDocument, type ChosenAttempts, isAttemptDocument, isChosenAttempts } from "./attempt-document.js";
import { isPlanDocument, type PlanDocument } from "./plan-document.js";

/**
 * The folder of a plan. What has a name of its own there is complete; what begins with a dot does not count.
 *
 * ```
 * <exchange>/<plan id>/
 *   plan.json                 what all partitions start from
 *   <index>.<attempt>/        a partition that was done: attempt.json, chunks/, files/
 *   .<index>.<attempt>/       one that is being done, or was given up
 *   commit.json               which attempts are loaded
 * ```
 */
export interface PlanFolder {
  readonly planId: string;
  /** Absolute. */
  readonly exchange: string;
  /** Absolute. */
  readonly path: string;
}

/** True for what can be the name of the folder of a plan, and leads nowhere else. */
export function isPlanId(planId: unknown): planId is string {
  return typeof planId === "string" && /^[^./\\][^/\\]*-\d+\.\d+-[0-9a-f]{8}$/.test(planId);
}

/** The same for the name of an attempt. */
export function isAttempt(attempt: unknown): attempt is string {
  return typeof attempt === "string" && /^[0-9a-f]{16}$/.test(attempt);
}

/** @throws PackageError `EXCHANGE_INVALID` */
export function checkExchange(exchange: unknown): asserts exchange is string {
  if (typeof exchange === "string" && exchange !== "") return;
  throw new PackageError("EXCHANGE_INVALID", "`exchange` is not the path of a folder.", {
    hint: 'Give a folder that all processes reach, e.g. `plan(source, { exchange: "/mnt/exchange" })`.',
  });
}

/**
 * @param cwd where relative paths start
 * @throws PackageError `EXCHANGE_INVALID`
 */
export function planFolder(exchange: string, planId: string, cwd: string): PlanFolder {
  checkExchange(exchange);
  const root = isAbsolute(exchange) ? exchange : resolve(cwd, exchange);
  return { planId, exchange: root, path: join(root, planId) };
}

/** Makes the folder of a plan; it is seen with its content or not at all. */
export async function publishPlan(
  folder: PlanFolder,
  plan: PlanDocument,
  reached: (point: "plan.written" | "plan.published") => void | Promise<void>,
): Promise<void> {
  const beside = join(folder.exchange, `.${folder.planId}`);
  await makeFolders(beside);
  const path = join(beside, "plan.json");
  await withStorageErrors({ action: "write", path }, () => writeFile(path, JSON.stringify(plan)));
  await syncTree(beside);
  await reached("plan.written");
  await moveDurably(beside, folder.path);
  await reached("plan.published");
}

/** `null` when there is no such plan, or not any more. */
export async function readPlan(folder: PlanFolder): Promise<PlanDocument | null> {
  const path = join(folder.path, "plan.json");
  return (await readFileIfPresent(path)) === null ? null : await readStoredJson(path, isPlanDocument);
}

export function planNotFound(folder: PlanFolder, cause?: unknown): PackageError {
  return new PackageError("PLAN_NOT_FOUND", `There is no plan \`${folder.planId}\` in \`${folder.exchange}\`.`, {
    hint: "Check that this process reaches the exchange folder; give its path here as `exchange`. A plan that was committed is gone.",
    context: { planId: folder.planId, exchange: folder.exchange },
    ...(cause !== undefined && { cause }),
  });
}

/** Where an attempt stands once it is complete. */
export function attemptPath(folder: PlanFolder, { index, attempt }: { index: number; attempt: string }): string {
  return join(folder.path, `${index}.${attempt}`);
}

/** A folder for an attempt, which does not count before `publishAttempt`. @returns its path */
export async function openAttempt(folder: PlanFolder, place: { index: number; attempt: string }): Promise<string> {
  const path = join(folder.path, `.${place.index}.${place.attempt}`);
  // Not recursive: a plan that is gone must not come back as an empty folder.
  await withStorageErrors({ action: "create", path }, () => mkdir(path));
  for (const name of ["chunks", "files"]) await makeFolders(join(path, name));
  return path;
}

export async function publishAttempt(
  folder: PlanFolder,
  from: string,
  options: {
    readonly document: AttemptDocument;
    reached(point: "partition.written" | "partition.published"): void | Promise<void>;
  },
): Promise<void> {
  const { document, reached } = options;
  const path = join(from, "attempt.json");
  await withStorageErrors({ action: "write", path }, () => writeFile(path, JSON.stringify(document)));
  await syncTree(from);
  await reached("partition.written");
  await moveDurably(from, attemptPath(folder, document));
  await reached("partition.published");
}

/** `null` when there is no such attempt. */
export async function readAttempt(
  folder: PlanFolder,
  place: { index: number; attempt: string },
): Promise<AttemptDocument | null> {
  const path = join(attemptPath(folder, place), "attempt.json");
  return (await readFileIfPresent(path)) === null ? null : await readStoredJson(path, isAttemptDocument);
}

/** The bytes of a chunk of an attempt in this folder; the caller gets a buffer of its own. */
export async function readChunkFile(path: string, entry: ChunkEntry): Promise<Uint8Array> {
  const chunk = chunkPath(path, entry);
  return await withStorageErrors({ action: "read", path: chunk }, () => readChunkContent(chunk, entry));
}

/** The file of such a chunk. */
export function chunkPath(path: string, { file }: ChunkEntry): string {
  return join(path, "chunks", file);
}

/** The attempts that a commit chose, which later commits of the plan take as well; `null` before the first. */
export async function readChosen(folder: PlanFolder): Promise<ChosenAttempts | null> {
  const path = join(folder.path, "commit.json");
  return (await readFileIfPresent(path)) === null ? null : await readStoredJson(path, isChosenAttempts);
}

export async function writeChosen(folder: PlanFolder, chosen: ChosenAttempts): Promise<void> {
  await writeFileAtomic(join(folder.path, "commit.json"), JSON.stringify(chosen));
}

/** Removes a plan with all its attempts, so that half of it is never seen. May be repeated. */
export async function removePlan(folder: PlanFolder): Promise<void> {
  const removed = join(folder.exchange, `.${folder.planId}.removed`);
  if ((await readFileIfPresent(join(folder.path, "plan.json"))) !== null) {
    await deleteFolder(removed);
    await moveDurably(folder.path, removed);
  }
  await deleteFolder(removed);
}

async function makeFolders(path: string): Promise<void> {
  await withStorageErrors({ action: "create", path }, () => mkdir(path, { recursive: true }));
}
