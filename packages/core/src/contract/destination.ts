import type { ColumnBatch, ColumnType } from "./batch.js";
import type { DestinationCapabilities } from "./capabilities.js";
import type { ConfigSpec, Secret } from "./config.js";
import type { FileFormat } from "./file-format.js";
import type { NamingConvention } from "./naming.js";
import type {
  MergeStrategy,
  PartialTable,
  ReplaceStrategy,
  SchemaText,
  TableSchema,
  WriteDisposition,
} from "./schema.js";

/** A place that rows are loaded to. Made by a connector's factory, e.g. `duckdb({ credentials: "a.duckdb" })`. */
export interface Destination<Config = unknown> {
  readonly "~dlt": "destination";
  /** Type, e.g. `duckdb`; also the config section. */
  readonly type: string;
  /** Name of this destination among several of a type. Default: the type. */
  readonly name: string;
  readonly capabilities: DestinationCapabilities;
  /** Its settings, field by field. */
  readonly config: ConfigSpec;
  /** Settings given in code; they win over every other place. */
  readonly given: Readonly<Record<string, unknown>>;
  /** File formats it brings beside JSON lines, CSV and Parquet. */
  readonly fileFormats?: readonly FileFormat[];
  /** Opens a session; the caller disposes of it, also after an error. */
  connect(config: Config, options: ConnectOptions): Promise<DestinationClient>;
  /**
   * Opens a place for load files that another destination copies from; the caller disposes of it. Absent where it cannot be one. Its
   * `fileFormats` are what it takes.
   */
  openStaging?(config: Config, options: StagingOptions): Promise<StagingArea>;
}

export interface ConnectOptions {
  readonly pipelineName: string;
  /** Folder that relative paths of local destinations start from, absolute. */
  readonly localDir: string;
  /** Folder of what the pipeline keeps for itself, absolute; goes when the pipeline is dropped. Default: there is none. */
  readonly workingDir?: string;
  /** Physical names, normalized. */
  readonly dataset: string;
  readonly stagingDataset: string;
  readonly naming: NamingConvention;
  /** How many tables are asked for by their names; of more, all columns of the dataset are read at once. Default: 1000. */
  readonly infoTablesQueryThreshold?: number;
  /** Where the files are that jobs get by URL, and what reading there takes. Absent without a staging area. */
  readonly staging?: Pick<StagingArea, "url" | "credentials">;
  /** What the engine does for destinations whose system reads no files and keeps no marks. Absent without an engine. */
  readonly support?: LoadSupport;
  readonly signal: AbortSignal;
  /**
   * Awaited before each statement or request and again after its answer; what it throws is thrown by the client. Tests let a
   * destination fail anywhere with it. Default: nothing.
   */
  readonly reached?: (point: DestinationPoint) => void | Promise<void>;
}

/** Where a client is when it talks to its destination. A commit counts as a request of its own. */
export type DestinationPoint = "destination.request.sent" | "destination.request.answered";

/** What a staging area is opened with: the dataset is that of the destination which copies from it. */
export type StagingOptions = Pick<
  ConnectOptions,
  "pipelineName" | "localDir" | "dataset" | "naming" | "signal" | "reached"
>;

/** A folder of a bucket that load files are put into for a destination that copies them from there. */
export interface StagingArea extends AsyncDisposable {
  /** Of the folder, without secrets, e.g. `s3://bucket/path/dataset`. */
  readonly url: string;
  /** What reading there takes, by the names that settings have, e.g. `awsAccessKeyId`. What is not told comes from the surroundings. */
  readonly credentials: Readonly<Record<string, string | Secret | undefined>>;
  /**
   * Chooses the place of each file, after the tables were emptied. Called before the first file of a load; a second call for it
   * changes nothing.
   */
  prepare(load: StagedLoad): Promise<void>;
  /** Puts a file at its place, over one that is there, and gives its URL. May be repeated. */
  put(file: LoadFile, signal: AbortSignal): Promise<string>;
}

/** A load whose files go through a staging area. */
export interface StagedLoad extends Pick<LoadPlan, "loadId" | "schemaName"> {
  readonly files: readonly PlannedFile[];
  /** Names of tables whose files of earlier loads are deleted. */
  readonly truncate: readonly string[];
}

