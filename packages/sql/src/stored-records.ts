import {
  DestinationError,
  type RejectedTable,
  type RejectRecord,
  type RejectStore,
  type SchemaRecord,
  type StateRecord,
} from "@dlt/core";
import type { Statement } from "./dialect.js";
import { quoteIdentifier, quoteTable } from "./quote.js";
import type { SqlDataset } from "./sql-dataset.js";

/** The newest state of a completed load; rows are for {@link stateRecord}. */
export function selectState({ dialect, name, system: { state, loads } }: SqlDataset, pipelineName: string): Statement {
  const column = (identifier: string) => `s.${quoteIdentifier(dialect, identifier)}`;
  const load = (identifier: string) => `l.${quoteIdentifier(dialect, identifier)}`;
  const { version, engineVersion, pipelineName: pipeline, state: text, createdAt, loadId } = state.columns;
  return {
    text:
      `SELECT ${column(version)}, ${column(engineVersion)}, ${column(pipeline)}, ${column(text)}, ` +
      `${dialect.epochMicros(column(createdAt))}, ${column(loadId)} ` +
      `FROM ${quoteTable(dialect, name, state.name)} AS s ` +
      `JOIN ${quoteTable(dialect, name, loads.name)} AS l ON ${load(loads.columns.loadId)} = ${column(loadId)} ` +
      `WHERE ${column(pipeline)} = ${dialect.placeholder(1)} AND ${load(loads.columns.status)} = 0 ` +
      `ORDER BY ${load(loads.columns.loadId)} DESC LIMIT 1`,
    values: [pipelineName],
  };
}

/** Reads a row of {@link selectState}. */
export function stateRecord(row: readonly unknown[]): StateRecord {
  return {
    version: integer(row, 0),
    engineVersion: integer(row, 1),
    pipelineName: text(row, 2),
    state: text(row, 3),
    createdAt: BigInt(integerText(row, 4)),
    // Not read: tables of early versions lack the column, and the document in `state` has its hash.
    versionHash: null,
    loadId: text(row, 5),
  };
}

/** The newest schema of a name; rows are for {@link schemaRecord}. */
export function selectNewestSchema(dataset: SqlDataset, schemaName: string): Statement {
  const { dialect, system } = dataset;
  const { schemaName: schemaNameColumn, insertedAt } = system.version.columns;
  return {
    text:
      `${selectFromVersions(dataset)} WHERE ${quoteIdentifier(dialect, schemaNameColumn)} = ${dialect.placeholder(1)} ` +
      `ORDER BY ${quoteIdentifier(dialect, insertedAt)} DESC LIMIT 1`,
    values: [schemaName],
  };
}

/** The schema with a version hash; rows are for {@link schemaRecord}. */
export function selectSchemaByHash(dataset: SqlDataset, versionHash: string): Statement {
  const { dialect, system } = dataset;
  return {
    text:
      `${selectFromVersions(dataset)} WHERE ${quoteIdentifier(dialect, system.version.columns.versionHash)} = ` +
      `${dialect.placeholder(1)} LIMIT 1`,
    values: [versionHash],
  };
}

/** Reads a row of {@link selectNewestSchema} or {@link selectSchemaByHash}. */
export function schemaRecord(row: readonly unknown[]): SchemaRecord {
  return {
    version: integer(row, 0),
    engineVersion: integer(row, 1),
    insertedAt: BigInt(integerText(row, 2)),
    schemaName: text(row, 3),
    versionHash: text(row, 4),
    schema: text(row, 5),
  };
}

/** The greatest id of a completed load, or null. */
export function selectLastLoadId({ dialect, name, system: { loads } }: SqlDataset): Statement {
  return {
    text: `SELECT max(${quoteIdentifier(dialect, loads.columns.loadId)}) FROM ${quoteTable(dialect, name, loads.name)}`,
    values: [],
  };
}

/** What was rejected of each table of a pipeline; rows are for {@link rejectedTable}. */
export function selectRejectedTables(dataset: SqlDataset, pipelineName: string): Statement {
  const { dialect, system } = dataset;
  const { schemaName, tableName, loadId } = system.rejects.columns;
  const column = (identifier: string) => `r.${quoteIdentifier(dialect, identifier)}`;
  const groups = [schemaName, tableName].map(column).join(", ");
  return {
    text:
      `SELECT ${groups}, max(${column(loadId)}) ${fromRejects(dataset)} ` +
      `AND ${column(system.rejects.columns.pipelineName)} = ${dialect.placeholder(1)} GROUP BY ${groups} ORDER BY ${groups}`,
    values: [pipelineName],
  };
}

