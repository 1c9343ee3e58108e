import { readdir, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { PackageError, type SchemaText } from "@dlt/core";
import { runContext } from "../config/run-context.js";
import type { PipelineRuntime } from "../runtime.js";
import { isUnfinishedFile, readFileIfPresent, syncFolder, writeFileAtomic } from "./atomic-file.js";
import { claimsFolder } from "./claims.js";
import { makeFolder } from "./make-folder.js";
import { assertPipelineName, nameProblem } from "./pipeline-name.js";
import { systemErrorCode, withStorageErrors } from "./storage-error.js";

/**
 * What a pipeline keeps on this machine; all paths are absolute.
 *
 * ```
 * <pipelines dir>/<pipeline name>/
 *   claims/                     who works on it
 *   state.json                  pipeline state with its local part
 *   schemas/<name>.schema.json  stored schema documents
 *   schemas/<name>.origins.json what decided the types of their columns
 *   packages/                   load packages
 *   trace.json                  how the last call went
 * ```
 */
export interface WorkingFolder {
  readonly pipelineName: string;
  readonly path: string;
  readonly claimsPath: string;
  readonly statePath: string;
  readonly schemasPath: string;
  readonly packagesPath: string;
  readonly tracePath: string;
}

export interface WorkingFolderOptions {
  readonly pipelineName: string;
  /** Parent of the working folder. Default: `ts-pipelines` in the data folder. */
  readonly pipelinesDir?: string;
  readonly runtime: Pick<PipelineRuntime, "env" | "cwd">;
}

/**
 * Tells where the working folder of a pipeline is; makes nothing.
 * @throws PackageError `PIPELINE_NAME_INVALID`
 */
export function workingFolder(options: WorkingFolderOptions): WorkingFolder {
  const { pipelineName } = options;
  assertPipelineName(pipelineName);
  const path = join(pipelinesFolder(options), pipelineName);
  return {
    pipelineName,
    path,
    claimsPath: claimsFolder(path),
    statePath: join(path, "state.json"),
    schemasPath: join(path, "schemas"),
    packagesPath: join(path, "packages"),
    tracePath: join(path, "trace.json"),
  };
}

/**
 * Makes the folders that are missing and removes what a crash left unfinished. Call it while holding the claim.
 * @throws PackageError `WORKING_FOLDER_FOREIGN`, or why the folder cannot be written
 */
export async function createWorkingFolder(folder: WorkingFolder): Promise<void> {
  await withStorageErrors({ action: "create", path: folder.path }, async () => {
    const names = await namesIn(folder.path);
    await assertOwnLayout(folder, names);
    for (const path of [folder.schemasPath, folder.packagesPath])
      if (!names.includes(basename(path))) await makeFolder(path);
    for (const path of [folder.path, folder.schemasPath]) {
      for (const name of path === folder.path ? names : await readdir(path)) {
        if (isUnfinishedFile(name)) await rm(join(path, name), { force: true });
      }
    }
  });
}

/** Deletes everything but the claims. Call it while holding the claim. */
export async function wipeWorkingFolder(folder: WorkingFolder): Promise<void> {
  await withStorageErrors({ action: "remove", path: folder.path }, async () => {
    const names = await namesIn(folder.path);
    await assertOwnLayout(folder, names);
    // The state goes last: with it, a wipe cut short is still seen as this pipeline and can be repeated.
    for (const name of [...names.filter((name) => name !== "claims" && name !== "state.json"), "state.json"])
      await rm(join(folder.path, name), { recursive: true, force: true });
  });
}

/**
 * Removes what is left of a wiped folder. Call it after the claim is released; a folder that someone claims again
 * stays.
 */
export async function removeWorkingFolder(folder: WorkingFolder): Promise<void> {
  await withStorageErrors({ action: "remove", path: folder.path }, async () => {
    for (const path of [folder.claimsPath, folder.path]) {
      try {
        await rmdir(path);
      } catch (error) {
        if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(systemErrorCode(error) ?? "")) throw error;
      }
    }
  });
}