/** Reads load files, and keeps what jobs note on their way: for destinations whose system does neither. */
export interface LoadSupport {
  /**
   * Rows of a file of JSON lines, some at a time. Each has a value of its data type for every column that is asked for, in that order,
   * `null` where there is none: `string`, `boolean`, `number`, or `bigint` beyond 2^53; `Timestamp`, `CalendarDate`, `TimeOfDay`, `Decimal`,
   * `Wei`, `Uint8Array`; documents as plain objects and lists.
   * @throws DestinationError `DESTINATION_LOAD_FILE_UNREADABLE`; for files that were not written here also
   * `DESTINATION_FILE_COLUMNS_DIFFER` and `DESTINATION_VALUE_REFUSED`
   */
  readRows(file: LoadFile, part: FileRange): AsyncIterable<readonly LoadRow[]>;
  /**
   * Rows of a Parquet file as columns, a row group at a time: those that are asked for, in that order. Each has the type that the table
   * says, or in a file that was not written here, the type that it has there; types and layouts are the same in all row groups.
   * @throws DestinationError `DESTINATION_LOAD_FILE_UNREADABLE`, for files that were not written here also
   * `DESTINATION_FILE_COLUMNS_DIFFER`
   */
  readColumns(file: LoadFile, part: FileRange): AsyncIterable<ColumnBatch>;
  /** Opens what the jobs of a load that is not complete noted. The caller disposes of it before the load is completed. */
  openNotes(loadId: string): Promise<LoadNotes>;
}

/** What is read of a load file. */
export interface FileRange {
  /** Names of columns of the table. */
  readonly columns: readonly string[];
  /** How many rows at the beginning are left out. */
  readonly from: number;
}

/** A row of a load file, by the names of the columns. */
export type LoadRow = Record<string, unknown>;

/** What the jobs of a load keep for their next attempts, in this process or another. It goes with the load package. */
export interface LoadNotes extends AsyncDisposable {
  /** What a job noted last, plain JSON; `null` when it did not. */
  ofJob(jobId: string): unknown;
  /** Begins a step of a job. */
  step(jobId: string): JobStep;
}

/** A step of a job: what it changes counts once it is kept. */
export interface JobStep {
  /**
   * The state of the load, for the destination's own use, as steps that were kept left it: values as in the state of a resource. What is
   * changed in it is kept with the step. Of a key that steps at the same time change, what the last one keeps counts.
   */
  readonly state: Record<string, unknown>;
  /**
   * Keeps `note` and what changed in the state, both or neither. On disk for good once it resolves.
   * @throws DestinationError `LOAD_STATE_INVALID` for a state that cannot be stored; PackageError `STORAGE_…`
   */
  keep(note: unknown): Promise<void>;
}

/** An open session with a destination. Jobs of one client run concurrently. */
export interface DestinationClient extends AsyncDisposable {
  /** For people: where the data goes, without secrets, e.g. `duckdb:////data/my.duckdb`. */
  readonly displayLocation: string;
  /** What tells its server or bucket from others: a host name, `s3://bucket`. Infos have a hash of it. Default: nothing does. */
  readonly identity?: string;
  /**
   * Brings the tables up to `plan.schema`, drops and truncates as planned, and marks the load as prepared, in one
   * transaction where there is one. Called before the first job of a load; a second call for a prepared load changes
   * nothing. Gives what was changed: tables with only their new and wider columns.
   */
  prepare(plan: LoadPlan): Promise<readonly PartialTable[]>;
  /** The statements that `prepare` would run, without running any. */
  explain(plan: LoadPlan): Promise<readonly string[]>;
  /** Describes the loading of one file; nothing happens before `run`. */
  createJob(file: LoadFile): LoadJob;
  /** Jobs for when a root table and its children are all in, such as a merge from staging. Same input, same ids and text. */
  followUps?(chain: TableChain): readonly LoadJob[];
  /** Writes the mark that the load is complete; rows of a load without the mark do not count. Safe to repeat. */
  completeLoad(load: CompletedLoad): Promise<void>;
  /** Empties these tables of the staging dataset, which nobody needs once their load is complete; others may not be there. */
  truncateStaging?(tables: readonly string[]): Promise<void>;
  /** Where pipeline state and schemas are read from; absent where that is not possible. */
  readonly state?: StateStore;
  /** SQL, where the destination speaks it. */
  readonly sql?: SqlClient;
  /** Queries that make rows, where the destination loads files of the format `model`. */
  readonly models?: ModelClient;
}

