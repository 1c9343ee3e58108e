import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PackageError } from "@dlt/core";
import type { PipelineRuntime } from "../runtime.js";
import {
  type ClaimHolder,
  claimExists,
  isAlive,
  readClaims,
  removeIfStale,
  type SeenClaim,
  silenceMs,
  touchClaim,
  writeClaim,
} from "./claim-file.js";
import { isSameHost, ownIdentity } from "./process-identity.js";
import { withStorageErrors } from "./storage-error.js";

/** The right to change a working folder; held until disposed of or until the process ends. */
export interface PipelineClaim extends AsyncDisposable {
  /** Aborts when another process has taken over. */
  readonly lost: AbortSignal;
  /**
   * Call right before a commit.
   * @throws PackageError `PIPELINE_CLAIM_LOST` when another process has taken over
   */
  assertHeld(): Promise<void>;
}

export interface ClaimOptions {
  /** The working folder; its `claims` folder is made when missing. */
  readonly folder: string;
  readonly pipelineName: string;
  readonly runtime: Pick<PipelineRuntime, "nowMicros">;
  /** How long to wait while another process works on the pipeline. Default: 0, fail at once. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Claims a pipeline for this process: one writer at a time, on one machine or on several that share the folder.
 *
 * Announce, then look: each contender writes a claim file under a name of its own, then lists the folder. If it sees no
 * claim of a living process beside its own, it holds the pipeline; otherwise it takes its file away again. Of two
 * contenders the one that lists later sees the other, so never do both hold; contenders that see each other before
 * either holds try again after a random time. Files of dead processes are removed by whoever sees them, which is safe
 * because no name is used twice.
 *
 * A process of the same host is alive while it runs (number and start time). A process elsewhere proves it by touching
 * its file; it counts as dead when the file is 30 seconds older than a file written just now, both by the clock of the
 * file system.
 *
 * @throws PackageError `PIPELINE_BUSY`, or why the folder cannot be written
 */
export async function claimPipeline(options: ClaimOptions): Promise<PipelineClaim> {
  const { folder, pipelineName, runtime, waitMs = 0, signal } = options;
  const holder: ClaimHolder = { ...ownIdentity(), since: isoTime(runtime.nowMicros()) };
  const startedMs = performance.now();
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    const path = join(claimsFolder(folder), `${randomUUID()}.claim`);
    const rivals = await withStorageErrors({ action: "lock", path: folder }, () => tryClaim(path, holder));
    if (rivals === null) return holdClaim({ path, pipelineName });
    const held = rivals.find((claim) => claim.phase === "held");
    const patienceMs = held === undefined ? Math.max(waitMs, contentionMs) : waitMs;
    if (performance.now() - startedMs >= patienceMs) throw busyError(pipelineName, held ?? rivals[0], holder);
    await pause(backoffMs(attempt), undefined, signal === undefined ? {} : { signal });
  }
}

/** The processes that hold or are about to hold a pipeline. Changes nothing. */
export async function listClaims(folder: string): Promise<readonly ClaimHolder[]> {
  const claimsPath = claimsFolder(folder);
  const { claims } = await withStorageErrors({ action: "list", path: claimsPath }, () => readClaims(claimsPath));
  const { host } = ownIdentity();
  return claims.filter((claim) => isAlive(claim, host, Date.now())).flatMap(({ holder }) => holder ?? []);
}

/** Folder of the claim files in a working folder. */
export function claimsFolder(folder: string): string {
  return join(folder, "claims");
}

/** How often a holder gives a sign of life. */
const beatMs = 2_000;
/** How long contenders that only see each other go on trying when no waiting was asked for. */
const contentionMs = 10_000;

/**
 * One round of announcing and looking. `null`: held under `path`. Otherwise the claims that stand against it, if any
 * were seen.
 */
async function tryClaim(path: string, holder: ClaimHolder): Promise<readonly SeenClaim[] | null> {
  await writeClaim(path, holder);
  try {
    const rivals = await livingRivals(path, holder);
    if (rivals?.length === 0 && (await touchClaim(path))) return null;
    await rm(path, { force: true });
    return rivals ?? [];
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Removes what the dead left. `null` when our own file has been taken away, so that nothing can be said. */
async function livingRivals(ownPath: string, own: ClaimHolder): Promise<readonly SeenClaim[] | null> {
  const { claims, unfinished } = await readClaims(join(ownPath, ".."));
  const nowMs = claims.find((claim) => claim.path === ownPath)?.touchedMs;
  if (nowMs === undefined) return null;
  for (const path of unfinished) await removeIfStale(path, nowMs);
  const living: SeenClaim[] = [];
  for (const claim of claims) {
    if (claim.path === ownPath) continue;
    if (isAlive(claim, own.host, nowMs)) living.push(claim);
    else await rm(claim.path, { force: true });
  }
  return living;
}

function holdClaim({ path, pipelineName }: { readonly path: string; readonly pipelineName: string }): PipelineClaim {
  const lost = new AbortController();
  const lose = (): void => {
    clearInterval(beat);
    lost.abort(claimLostError(pipelineName));
  };
  const beat = setInterval(() => {
    touchClaim(path).then(
      (exists) => {
        if (!exists) lose();
      },
      // A disk that is away for a moment: nobody takes over before the silence is long, and `assertHeld` looks again.
      () => undefined,
    );
  }, beatMs);
  beat.unref();
  return {
    lost: lost.signal,
    async assertHeld() {
      if (!(await withStorageErrors({ action: "lock", path }, () => claimExists(path)))) lose();
      lost.signal.throwIfAborted();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      await withStorageErrors({ action: "remove", path }, () => rm(path, { force: true }));
    },
  };
}

/** Random, so that contenders part; at most 10 ms at first and 640 ms later. */
function backoffMs(attempt: number): number {
  return Math.random() * 10 * 2 ** Math.min(attempt, 6);
}

function busyError(pipelineName: string, claim: SeenClaim | undefined, own: ClaimHolder): PackageError {
  const holder = claim?.holder ?? null;
  const who = holder === null ? "another process" : holderText(holder, own);
  return new PackageError("PIPELINE_BUSY", `Pipeline \`${pipelineName}\` is in use by ${who}. Nothing was changed.`, {
    hint: "Wait for it to finish, set `waitMs` to wait in code, or use another `pipelineName` for an independent pipeline.",
    context: {
      pipelineName,
      pid: holder?.pid ?? null,
      host: holder?.host.name ?? null,
      since: holder?.since ?? null,
    },
  });
}

function holderText(holder: ClaimHolder, own: ClaimHolder): string {
  const here = isSameHost(holder.host, own.host);
  if (here && holder.pid === own.pid) return `another pipeline object of this process, since ${holder.since}`;
  const expiry = `; if that process is gone, the pipeline is free ${silenceMs / 1000} seconds after its last sign of life`;
  return `process ${holder.pid} on \`${holder.host.name}\`, since ${holder.since}${here ? "" : expiry}`;
}

function claimLostError(pipelineName: string): PackageError {
  return new PackageError(
    "PIPELINE_CLAIM_LOST",
    `Another process took over pipeline \`${pipelineName}\` while this one gave no sign of life. What was committed is safe.`,
    { hint: "Run again; if the machine gets suspended, keep it awake during runs." },
  );
}

function isoTime(micros: bigint): string {
  return new Date(Number(micros / 1000n)).toISOString();
}