/** Names of the pipelines that have a state on this machine, sorted. */
export async function workingFolderNames(
  options: Omit<WorkingFolderOptions, "pipelineName">,
): Promise<readonly string[]> {
  const parent = pipelinesFolder(options);
  return await withStorageErrors({ action: "list", path: parent }, async () => {
    const names: string[] = [];
    for (const name of await namesIn(parent)) {
      if (nameProblem(name) === null && (await namesIn(join(parent, name))).includes("state.json")) names.push(name);
    }
    return names.sort();
  });
}

/** The text of the local state; `null` when there is none. */
export async function readStateText(folder: WorkingFolder): Promise<string | null> {
  return await readFileIfPresent(folder.statePath);
}

export async function writeStateText(folder: WorkingFolder, text: string): Promise<void> {
  await writeChanged(folder.statePath, text);
}

/** Names of the stored schemas, sorted. */
export async function listSchemas(folder: WorkingFolder): Promise<readonly string[]> {
  return await withStorageErrors({ action: "list", path: folder.schemasPath }, async () => {
    const names = (await namesIn(folder.schemasPath)).filter((name) => name.endsWith(schemaEnding));
    return names.map((name) => name.slice(0, -schemaEnding.length)).sort();
  });
}

/** `null` when there is no schema of this name. */
export async function readSchemaText(folder: WorkingFolder, name: string): Promise<SchemaText | null> {
  return await readFileIfPresent(schemaPath(folder, name));
}

export async function writeSchemaText(folder: WorkingFolder, name: string, text: SchemaText): Promise<void> {
  await writeChanged(schemaPath(folder, name), text);
}

export async function removeSchemaText(folder: WorkingFolder, name: string): Promise<void> {
  for (const path of [schemaPath(folder, name), originsPath(folder, name)])
    await withStorageErrors({ action: "remove", path }, () => rm(path, { force: true }));
}

/** Where it is kept what decided the types of a schema's columns. */
export function originsPath({ schemasPath }: WorkingFolder, schemaName: string): string {
  return join(schemasPath, `${schemaName}.origins.json`);
}

const schemaEnding = ".schema.json";

function schemaPath(folder: WorkingFolder, name: string): string {
  // Names also come out of states and schemas at the destination, and must not lead out of the folder.
  const problem = nameProblem(name);
  if (problem !== null) {
    throw new PackageError(
      "SCHEMA_FILE_NAME_INVALID",
      `${JSON.stringify(name)} cannot be the name of a schema file: ${problem}.`,
      {
        hint: "Repair `schema_names` of the state, or name the schema with letters, digits and `_`.",
        context: { pipelineName: folder.pipelineName, schemaName: name },
      },
    );
  }
  return join(folder.schemasPath, `${name}${schemaEnding}`);
}

/** The folder that the working folders of pipelines are in. */
export function pipelinesFolder({ pipelinesDir, runtime }: Omit<WorkingFolderOptions, "pipelineName">): string {
  return pipelinesDir === undefined
    ? join(runContext(runtime).dataDir, "ts-pipelines")
    : resolve(runtime.cwd, pipelinesDir);
}

/** Python dlt keeps `normalize/.version` and `load/.version`, and a `state.json` that would be mistaken for ours. */
async function assertOwnLayout(folder: WorkingFolder, names: readonly string[]): Promise<void> {
  for (const storage of ["normalize", "load"]) {
    if (!names.includes(storage)) continue;
    const path = join(folder.path, storage, ".version");
    if ((await readFileIfPresent(path)) === null) continue;
    throw new PackageError(
      "WORKING_FOLDER_FOREIGN",
      `\`${folder.path}\` is a working folder of Python dlt. Nothing was changed.`,
      {
        hint: "Choose another `pipelinesDir`; the state is taken from the destination by the first run.",
        context: { path: folder.path, pipelineName: folder.pipelineName },
      },
    );
  }
}

/** Writes a file unless this is what it holds: most runs change neither schema nor state, and a write waits for the disk. */
async function writeChanged(path: string, text: string): Promise<void> {
  if ((await readFileIfPresent(path)) !== text) await writeFileAtomic(path, text);
  // A process that died may have renamed it without its name being on disk yet.
  else await syncFolder(dirname(path));
}

/** Names in a folder; none when it is missing or not a folder. */
async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(error) ?? "")) return [];
    throw error;
  }
}
