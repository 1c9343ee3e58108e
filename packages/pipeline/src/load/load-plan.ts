import type {
  DestinationCapabilities,
  LoadPlan,
  PreparedTable,
  ReplaceStrategy,
  Schema,
  SchemaText,
  TableSchema,
} from "@dlt/core";
import { hasSeenData, isComplete, isDltTable, prepareTable, rootTables, tableChain } from "@dlt/core/engine";
import type { JsonValueDocument, LoadManifest } from "../package/manifest.js";

export interface LoadPlanInput {
  readonly manifest: LoadManifest;
  readonly schema: Schema;
  /** The schema as it is stored. */
  readonly schemaText: SchemaText;
  readonly capabilities: DestinationCapabilities;
  /** Columns at the destination may become wider. */
  readonly widensColumns: boolean;
  /** For tables with disposition `replace`. Default: the first of the destination. */
  readonly replaceStrategy?: ReplaceStrategy;
}

/** What a load does: the plan for the destination, and its tables. */
export interface PlannedLoad {
  readonly plan: LoadPlan;
  /** By name: tables with files, and those that change with them. */
  readonly tables: ReadonlyMap<string, PreparedTable>;
  /** Root tables that are merged by their hints, and that the destination appends to. */
  readonly appendedInstead: readonly string[];
  /** By the name of the root table: the tables that a load changes, parents first. */
  readonly chains: ReadonlyMap<string, readonly PreparedTable[]>;
}

/** Plans a load: which tables are brought up to the schema, emptied and dropped, and which are loaded through staging. */
export function planLoad(input: LoadPlanInput): PlannedLoad {
  const { manifest, schema } = input;
  const withFiles = new Set(manifest.files.map((file) => file.table));
  const chains = new Map<string, readonly PreparedTable[]>();
  for (const root of rootTables(schema)) {
    const chain = changedChain(input, root.name, withFiles);
    if (chain.length > 0) chains.set(root.name, chain);
  }
  const involved = [...chains.values()].flat();
  const tables = new Map(involved.map((table) => [table.name, table]));
  const system = [...schema.tables.keys()].filter((name) => isDltTable(schema, name) && !tables.has(name));
  // Its files hold what only the wider columns hold, whatever the option says by now.
  const hasWiderColumns = manifest.origins?.some(({ decision }) => decision.kind === "wider") === true;
  const plan: LoadPlan = {
    loadId: manifest.loadId,
    schemaName: schema.name,
    schema: input.schemaText,
    schemaVersion: schema.version,
    schemaHash: schema.versionHash,
    tables: [...involved, ...system.map((name) => prepare(input, name))],
    others: [...schema.tables.values()]
      .filter((table) => isOther(schema, table) && !tables.has(table.name))
      .map(stored),
    staged: involved.filter(loadsToStaging).map((table) => table.name),
    truncate: involved
      .filter((table) => truncatesFirst(table) || isReset(manifest, table.rootTable))
      .map((table) => table.name),
    drop: namesOf(manifest.dropTables),
    files: manifest.files.map(({ name, table }) => ({ jobId: name, table })),
    ...((input.widensColumns || hasWiderColumns) && { widensColumns: true }),
  };
  const appendedInstead = [...chains.keys()].filter(
    (root) => schema.tables.get(root)?.writeDisposition === "merge" && tables.get(root)?.writeDisposition === "append",
  );
  return { plan, tables, appendedInstead, chains };
}

function isOther(schema: Schema, table: TableSchema): boolean {
  return hasSeenData(table) && !isDltTable(schema, table.name);
}

/** A table as it is stored: with its complete columns. */
function stored(table: TableSchema): TableSchema {
  return { ...table, columns: new Map([...table.columns].filter(([, column]) => isComplete(column))) };
}

/** Names of all tables of the schema whose rows are staged, whether this load has any of them or not. */
export function stagedTables(input: LoadPlanInput): readonly string[] {
  const tables = rootTables(input.schema).flatMap(({ name }) => tableChain(input.schema, name).filter(hasSeenData));
  return tables
    .map(({ name }) => prepare(input, name))
    .filter(loadsToStaging)
    .map(({ name }) => name);
}

/** True for a table whose rows go to the staging dataset first, and to the final one when all of its chain is there. */
export function loadsToStaging({ writeDisposition, mergeStrategy, replaceStrategy }: PreparedTable): boolean {
  if (writeDisposition === "merge") return mergeStrategy !== undefined;
  return writeDisposition === "replace" && replaceStrategy !== undefined && replaceStrategy !== "truncate-and-insert";
}

function truncatesFirst(table: PreparedTable): boolean {
  return table.writeDisposition === "replace" && table.replaceStrategy === "truncate-and-insert";
}

/** True for a chain that a refresh truncates. */
function isReset({ truncateTables }: LoadManifest, root: string): boolean {
  return namesOf(truncateTables).includes(root);
}

/**
 * The tables of a chain that a load changes: those with files, and where the root table is replaced, merged or truncated also
 * the others, because rows of earlier loads must go. None when no table of the chain has a file.
 */
function changedChain(input: LoadPlanInput, root: string, withFiles: ReadonlySet<string>): readonly PreparedTable[] {
  const { schema } = input;
  const chain = tableChain(schema, root).filter(hasSeenData);
  if (!chain.some((table) => withFiles.has(table.name))) return [];
  const disposition = schema.tables.get(root)?.writeDisposition;
  const isReplaced = disposition === "replace" && input.manifest.isReplay !== true;
  const whole = isReplaced || disposition === "merge" || isReset(input.manifest, root);
  return chain.filter((table) => whole || withFiles.has(table.name)).map((table) => prepare(input, table.name));
}

function prepare({ manifest, schema, capabilities, replaceStrategy }: LoadPlanInput, name: string): PreparedTable {
  const options = { capabilities, ...(replaceStrategy !== undefined && { replaceStrategy }) };
  const table = prepareTable(schema, name, options);
  // Replayed rows are added to a table that is replaced otherwise.
  return manifest.isReplay === true && table.writeDisposition === "replace"
    ? { ...table, writeDisposition: "append" }
    : table;
}

function namesOf(documents: readonly JsonValueDocument[]): readonly string[] {
  return documents.flatMap(({ name }) => (typeof name === "string" ? [name] : []));
}