export interface LoadPlan {
  readonly loadId: string;
  readonly schemaName: string;
  readonly schema: SchemaText;
  readonly schemaVersion: number;
  readonly schemaHash: string;
  /** Tables to create or extend, hints resolved along their chains, system tables included. */
  readonly tables: readonly PreparedTable[];
  /**
   * Other tables of the schema that have rows, with their complete columns. A destination that stores the schema makes what it lacks of
   * them: each schema that is stored tells of tables that are there. Default: none.
   */
  readonly others?: readonly TableSchema[];
  /** Names of tables that are also needed in the staging dataset, emptied there. */
  readonly staged: readonly string[];
  /** Names of tables to empty. */
  readonly truncate: readonly string[];
  /** Stored columns that are narrower than those of `tables` become as wide. Default: false. */
  readonly widensColumns?: boolean;
  /** Names of tables to drop first; all stored versions of the schema go with them. */
  readonly drop: readonly string[];
  /** The load files that jobs are made of, for destinations that decide before the first job where each goes. Default: none. */
  readonly files?: readonly PlannedFile[];
}

/** A load file of a planned load, as in {@link LoadFile}. */
export interface PlannedFile {
  readonly jobId: string;
  /** Name of the table. */
  readonly table: string;
}

/** A table with all hints that it inherits from its parents, and only its complete columns. */
export interface PreparedTable extends TableSchema {
  readonly writeDisposition: WriteDisposition;
  readonly rootTable: string;
  readonly mergeStrategy?: MergeStrategy;
  readonly replaceStrategy?: ReplaceStrategy;
}

export interface LoadFile {
  /** `table.fileId.format`, the same for every attempt. */
  readonly jobId: string;
  readonly loadId: string;
  readonly table: PreparedTable;
  readonly target: "final" | "staging";
  /** Name of the file format. */
  readonly format: string;
  readonly at: { readonly path: string } | { readonly url: string };
  /** `null`: unknown, for files that were not written here. */
  readonly rowCount: number | null;
  readonly bytes: number;
  /**
   * The file was not written here: columns come in any order, nullable ones may be missing, line ends may be any, and names and types
   * may differ from those of the table. Default: false.
   */
  readonly isImported?: boolean;
}

export interface LoadJob {
  /** Taken from the load and the file, never from the attempt, so it is the same after a restart. */
  readonly id: string;
  /**
   * Resolves once the destination holds the file durably. Run again under the same `id`, after a crash, it adds no rows.
   * @throws DestinationError, tried again if `retryable`, otherwise final for this job
   */
  run(signal: AbortSignal): Promise<LoadJobResult>;
}

export interface LoadJobResult {
  /** `null`: unknown, because an earlier attempt loaded a file of which nobody told how many it has. */
  readonly rowCount: number | null;
  readonly bytes: number;
  /** Where the rows are, for destinations that keep load files. Default: not told. */
  readonly remoteUrl?: string;
}

export interface TableChain {
  readonly loadId: string;
  /** Creation time of the load, microseconds since 1970 UTC. */
  readonly createdAt: bigint;
  /** Parents before children. */
  readonly tables: readonly PreparedTable[];
  readonly loaded: ReadonlySet<string>;
  /** Id for the follow-up of the chain, `<root table>.<id>.sql`: the same for every attempt. */
  readonly followUpId: string;
}

export interface CompletedLoad {
  readonly loadId: string;
  readonly createdAt: bigint;
  readonly schemaName: string;
  readonly schemaHash: string;
  /** The state row of the load, for destinations that keep state outside tables; `null` when the load carries none. */
  readonly state: StateRecord | null;
}

