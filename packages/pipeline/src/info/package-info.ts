import { join } from "node:path";
import type { Schema } from "@dlt/core";
import { isDltTable, ownMember, parseSchema, parseTables, rootTable, type SchemaPlace } from "@dlt/core/engine";
import { copyJobId, markOfFile } from "../load/staged-file.js";
import { readExtracted } from "../package/extracted-package.js";
import { type JobMark, readJobMarks } from "../package/job-marks.js";
import { readAppliedUpdate, readCompletion } from "../package/loaded-package.js";
import type { LoadManifest } from "../package/manifest.js";
import { readNormalized } from "../package/normalized-package.js";
import { findExtracted, listFolders, type PackageStore, stagePath } from "../package/package-store.js";
import { dateOf } from "./duration.js";
import { chunkInfo, fileInfo, followupInfo, jobDict, type LoadJobInfo } from "./job-info.js";
import type { TableRows } from "./table-tree.js";
import { type TableUpdate, tableUpdate, tableUpdateDict } from "./table-update.js";

/** What is known of a load package. */
export interface LoadPackageInfo {
  readonly loadId: string;
  readonly packagePath: string;
  readonly state: "extracted" | "normalized" | "loaded";
  readonly schemaName: string;
  readonly schemaHash: string;
  /** When the destination had all of it; `null` before. */
  readonly completedAt: Date | null;
  /** Tables that the load made or extended, each with its new columns. */
  readonly schemaUpdate: Readonly<Record<string, TableUpdate>>;
  /** Rows of each table, parents before children; unknown and left out before the package is normalized. */
  readonly tableRows: readonly TableRows[];
  /** Rows that went to `_dlt_rejects`. */
  readonly rejectedRows: number;
  readonly jobs: {
    readonly newJobs: readonly LoadJobInfo[];
    readonly failedJobs: readonly LoadJobInfo[];
    readonly completedJobs: readonly LoadJobInfo[];
  };
}

/** Reads what is known of a package in the given stage. @throws PackageError `PACKAGE_NOT_FOUND`, `PACKAGE_UNREADABLE` */
export async function readPackageInfo(
  store: PackageStore,
  stage: "extracted" | "normalized" | "loaded",
  { loadId, place }: PackageOfSchema,
): Promise<LoadPackageInfo> {
  return stage === "extracted"
    ? await extractedInfo(store, loadId)
    : await normalizedInfo(store, stage, { loadId, place });
}

/** A package, and what reading its schema takes. */
export interface PackageOfSchema {
  readonly loadId: string;
  readonly place: SchemaPlace;
}

/** The stage that a package is in; `null` when there is none of this id. */
export async function packageStage(store: PackageStore, loadId: string): Promise<LoadPackageInfo["state"] | null> {
  for (const stage of ["loaded", "normalized"] as const) {
    if ((await listFolders(stagePath(store, stage))).includes(loadId)) return stage;
  }
  return (await findExtracted(store, loadId)) === undefined ? null : "extracted";
}

async function extractedInfo(store: PackageStore, loadId: string): Promise<LoadPackageInfo> {
  const { manifest, origin } = await readExtracted(store, loadId);
  const place = await findExtracted(store, loadId);
  const createdAt = dateOf(manifest.createdAt);
  const newJobs = manifest.chunks.map((chunk) =>
    chunkInfo(chunk, { createdAt, filePath: join(place?.path ?? "", "chunks", chunk.file) }),
  );
  return {
    loadId,
    packagePath: place?.path ?? "",
    state: "extracted",
    schemaName: manifest.schemaName,
    schemaHash: origin.schemaHash,
    completedAt: null,
    schemaUpdate: {},
    tableRows: [],
    rejectedRows: 0,
    jobs: { newJobs, failedJobs: [], completedJobs: [] },
  };
}