/** Reads a row of {@link selectRejectedTables}. */
export function rejectedTable(row: readonly unknown[]): RejectedTable {
  return { schemaName: text(row, 0), table: text(row, 1), lastLoadId: text(row, 2) };
}

/** Rejected rows of a table behind a position, in order; rows are for {@link rejectRecord}. */
export function selectRejects(dataset: SqlDataset, request: Parameters<RejectStore["rows"]>[0]): Statement {
  const { dialect, system } = dataset;
  const { pipelineName, schemaName, tableName, rowNumber, path, rowJson, originJson, loadId, id } =
    system.rejects.columns;
  const column = (identifier: string) => `r.${quoteIdentifier(dialect, identifier)}`;
  const [load, number, key] = [column(loadId), column(rowNumber), column(id)];
  const at = (position: number) => dialect.placeholder(position);
  const { after, limit } = request;
  return {
    text:
      `SELECT ${[loadId, rowNumber, id, path, rowJson, originJson].map(column).join(", ")} ${fromRejects(dataset)} ` +
      `AND ${column(pipelineName)} = ${at(1)} AND ${column(schemaName)} = ${at(2)} AND ${column(tableName)} = ${at(3)} ` +
      `AND (${load} > ${at(4)} OR (${load} = ${at(5)} AND (${number} > ${at(6)} OR ` +
      `(${number} = ${at(7)} AND ${key} > ${at(8)})))) ORDER BY ${load}, ${number}, ${key} LIMIT ${limit}`,
    values: [
      request.pipelineName,
      request.schemaName,
      request.table,
      after.loadId,
      after.loadId,
      after.rowNumber,
      after.rowNumber,
      after.id,
    ],
  };
}

/** Rejects of completed loads, as `r`; further conditions follow with `AND`. */
function fromRejects({ dialect, name, system: { rejects, loads } }: SqlDataset): string {
  const load = (identifier: string) => `l.${quoteIdentifier(dialect, identifier)}`;
  return (
    `FROM ${quoteTable(dialect, name, rejects.name)} AS r JOIN ${quoteTable(dialect, name, loads.name)} AS l ` +
    `ON ${load(loads.columns.loadId)} = r.${quoteIdentifier(dialect, rejects.columns.loadId)} ` +
    `WHERE ${load(loads.columns.status)} = 0`
  );
}

/** Reads a row of {@link selectRejects}. */
export function rejectRecord(row: readonly unknown[]): RejectRecord {
  return {
    loadId: text(row, 0),
    rowNumber: integer(row, 1),
    id: text(row, 2),
    path: text(row, 3),
    rowJson: text(row, 4),
    originJson: row[5] === null ? null : text(row, 5),
  };
}

function selectFromVersions({ dialect, name, system: { version } }: SqlDataset): string {
  const quoted = (identifier: string) => quoteIdentifier(dialect, identifier);
  const { columns } = version;
  const selected = [
    quoted(columns.version),
    quoted(columns.engineVersion),
    dialect.epochMicros(quoted(columns.insertedAt)),
    quoted(columns.schemaName),
    quoted(columns.versionHash),
    quoted(columns.schema),
  ];
  return `SELECT ${selected.join(", ")} FROM ${quoteTable(dialect, name, version.name)}`;
}

function integer(row: readonly unknown[], index: number): number {
  return Number(integerText(row, index));
}

/** Drivers give integers as numbers, bigints or text. */
function integerText(row: readonly unknown[], index: number): string {
  const value = String(row[index]);
  if (!/^-?\d+$/.test(value)) throw unreadable(index, "an integer");
  return value;
}

function text(row: readonly unknown[], index: number): string {
  const value = row[index];
  if (typeof value !== "string") throw unreadable(index, "text");
  return value;
}

function unreadable(index: number, wanted: string): DestinationError {
  return new DestinationError(
    "DESTINATION_RECORD_UNREADABLE",
    `A row of a system table does not hold ${wanted} in column ${index + 1} of the query.`,
    {
      hint: "Compare the columns of the `_dlt_` tables with those of a fresh dataset; somebody changed them.",
      context: { index },
    },
  );
}