/** A row of `_dlt_pipeline_state`. */
export interface StateRecord {
  readonly version: number;
  readonly engineVersion: number;
  readonly pipelineName: string;
  /** The stored text: JSON, or its compressed form. */
  readonly state: string;
  readonly createdAt: bigint;
  readonly versionHash: string | null;
  readonly loadId: string;
}

/** A row of `_dlt_version`. */
export interface SchemaRecord {
  readonly schemaName: string;
  readonly version: number;
  readonly engineVersion: number;
  readonly versionHash: string;
  readonly insertedAt: bigint;
  /** The stored text: JSON, or its compressed form. */
  readonly schema: string;
}

/** Reads what earlier loads left. Every method that reads gives `null` when the dataset or its tables do not exist. */
export interface StateStore {
  /** The newest state of a completed load. */
  readState(pipelineName: string): Promise<StateRecord | null>;
  /** The newest schema of a name. */
  readSchema(schemaName: string): Promise<SchemaRecord | null>;
  readSchemaByHash(versionHash: string): Promise<SchemaRecord | null>;
  /** The greatest load id; `null` when there is none. */
  readLastLoadId(): Promise<string | null>;
  /** True when the load is complete; false also where there is no dataset. */
  hasLoad(loadId: string): Promise<boolean>;
  datasetExists(): Promise<boolean>;
  /** Drops the dataset and its staging dataset with everything in them. */
  dropDataset(): Promise<void>;
  /** Reads rejected rows back, where the destination can. */
  readonly rejects?: RejectStore;
}

/** Reads `_dlt_rejects`; a table that is not there has no rows. */
export interface RejectStore {
  /** What was rejected of each table of a pipeline, in completed loads. */
  tables(pipelineName: string): Promise<readonly RejectedTable[]>;
  /** At most `limit` rows of a table behind a position, by load id, row number and id; those of completed loads only. */
  rows(request: {
    readonly pipelineName: string;
    readonly schemaName: string;
    readonly table: string;
    readonly after: RejectPosition;
    readonly limit: number;
  }): Promise<readonly RejectRecord[]>;
}

export interface RejectedTable {
  readonly schemaName: string;
  /** Name at the destination. */
  readonly table: string;
  readonly lastLoadId: string;
}

/** `rowNumber` -1 with an empty `id` stands before all rows of a load. */
export interface RejectPosition {
  readonly loadId: string;
  readonly rowNumber: number;
  readonly id: string;
}

/** A row of `_dlt_rejects`, as far as it is needed to load the rejected row. */
export interface RejectRecord extends RejectPosition {
  readonly path: string;
  readonly rowJson: string;
  readonly originJson: string | null;
}

/** SQL against the dataset. */
export interface SqlClient {
  /** Rows as arrays. `%s` stands for a parameter outside literals and comments; without `%s` the driver's own style is used. */
  executeSql(sql: string, ...args: readonly unknown[]): Promise<readonly (readonly unknown[])[]>;
  /** The same with the names of the columns. */
  query(
    sql: string,
    ...args: readonly unknown[]
  ): Promise<{ readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }>;
  /** Quoted and qualified name of a table of the dataset. */
  qualified(table: string): string;
  readonly dataset: string;
}

/**
 * Queries whose rows become rows of a table. A load file of the format `model` holds one: `dialect: <name>` in its first line, then a
 * SELECT whose columns have the names of the table's. Its job fills `_dlt_load_id` and `_dlt_id` where the table has them and the
 * query does not.
 */
export interface ModelClient {
  /**
   * The columns of what a query gives, in order; it is not run. Tables that it names without a dataset are those of the dataset.
   * @throws DestinationError `MODEL_QUERY_INVALID` for what is no single SELECT, or one that the destination cannot run
   */
  describe(query: string): Promise<readonly QueryColumn[]>;
  /** A SELECT of columns of what a query gives. The query has to be one that can be described. */
  select(query: string, columns: readonly SelectedColumn[]): string;
}

/** A column of what a query gives. */
export interface QueryColumn extends ColumnType {
  readonly name: string;
}

/** A column of what a query gives that goes into a table. */
export interface SelectedColumn {
  /** In the query, from 0. */
  readonly position: number;
  /** In the table. */
  readonly name: string;
}
