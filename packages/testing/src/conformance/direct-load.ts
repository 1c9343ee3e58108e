import {
  type CompletedLoad,
  type DestinationClient,
  type FileFormat,
  type LoadFile,
  type LoadPlan,
  type PreparedTable,
  type ReplaceStrategy,
  type StateRecord,
  type TableChain,
  type TableSchema,
  Timestamp,
} from "@dlt/core";
import {
  bumpVersion,
  fileId,
  followUpId,
  formatJobName,
  formatSchema,
  isDltTable,
  newSchema,
  prepareTable,
  rootTables,
  stateTable,
  tableChain,
  updateTable,
} from "@dlt/core/engine";
import type { Row } from "./column-batch.js";
import { writableFormats, writeLoadFile, writeModel } from "./load-file.js";
import type { Trial } from "./trial.js";

/** What a load brings, as the engine would plan it. */
export interface LoadInput {
  /** 1, 2, …: later loads have greater ids. */
  readonly number: number;
  /** All data tables of the schema, parents first. */
  readonly tables: readonly TableSchema[];
  readonly files: readonly (RowsOfFile | QueryOfFile)[];
  readonly schemaName?: string;
  /** Default: the first of the destination. */
  readonly replaceStrategy?: ReplaceStrategy;
  /** Tables to empty and to drop, beside what the dispositions ask for. */
  readonly truncate?: readonly string[];
  readonly drop?: readonly string[];
  readonly state?: StateRecord;
}

interface RowsOfFile {
  /** Name of the table. */
  readonly table: string;
  readonly rows: readonly Row[];
  /** Default: the one that the destination prefers. */
  readonly format?: FileFormat;
  /** The file is one that was not written here, and has its columns in this order. */
  readonly importedOrder?: readonly string[];
}

/** A file with a query that makes the rows. */
interface QueryOfFile {
  readonly table: string;
  /** Gives columns under the names that the table has. */
  readonly query: string;
}

/** The steps of a load, to be taken one by one, with its files written. */
export interface DirectLoad {
  readonly plan: LoadPlan;
  readonly files: readonly LoadFile[];
  readonly chains: readonly TableChain[];
  readonly completed: CompletedLoad;
}

export const loadIdOf = (number: number): string => `17000000${String(number).padStart(2, "0")}.000000`;

export async function directLoad(trial: Trial, input: LoadInput): Promise<DirectLoad> {
  const { destination, capabilities, folder } = trial;
  const { number, tables, state, replaceStrategy, schemaName = "conformance" } = input;
  const loadId = loadIdOf(number);
  const createdAt = BigInt(loadId.replace(".", ""));
  const content = [...tables, ...(state === undefined ? [] : [stateTable])].reduce(
    (grown, table) => updateTable(grown, table, { normalizeIdentifiers: false }),
    newSchema(schemaName, { mergeStrategies: capabilities.mergeStrategies }),
  );
  const schema = bumpVersion(content);
  const options = { capabilities, ...(replaceStrategy !== undefined && { replaceStrategy }) };
  const prepared = new Map([...schema.tables.keys()].map((name) => [name, prepareTable(schema, name, options)]));
  const data = [...prepared.values()].filter(({ name }) => !isDltTable(schema, name));
  const [preferred] = writableFormats(destination);
  if (preferred === undefined) throw new TypeError("The destination loads no format that can be written.");
  const rowsOfFiles: LoadInput["files"] = [
    ...input.files,
    ...(state === undefined ? [] : [{ table: stateTable.name, rows: [stateRow(state)] }]),
  ];
  const files: LoadFile[] = [];
  for (const [index, file] of rowsOfFiles.entries()) {
    const { table: name } = file;
    const table = existing(prepared.get(name), name);
    const target = isStaged(table) ? "staging" : "final";
    const common = { loadId, table, target } as const;
    const nameOf = (format: string) => formatJobName({ table: name, fileId: fileId(loadId, name, index), format });
    if ("query" in file) {
      const jobId = nameOf("model");
      const { path, bytes } = await writeModel(trial, jobId, file.query);
      files.push({ ...common, jobId, format: "model", at: { path }, rowCount: null, bytes, isImported: true });
      continue;
    }
    const { rows, format = preferred, importedOrder } = file;
    const jobId = nameOf(format.extension);
    const { path, bytes } = await writeLoadFile(folder, format, { jobId, table, rows, columnOrder: importedOrder });
    const written = { ...common, jobId, format: format.name, at: { path }, bytes };
    if (importedOrder === undefined) files.push({ ...written, rowCount: rows.length });
    else files.push({ ...written, rowCount: null, isImported: true });
  }
  const plan: LoadPlan = {
    loadId,
    schemaName,
    schema: formatSchema(schema),
    schemaVersion: schema.version,
    schemaHash: schema.versionHash,
    tables: [...prepared.values()],
    staged: data.filter(isStaged).map(({ name }) => name),
    truncate: [...data.filter(isEmptiedFirst).map(({ name }) => name), ...(input.truncate ?? [])],
    drop: input.drop ?? [],
    files: files.map(({ jobId, table }) => ({ jobId, table: table.name })),
  };
  const chains = rootTables(schema)
    .filter(({ name }) => !isDltTable(schema, name))
    .map(({ name: root }): TableChain => {
      const chain = tableChain(schema, root).map(({ name }) => existing(prepared.get(name), name));
      const loaded = new Set(
        files.map(({ table }) => table.name).filter((name) => chain.some((each) => each.name === name)),
      );
      return { loadId, createdAt, tables: chain, loaded, followUpId: followUpId(loadId, root) };
    });
  const completed = { loadId, createdAt, schemaName, schemaHash: schema.versionHash, state: state ?? null };
  return { plan, files, chains, completed };
}

export async function runJobs(
  client: DestinationClient,
  { files, chains }: DirectLoad,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  for (const file of files) await client.createJob(file).run(signal);
  for (const chain of chains) for (const job of client.followUps?.(chain) ?? []) await job.run(signal);
}

/** Takes all steps of a load. */
export async function runLoad(client: DestinationClient, load: DirectLoad): Promise<void> {
  await client.prepare(load.plan);
  await runJobs(client, load);
  await client.completeLoad(load.completed);
}

function isStaged({ writeDisposition, replaceStrategy }: PreparedTable): boolean {
  return writeDisposition === "merge" || (writeDisposition === "replace" && replaceStrategy !== "truncate-and-insert");
}

function isEmptiedFirst({ writeDisposition, replaceStrategy }: PreparedTable): boolean {
  return writeDisposition === "replace" && replaceStrategy === "truncate-and-insert";
}

function stateRow(state: StateRecord): Row {
  return {
    version: state.version,
    engine_version: state.engineVersion,
    pipeline_name: state.pipelineName,
    state: state.state,
    created_at: Timestamp.fromMicros(state.createdAt).toString(),
    version_hash: state.versionHash,
    _dlt_load_id: state.loadId,
    _dlt_id: `state of ${state.loadId}`,
  };
}

function existing<Table>(table: Table | undefined, name: string): Table {
  if (table === undefined) throw new TypeError(`There is no table ${name}.`);
  return table;
}
