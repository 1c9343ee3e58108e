import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type DestinationClient,
  DestinationError,
  destination,
  type LoadFile,
  type LoadPlan,
  type PartialTable,
  setting,
} from "@dlt/core";

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
  const columnsFile = join(folder, "_dlt_jobs", "columns.json");
  return {
    displayLocation: `json_folder://${folder}`,

    // Emptying tables twice would lose rows of this very load, so the first call leaves a mark.
    prepare: (plan) =>
      attempt(`prepare load ${plan.loadId}`, async () => {
        if (existsSync(mark(plan.loadId))) return [];
        const { changes, columns } = await compare(plan, columnsFile);
        for (const name of [...plan.drop, ...plan.truncate])
          await rm(tableFolder(name), { recursive: true, force: true });
        for (const name of [...plan.tables.map((table) => table.name), "_dlt_jobs"])
          await mkdir(tableFolder(name), { recursive: true });
        await writeBeside(columnsFile, (path) => writeFile(path, JSON.stringify(columns)));
        await writeFile(mark(plan.loadId), "");
        return changes;
      }),

    explain: async ({ tables }) =>
      tables.map(({ name }) => tableFolder(name)).flatMap((path) => (existsSync(path) ? [] : `mkdir ${path}`)),

    // The name of the file comes from load and job, so that a job that runs again replaces its own file.
    createJob: (file) => ({
      id: file.jobId,
      async run(signal) {
        signal.throwIfAborted();
        return await attempt(`load ${file.jobId}`, () => copyInto(tableFolder(file.table.name), file));
      },
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

/** The tables of a plan with the columns that no load before had, and the columns that all of them have by then. */
async function compare({ tables, drop }: LoadPlan, columnsFile: string) {
  const known = existsSync(columnsFile) ? await readFile(columnsFile, "utf8") : "{}";
  const columns = JSON.parse(known) as Record<string, readonly string[]>;
  for (const name of drop) delete columns[name];
  const changes = tables.flatMap((table): readonly PartialTable[] => {
    const before = columns[table.name] ?? [];
    const added = [...table.columns].filter(([name]) => !before.includes(name));
    columns[table.name] = [...before, ...added.map(([name]) => name)];
    return added.length === 0 ? [] : [{ ...table, columns: new Map(added) }];
  });
  return { changes, columns };
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
