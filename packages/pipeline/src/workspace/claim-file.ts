import { open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "./make-folder.js";
import { type HostIdentity, isRunning, isSameHost, type ProcessIdentity } from "./process-identity.js";
import { systemErrorCode } from "./storage-error.js";

/** The process that works on a pipeline. */
export interface ClaimHolder extends ProcessIdentity {
  /** ISO time of the claim. */
  readonly since: string;
}

/** A claim file as another process sees it. */
export interface SeenClaim {
  readonly path: string;
  readonly phase: "announced" | "held";
  /** `null` when the file does not tell. */
  readonly holder: ClaimHolder | null;
  /** Last sign of life, by the clock of the file system. */
  readonly touchedMs: number;
}

/** How long a process elsewhere may give no sign of life. */
export const silenceMs = 30_000;

/**
 * Puts a claim file into its folder, whole: one byte for the phase (`a` announced, `h` held), which is never seen
 * half-written, then the holder as JSON.
 */
export async function writeClaim(path: string, holder: ClaimHolder): Promise<void> {
  const beside = path.replace(/\.claim$/, ".new");
  for (let attempt = 1; ; attempt++) {
    try {
      await makeFolder(dirname(path));
      await writeFile(beside, `a${JSON.stringify(holder)}\n`, { flag: "wx" });
      await rename(beside, path);
      return;
    } catch (error) {
      await rm(beside, { force: true });
      // Whoever dropped the pipeline took the empty folder away, or took this writer for dead, between two calls.
      if (systemErrorCode(error) !== "ENOENT" || attempt === maxAttempts) throw error;
    }
  }
}

const maxAttempts = 100;

/**
 * Marks a claim as held, again and again as a sign of life: the write makes the file system set the time of change by
 * its own clock, which `utimes` would not.
 * @returns false when the file is gone
 */
export async function touchClaim(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "r+");
    await file.write("h", 0);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return false;
    throw error;
  }
}

export async function claimExists(path: string): Promise<boolean> {
  return (await stat(path).catch(missing)) !== null;
}

/** The claims in a folder, and the names of unfinished ones; nothing when there is no folder. */
export async function readClaims(
  folder: string,
): Promise<{ readonly claims: readonly SeenClaim[]; readonly unfinished: readonly string[] }> {
  const names = (await readdir(folder).catch(missing)) ?? [];
  const claims: SeenClaim[] = [];
  for (const name of names) {
    if (!name.endsWith(".claim")) continue;
    const claim = await readClaim(join(folder, name));
    if (claim !== null) claims.push(claim);
  }
  return { claims, unfinished: names.filter((name) => name.endsWith(".new")).map((name) => join(folder, name)) };
}

/** Whether the process of a claim is alive, as far as can be told at `nowMs` of the file system's clock. */
export function isAlive(claim: SeenClaim, own: HostIdentity, nowMs: number): boolean {
  if (claim.holder !== null && isSameHost(claim.holder.host, own)) return isRunning(claim.holder);
  return nowMs - claim.touchedMs <= silenceMs;
}

/** Removes an unfinished claim file whose writer has been silent for too long. */
export async function removeIfStale(path: string, nowMs: number): Promise<void> {
  const stats = await stat(path).catch(missing);
  if (stats !== null && nowMs - stats.mtimeMs > silenceMs) await rm(path, { force: true });
}

/** `null` when the file is gone. */
async function readClaim(path: string): Promise<SeenClaim | null> {
  const text = await readFile(path, "utf8").catch(missing);
  const stats = await stat(path).catch(missing);
  if (text === null || stats === null) return null;
  return {
    path,
    phase: text.startsWith("h") ? "held" : "announced",
    holder: parseHolder(text.slice(1)),
    touchedMs: stats.mtimeMs,
  };
}

function parseHolder(text: string): ClaimHolder | null {
  try {
    const holder = JSON.parse(text) as Partial<ClaimHolder> | null;
    return typeof holder?.pid === "number" && typeof holder.host?.name === "string" ? (holder as ClaimHolder) : null;
  } catch {
    return null;
  }
}

function missing(error: unknown): null {
  if (systemErrorCode(error) === "ENOENT") return null;
  throw error;
}
