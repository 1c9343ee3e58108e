import type {
  DestinationCapabilities,
  LoadPlan,
  PreparedTable,
  ReplaceStrategy,
  Schema,
  SchemaText,
  TableSchema,
} from "@dlt/core";
import { dataTables, hasSeenData, isDltTable, prepareTable, rootTable, tableChain } from "@dlt/core";
import type { JsonValueDocument, LoadManifest } from "../package/manifest.js";

export interface LoadPlanInput {
  readonly manifest: LoadManifest;
  readonly schema: Schema;
  /** The schema as it is stored. */
  readonly schemaText: SchemaText;
  readonly capabilities: DestinationCapabilities;
  /** For tables with disposition `replace`. Default: the first of the destination. */
  readonly replaceStrategy?: ReplaceStrategy;
}

/** What a load does: the plan for the destination, and its tables by name. */
export interface PlannedLoad {
  readonly plan: LoadPlan;
  readonly tables: ReadonlyMap<string, PreparedTable>;
}

/** Plans a load: which tables are brought up to the schema, emptied and dropped, and which are loaded through staging. */
export function planLoad(input: LoadPlanInput): PlannedLoad {
  const { manifest, schema } = input;
  const withJobs = new Set(manifest.files.map((file) => file.table).filter((name) => seenData(schema, name)));
  const truncated = new Set(namesOf(manifest.truncateTables));
  const tables = new Map<string, PreparedTable>();
  for (const name of schema.tables.keys()) {
    if (isDltTable(schema, name) || seenData(schema, name)) tables.set(name, prepare(input, name));
  }
  const needed = [...tables.values()].filter((table) => withJobs.has(table.name) || isDltTable(schema, table.name));
  const involved = [...tables.values()].filter((table) => takesPart(table, schema, withJobs));
  return {
    tables,
    plan: {
      loadId: manifest.loadId,
      schemaName: schema.name,
      schema: input.schemaText,
      schemaVersion: schema.version,
      schemaHash: schema.versionHash,
      tables: needed,
      staged: involved.filter(loadsToStaging).map((table) => table.name),
      truncate: involved
        .filter((table) => truncatesFirst(table) || truncated.has(table.name) || truncated.has(table.rootTable))
        .map((table) => table.name),
      drop: namesOf(manifest.dropTables),
    },
  };
}

/** True for a table whose rows go to the staging dataset first, and to the final one when all of its chain is there. */
export function loadsToStaging(table: PreparedTable): boolean {
  if (table.writeDisposition === "merge") return true;
  return table.writeDisposition === "replace" && table.replaceStrategy !== "truncate-and-insert";
}

function truncatesFirst(table: PreparedTable): boolean {
  return table.writeDisposition === "replace" && table.replaceStrategy === "truncate-and-insert";
}

/**
 * The tables that a load changes, parents first: those with files, and where the root table is replaced or merged also the
 * rest of its chain, because rows of the last load must go.
 */
export function chainOf(root: string, schema: Schema, withJobs: ReadonlySet<string>): readonly TableSchema[] {
  const chain = tableChain(schema, root);
  const disposition = chain[0]?.writeDisposition ?? "append";
  const whole = disposition === "replace" || disposition === "merge";
  return chain.filter((table) => hasSeenData(table) && (whole || withJobs.has(table.name)));
}

function takesPart(table: PreparedTable, schema: Schema, withJobs: ReadonlySet<string>): boolean {
  const chainHasJobs = tableChain(schema, table.rootTable).some((member) => withJobs.has(member.name));
  return chainHasJobs && chainOf(table.rootTable, schema, withJobs).some((member) => member.name === table.name);
}

function prepare({ schema, capabilities, replaceStrategy }: LoadPlanInput, name: string): PreparedTable {
  return prepareTable(schema, name, {
    mergeStrategies: capabilities.mergeStrategies,
    replaceStrategies: capabilities.replaceStrategies,
    ...(replaceStrategy !== undefined && { replaceStrategy }),
  });
}

function seenData(schema: Schema, name: string): boolean {
  const table = schema.tables.get(name);
  return table !== undefined && hasSeenData(table);
}

function namesOf(documents: readonly JsonValueDocument[]): readonly string[] {
  return documents.flatMap(({ name }) => (typeof name === "string" ? [name] : []));
}
