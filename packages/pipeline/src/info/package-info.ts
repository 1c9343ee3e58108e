import type { PartialTable, Schema } from "@dlt/core";
import {
  isComplete,
  isDltTable,
  ownMember,
  parseSchema,
  parseTables,
  type SchemaPlace,
  type TableView,
  tableView,
} from "@dlt/core/engine";
import { chunkJobId } from "../package/chunk.js";
import { readExtracted } from "../package/extracted-package.js";
import { type JobMark, readJobMarks } from "../package/job-marks.js";
import { readAppliedUpdate, readCompletion } from "../package/loaded-package.js";
import type { FileEntry, LoadManifest } from "../package/manifest.js";
import { readNormalized } from "../package/normalized-package.js";
import { listExtracted, listFolders, type PackageStore, stagePath } from "../package/package-store.js";
import { dateOf } from "./duration.js";
import type { TableRows } from "./table-tree.js";

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

/** A table with its hints and only its new and wider columns. */
export interface TableUpdate extends TableView {
  /** The table did not exist before. */
  readonly isNew: boolean;
  /** Names of the columns that were there and became wider; the others are new. */
  readonly widerColumns: readonly string[];
}

/** A file of a package and what became of it. */
export interface LoadJobInfo {
  readonly jobId: string;
  readonly tableName: string;
  readonly state: "new" | "failed" | "completed";
  readonly fileFormat: string;
  readonly rowCount: number | null;
  readonly fileBytes: number;
  readonly attempts: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it failed; `null` unless it did. */
  readonly failedMessage: string | null;
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
  return (await listExtracted(store)).some((place) => place.loadId === loadId) ? "extracted" : null;
}

async function extractedInfo(store: PackageStore, loadId: string): Promise<LoadPackageInfo> {
  const { manifest, origin } = await readExtracted(store, loadId);
  const place = (await listExtracted(store)).find((candidate) => candidate.loadId === loadId);
  const newJobs = manifest.chunks.map(
    (chunk): LoadJobInfo => ({
      ...notRun,
      jobId: chunkJobId(chunk),
      tableName: chunk.table,
      fileFormat: chunk.loadFile?.format ?? (chunk.framing === "columns" ? "columns" : "jsonl"),
      rowCount: chunk.rowCount,
      fileBytes: chunk.bytes,
    }),
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
  const jobs = manifest.files.map((file) => jobInfo(file, marks.get(file.name)));
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

/** Rows by table, with those of files of which only the destination told how many they have. */
function countedRows(
  { rowCounts: normalized, files }: LoadManifest,
  marks: ReadonlyMap<string, JobMark>,
): Readonly<Record<string, number>> {
  const counts = new Map(Object.entries(normalized));
  for (const { name, table, rowCount } of files) {
    const mark = marks.get(name);
    if (rowCount === null && mark?.status === "completed" && mark.rowCount !== null)
      counts.set(table, (counts.get(table) ?? 0) + mark.rowCount);
  }
  return Object.fromEntries(counts);
}

const notRun = { state: "new", attempts: 0, startedAt: null, finishedAt: null, failedMessage: null } as const;

function jobInfo(file: FileEntry, mark: JobMark | undefined): LoadJobInfo {
  const described = {
    jobId: file.name,
    tableName: file.table,
    fileFormat: file.format,
    rowCount: file.rowCount,
    fileBytes: file.bytes,
  };
  if (mark === undefined) return { ...notRun, ...described };
  return {
    ...described,
    rowCount: file.rowCount ?? (mark.status === "completed" ? mark.rowCount : null),
    state: mark.status,
    attempts: mark.attempts,
    startedAt: dateOf(mark.startedAt),
    finishedAt: dateOf(mark.finishedAt),
    failedMessage: mark.failure?.message ?? null,
  };
}

/** Makes the update of a table readable by names. */
export function tableUpdate(
  table: PartialTable,
  { before, after }: { readonly before: Schema | null; readonly after: Schema },
): TableUpdate {
  const columnsIn = (schema: Schema | null) =>
    new Map([...(schema?.tables.get(table.name)?.columns ?? [])].filter(([, column]) => isComplete(column)));
  const [columnsBefore, columns] = [columnsIn(before), columnsIn(after)];
  const isNew = [...columns.keys()].every((name) => table.columns.has(name));
  const isWider = (name: string): boolean => {
    const [old, now] = [columnsBefore.get(name), columns.get(name)];
    return old !== undefined && (old.precision !== now?.precision || old.scale !== now?.scale);
  };
  return { ...tableView(table), isNew, widerColumns: isNew ? [] : [...table.columns.keys()].filter(isWider) };
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
