import { existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type DestinationClient, DestinationError, destination, type LoadFile, setting } from "@dlt/core";

/** Puts the rows of each table into a folder, as files of JSON lines: `<path>/<dataset>/<table>/<load id>.<job id>`. */
export const jsonFolder = destination({
  name: "json_folder",
  capabilities: {
    preferredFileFormat: "jsonl",
    fileFormats: ["jsonl"],
    maxIdentifierLength: 100,
    caseSensitiveIdentifiers: true,
    supportsDdlTransactions: false,
    supportsTransactions: false,
    replaceStrategies: ["truncate-and-insert"],
    mergeStrategies: [],
  },
  config: { path: setting<string>({ doc: "Folder; a relative one starts at the folder for local files." }) },
  connect: async ({ path }, { localDir, dataset }) => folderClient(resolve(localDir, path, dataset)),
});

function folderClient(folder: string): DestinationClient {
  const tableFolder = (table: string): string => join(folder, table);
  const mark = (loadId: string): string => join(folder, "_dlt_jobs", `${loadId}.prepared`);
  return {
    displayLocation: `json_folder://${folder}`,

    // Emptying tables twice would lose rows of this very load, so the first call leaves a mark.
    prepare: (plan) =>
      attempt(`prepare load ${plan.loadId}`, async () => {
        if (existsSync(mark(plan.loadId))) return [];
        const isNew = plan.tables.filter(({ name }) => !existsSync(tableFolder(name)));
        for (const name of plan.truncate) await rm(tableFolder(name), { recursive: true, force: true });
        for (const { name } of plan.tables) await mkdir(tableFolder(name), { recursive: true });
        await mkdir(join(folder, "_dlt_jobs"), { recursive: true });
        await writeFile(mark(plan.loadId), "");
        return isNew;
      }),

    explain: async ({ tables }) =>
      tables.map(({ name }) => tableFolder(name)).flatMap((path) => (existsSync(path) ? [] : `mkdir ${path}`)),

    // The name of the file comes from load and job, so that a job that runs again replaces its own file.
    createJob: (file) => ({
      id: file.jobId,
      run: () => attempt(`load ${file.jobId}`, () => copyInto(tableFolder(file.table.name), file)),
    }),

    completeLoad: ({ loadId, schemaName }) =>
      attempt(`complete load ${loadId}`, () =>
        writeBeside(join(tableFolder("_dlt_loads"), `${loadId}.jsonl`), (path) =>
          writeFile(path, `${JSON.stringify({ load_id: loadId, schema_name: schemaName, status: 0 })}\n`),
        ),
      ),

    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function copyInto(folder: string, { at, loadId, jobId, rowCount, bytes }: LoadFile) {
  const from = "path" in at ? at.path : at.url;
  await writeBeside(join(folder, `${loadId}.${jobId}`), (path) => copyFile(from, path));
  return { rowCount, bytes };
}

/** A file that is seen whole or not at all. */
async function writeBeside(path: string, write: (path: string) => Promise<void>): Promise<void> {
  await write(`${path}.unfinished`);
  await rename(`${path}.unfinished`, path);
}

/** Translates errors of the file system; the one place that says whether trying again may help. */
async function attempt<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isFull = code === "ENOSPC" || code === "EDQUOT";
    throw new DestinationError(
      isFull ? "DESTINATION_STORAGE_FULL" : "DESTINATION_PATH_UNUSABLE",
      `Could not ${what}: ${message}`,
      {
        hint: isFull
          ? "Make room on the disk, then run again."
          : "Check the folder and its permissions, then run again.",
        retryable: code === "EBUSY" || code === "EMFILE",
        cause: error,
      },
    );
  }
}
