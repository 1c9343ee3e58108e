import type { CompletedLoad, LoadPlan } from "@dlt/core";
import type { Statement } from "./dialect.js";
import { quoteIdentifier, quoteTable } from "./quote.js";
import type { SqlDataset } from "./sql-dataset.js";
import { storedText } from "./stored-text.js";
import { preparedJobId, type SystemTable } from "./system-tables.js";

/** Version of the format of stored schemas. */
const schemaEngineVersion = 11;

/** A job that is done, or with id `prepare` the preparation of its load. */
export interface JobMark {
  readonly loadId: string;
  readonly jobId: string;
  readonly tableName: string | null;
  readonly rowCount: number | null;
}

/** The mark of a job: its row count. No row: the job is to be run. */
export function selectMark({ dialect, name, system: { jobs } }: SqlDataset, loadId: string, jobId: string): Statement {
  const { loadId: loadIdColumn, jobId: jobIdColumn, rowCount } = jobs.columns;
  return {
    text:
      `SELECT ${quoteIdentifier(dialect, rowCount)} FROM ${quoteTable(dialect, name, jobs.name)} ` +
      `WHERE ${quoteIdentifier(dialect, loadIdColumn)} = ${dialect.placeholder(1)} ` +
      `AND ${quoteIdentifier(dialect, jobIdColumn)} = ${dialect.placeholder(2)}`,
    values: [loadId, jobId],
  };
}

/** All marks of a load: job id, table and row count. */
export function selectMarks({ dialect, name, system: { jobs } }: SqlDataset, loadId: string): Statement {
  const { jobId, tableName, rowCount } = jobs.columns;
  return {
    text:
      `SELECT ${[jobId, tableName, rowCount].map((column) => quoteIdentifier(dialect, column)).join(", ")} ` +
      `FROM ${quoteTable(dialect, name, jobs.name)} ` +
      `WHERE ${quoteIdentifier(dialect, jobs.columns.loadId)} = ${dialect.placeholder(1)}`,
    values: [loadId],
  };
}

/** Takes the row counts from the marks that other loads have of these tables, because the rows are not staged any more. */
export function forgetRowCounts(
  { dialect, name, system: { jobs } }: SqlDataset,
  { loadId, tables }: { readonly loadId: string; readonly tables: readonly string[] },
): Statement {
  const { loadId: loadIdColumn, tableName, rowCount } = jobs.columns;
  const placeholders = tables.map((_, index) => dialect.placeholder(index + 2));
  return {
    text:
      `UPDATE ${quoteTable(dialect, name, jobs.name)} SET ${quoteIdentifier(dialect, rowCount)} = NULL ` +
      `WHERE ${quoteIdentifier(dialect, loadIdColumn)} <> ${dialect.placeholder(1)} ` +
      `AND ${quoteIdentifier(dialect, tableName)} IN (${placeholders.join(", ")})`,
    values: [loadId, ...tables],
  };
}

/** To be run in the transaction that does what it marks. */
export function insertMark(dataset: SqlDataset, { loadId, jobId, tableName, rowCount }: JobMark): Statement {
  return insertRow(dataset, dataset.system.jobs, [loadId, jobId, tableName, rowCount, now]);
}

/**
 * The same unless the job has its mark or its load is complete: changes no row then. Needs the key of the table. The count of rows is
 * added by {@link updateMark}.
 */
export function insertMarkOnce(
  dataset: SqlDataset,
  { loadId, jobId, tableName }: Omit<JobMark, "rowCount">,
): Statement {
  const { dialect, name, system } = dataset;
  const { jobs, loads } = system;
  const columns = [jobs.columns.loadId, jobs.columns.jobId, jobs.columns.tableName, jobs.columns.insertedAt];
  const quoted = columns.map((column) => quoteIdentifier(dialect, column));
  const text = dialect.types.others.text.unbounded;
  const value = (position: number) => `CAST(${dialect.placeholder(position)} AS ${text})`;
  return {
    text:
      `INSERT INTO ${quoteTable(dialect, name, jobs.name)} (${quoted.join(", ")}) ` +
      `SELECT ${value(1)}, ${value(2)}, ${value(3)}, ${dialect.now} ` +
      `WHERE NOT EXISTS (SELECT 1 FROM ${quoteTable(dialect, name, loads.name)} ` +
      `WHERE ${quoteIdentifier(dialect, loads.columns.loadId)} = ${value(4)}) ` +
      `ON CONFLICT (${quoted.slice(0, 2).join(", ")}) DO NOTHING`,
    values: [loadId, jobId, tableName, loadId],
  };
}