async function normalizedInfo(
  store: PackageStore,
  stage: "normalized" | "loaded",
  { loadId, place }: PackageOfSchema,
): Promise<LoadPackageInfo> {
  const { manifest, schema: schemaText, origin } = await readNormalized(store, loadId, stage);
  const schema = parseSchema(schemaText, place);
  const before = origin.before.schema === null ? null : parseSchema(origin.before.schema, place);
  const completion = await readCompletion(store, stage, loadId);
  const applied = await readAppliedUpdate(store, stage, loadId);
  const updates = parseTables(
    applied ?? JSON.stringify(Object.fromEntries(manifest.update.map((table) => [table["name"], table]))),
  );
  const marks = await readJobMarks(store, stage, loadId);
  const jobs = jobsOf(manifest, { schema, marks, folder: stagePath(store, stage, loadId, "files") });
  const inState = (state: LoadJobInfo["state"]): readonly LoadJobInfo[] => jobs.filter((job) => job.state === state);
  return {
    loadId,
    packagePath: stagePath(store, stage, loadId),
    state: stage,
    schemaName: manifest.schemaName,
    schemaHash: schema.versionHash,
    completedAt: completion === null ? null : dateOf(completion.completedAt),
    schemaUpdate: Object.fromEntries(
      updates.map((table) => [table.name, tableUpdate(table, { before, after: schema })]),
    ),
    tableRows: tableRows(schema, countedRows(manifest, marks)),
    rejectedRows: manifest.rowCounts[schema.system.rejectsTable] ?? 0,
    jobs: { newJobs: inState("new"), failedJobs: inState("failed"), completedJobs: inState("completed") },
  };
}

/** Jobs of files in their order, then those that followed. */
function jobsOf(
  { files, createdAt: createdMicros }: LoadManifest,
  of: { readonly schema: Schema; readonly marks: ReadonlyMap<string, JobMark>; readonly folder: string },
): readonly LoadJobInfo[] {
  const { schema, marks, folder } = of;
  const names = new Set(files.map(({ name }) => name));
  const copies = new Set(files.map(({ name }) => copyJobId(name)));
  const followups = [...marks.values()].filter(({ jobId }) => !names.has(jobId));
  const createdAt = dateOf(createdMicros);
  const ofFiles = files.map((file) => {
    const root = rootTable(schema, file.table).name;
    const copy = copyJobId(file.name);
    const ownFollowups = followups.filter(({ jobId, table }) => (copies.has(jobId) ? jobId === copy : table === root));
    const ended = { mark: marks.get(file.name), followups: ownFollowups };
    return fileInfo(file, ended, { createdAt, filePath: join(folder, file.name) });
  });
  return [...ofFiles, ...followups.map((mark) => followupInfo(mark, createdAt))];
}

/** Rows by table, with those of files of which only the destination told how many they have. */
function countedRows(
  { rowCounts: normalized, files }: LoadManifest,
  marks: ReadonlyMap<string, JobMark>,
): Readonly<Record<string, number>> {
  const counts = new Map(Object.entries(normalized));
  for (const { name, table, rowCount } of files) {
    const mark = markOfFile(marks, name);
    if (rowCount === null && mark?.status === "completed" && mark.rowCount !== null)
      counts.set(table, (counts.get(table) ?? 0) + mark.rowCount);
  }
  return Object.fromEntries(counts);
}

/** Row counts in the order of the schema, without system tables. */
export function tableRows(schema: Schema, rowCounts: Readonly<Record<string, number>>): readonly TableRows[] {
  return [...schema.tables.values()].flatMap((table) => {
    const rowCount = ownMember(rowCounts, table.name);
    if (rowCount === undefined || isDltTable(schema, table.name)) return [];
    return [{ name: table.name, parent: table.parent ?? null, rowCount }];
  });
}

/** Rows by table, over all packages. */
export function rowCounts(packages: readonly LoadPackageInfo[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { name, rowCount } of packages.flatMap((info) => info.tableRows))
    counts.set(name, (counts.get(name) ?? 0) + rowCount);
  return Object.fromEntries(counts);
}

/** Rejected rows, over all packages. */
export function rejectedRows(packages: readonly LoadPackageInfo[]): number {
  return packages.reduce((sum, info) => sum + info.rejectedRows, 0);
}

/** A package as a row: jobs and tables as lists, columns as lists of their tables. */
export function packageDict(info: LoadPackageInfo): Readonly<Record<string, unknown>> {
  const { jobs, schemaUpdate } = info;
  const of = { schema_name: info.schemaName, load_id: info.loadId };
  return {
    load_id: info.loadId,
    package_path: info.packagePath,
    state: info.state,
    completed_at: info.completedAt,
    schema_name: info.schemaName,
    schema_hash: info.schemaHash,
    jobs: [...jobs.newJobs, ...jobs.failedJobs, ...jobs.completedJobs].map(jobDict),
    tables: Object.values(schemaUpdate).map((update) => tableUpdateDict(update, of)),
  };
}
