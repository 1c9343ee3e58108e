import type { ColumnSchema } from "@dlt/core";
import { countText } from "./duration.js";
import type { LoadPackageInfo } from "./package-info.js";
import { tableTree } from "./table-tree.js";
import type { TableUpdate } from "./table-update.js";

/** The line of a package, and a line for each job that failed. */
export function packageLines(info: LoadPackageInfo): readonly string[] {
  const failed = info.jobs.failedJobs;
  const jobs = failed.length === 0 ? "no failed jobs" : `${failed.length} FAILED job(s)!`;
  const end = info.completedAt === null ? " and NOT YET LOADED to the destination" : "";
  return [
    `Load package ${info.loadId} is ${info.state.toUpperCase()} and contains ${jobs}${end}`,
    ...failed.map((job) => `\t[${job.jobId}]: ${job.failedMessage ?? ""}`),
  ];
}

/** `Rows:` and the tables of all packages as a tree; empty when no table got rows. */
export function rowLines(packages: readonly LoadPackageInfo[]): readonly string[] {
  const tables = new Map<string, LoadPackageInfo["tableRows"][number]>();
  for (const table of packages.flatMap((info) => info.tableRows)) {
    const rowCount = table.rowCount + (tables.get(table.name)?.rowCount ?? 0);
    tables.set(table.name, { ...table, rowCount });
  }
  if (tables.size === 0) return [];
  return ["Rows:", ...tableTree([...tables.values()]).map((line) => `  ${line}`)];
}

/** How many rows were rejected; empty when none were. */
export function rejectLines(count: number): readonly string[] {
  return count === 0 ? [] : [`Rejected: ${countText(count, "row")}, kept in _dlt_rejects`];
}

/** `Schema changes:`, new tables and columns with their types; empty when nothing was changed. */
export function schemaChangeLines(packages: readonly LoadPackageInfo[]): readonly string[] {
  const lines = packages.flatMap((info) => Object.values(info.schemaUpdate).flatMap(tableChangeLines));
  return lines.length === 0 ? [] : ["Schema changes:", ...lines];
}

/** Columns are listed as long as the line stays within this many characters; further ones are counted. */
const lineWidth = 100;

/** The line of what changes in one table, `users (new table): id bigint, name text`; none for a system table. */
export function tableChangeLines(update: TableUpdate): readonly string[] {
  const columns = Object.values(update.columns).filter((column) => !isSystemName(column.name));
  if (isSystemName(update.name) || (columns.length === 0 && !update.isNew)) return [];
  const change = update.isNew ? "new table" : changeText(columns.length, update.widerColumns.length);
  let line = `  ${update.name} (${change})`;
  let shown = 0;
  for (const column of columns) {
    const longer = `${line}${shown === 0 ? ": " : ", "}${column.name} ${typeText(column)}`;
    if (shown > 0 && longer.length > lineWidth) break;
    line = longer;
    shown++;
  }
  return [shown === columns.length ? line : `${line} and ${columns.length - shown} more`];
}

/** `1 new column, 2 wider columns` */
function changeText(changed: number, wider: number): string {
  const parts = [
    ...(changed > wider ? [countText(changed - wider, "new column")] : []),
    ...(wider > 0 ? [countText(wider, "wider column")] : []),
  ];
  return parts.join(", ");
}

/** `decimal(10, 2)`, `text not null`. */
function typeText(column: ColumnSchema): string {
  const sizes = [column.precision, column.scale].filter((size) => size !== undefined && size !== null);
  const size = sizes.length === 0 ? "" : `(${sizes.join(", ")})`;
  return `${column.dataType ?? "unknown"}${size}${column.nullable === false ? " not null" : ""}`;
}

/** True for tables and columns of the library: whatever the convention of a schema makes of the prefix, they start with it. */
export function isSystemName(name: string): boolean {
  return name.startsWith("_dlt");
}