/** Adds the count of rows to a mark. */
export function updateMark(
  { dialect, name, system: { jobs } }: SqlDataset,
  { loadId, jobId, rowCount }: JobMark,
): Statement {
  const column = (identifier: string) => quoteIdentifier(dialect, identifier);
  const { loadId: loadIdColumn, jobId: jobIdColumn, rowCount: rowCountColumn } = jobs.columns;
  return {
    text:
      `UPDATE ${quoteTable(dialect, name, jobs.name)} SET ${column(rowCountColumn)} = ${dialect.placeholder(1)} ` +
      `WHERE ${column(loadIdColumn)} = ${dialect.placeholder(2)} AND ${column(jobIdColumn)} = ${dialect.placeholder(3)}`,
    values: [rowCount, loadId, jobId],
  };
}

/** The key of the table of marks. */
export function createMarkKey({ dialect, name, system: { jobs } }: SqlDataset): Statement {
  const columns = [jobs.columns.loadId, jobs.columns.jobId].map((column) => quoteIdentifier(dialect, column));
  return {
    text: `CREATE UNIQUE INDEX ON ${quoteTable(dialect, name, jobs.name)} (${columns.join(", ")})`,
    values: [],
  };
}

export function insertPreparedMark(dataset: SqlDataset, loadId: string): Statement {
  return insertMark(dataset, { loadId, jobId: preparedJobId, tableName: null, rowCount: null });
}

/** Gives a row when the load is complete. */
export function selectLoad({ dialect, name, system: { loads } }: SqlDataset, loadId: string): Statement {
  return {
    text:
      `SELECT 1 FROM ${quoteTable(dialect, name, loads.name)} ` +
      `WHERE ${quoteIdentifier(dialect, loads.columns.loadId)} = ${dialect.placeholder(1)}`,
    values: [loadId],
  };
}

/** The mark that a load is complete. */
export function insertLoad(dataset: SqlDataset, load: CompletedLoad): Statement {
  return insertRow(dataset, dataset.system.loads, [load.loadId, load.schemaName, 0, now, load.schemaHash]);
}

/**
 * Removes the marks of other loads that are complete. Marks of loads that another pipeline has not completed stay: they
 * keep its jobs from being repeated.
 */
export function deleteOldMarks({ dialect, name, system: { jobs, loads } }: SqlDataset, loadId: string): Statement {
  const column = quoteIdentifier(dialect, jobs.columns.loadId);
  return {
    text:
      `DELETE FROM ${quoteTable(dialect, name, jobs.name)} WHERE ${column} <> ${dialect.placeholder(1)} ` +
      `AND ${column} IN (SELECT ${quoteIdentifier(dialect, loads.columns.loadId)} FROM ${quoteTable(dialect, name, loads.name)})`,
    values: [loadId],
  };
}

/** Stores the schema of a load. */
export function insertVersion(dataset: SqlDataset, plan: LoadPlan): Statement {
  const schema = storedText(plan.schema, dataset.dialect.capabilities.maxTextBytes);
  return insertRow(dataset, dataset.system.version, [
    plan.schemaVersion,
    schemaEngineVersion,
    now,
    plan.schemaName,
    plan.schemaHash,
    schema,
  ]);
}

/** Removes all stored versions of a schema. */
export function deleteVersions({ dialect, name, system: { version } }: SqlDataset, schemaName: string): Statement {
  return {
    text:
      `DELETE FROM ${quoteTable(dialect, name, version.name)} ` +
      `WHERE ${quoteIdentifier(dialect, version.columns.schemaName)} = ${dialect.placeholder(1)}`,
    values: [schemaName],
  };
}

/** Stands for the time of the statement. */
const now = Symbol("now");

/** Inserts into all columns of a system table, in their order. */
function insertRow(
  { dialect, name }: SqlDataset,
  table: SystemTable,
  row: readonly (string | number | null | typeof now)[],
): Statement {
  const columns = Object.values(table.columns).map((column) => quoteIdentifier(dialect, column));
  const values = row.filter((value) => value !== now);
  let position = 0;
  const expressions = row.map((value) => {
    if (value === now) return dialect.now;
    position += 1;
    return dialect.placeholder(position);
  });
  return {
    text: `INSERT INTO ${quoteTable(dialect, name, table.name)} (${columns.join(", ")}) VALUES (${expressions.join(", ")})`,
    values,
  };
}
