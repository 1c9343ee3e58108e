import type { ColumnSchema, LoadPlan, PartialTable, PreparedTable, TableSchema } from "@dlt/core";
import {
  addColumns,
  alterColumns,
  createSchema,
  createTable,
  dropConstraint,
  dropTable,
  isRequiredWhenAdded,
  truncateTable,
} from "./ddl.js";
import type { SqlDialect, Statement } from "./dialect.js";
import { checkIdentifiers, comparableIdentifier } from "./identifiers.js";
import type { StoredTable, StoredTables } from "./information-schema.js";
import { createMarkKey, deleteVersions, forgetRowCounts, insertPreparedMark, insertVersion } from "./marks.js";
import { fillRootKey } from "./root-keys.js";
import type { SqlDataset } from "./sql-dataset.js";
import { jobsTable } from "./system-tables.js";
import { widerColumns } from "./wider-columns.js";

/** What was found of a dataset before a load. */
export interface FoundDataset {
  readonly exists: boolean;
  /** Of the tables in {@link tablesToFind}, those that are there. */
  readonly tables: StoredTables;
  /** The version hash of the load's schema is stored. */
  readonly hasSchema: boolean;
}

export const nothingFound: FoundDataset = { exists: false, tables: new Map(), hasSchema: false };

export interface PrepareOptions {
  readonly final: SqlDataset;
  readonly staging: SqlDataset;
  readonly found: { readonly final: FoundDataset; readonly staging: FoundDataset };
  /** The load bears its mark: nothing is dropped or emptied any more. */
  readonly isPrepared: boolean;
}

export interface PreparePlan {
  /** To be run in one transaction, in this order. */
  readonly statements: readonly Statement[];
  /** Tables of the final dataset with only their new and wider columns. */
  readonly changes: readonly PartialTable[];
  /** Tables that are there, with only their new columns that take no null: where there are rows, the database refuses them. */
  readonly required: readonly PartialTable[];
}

/** Names of the tables whose columns have to be known. */
export function tablesToFind({ system }: SqlDataset, plan: LoadPlan): readonly string[] {
  return [
    ...new Set([
      ...plan.tables.map(({ name }) => name),
      ...(plan.others ?? []).map(({ name }) => name),
      ...plan.drop,
      system.version.name,
      system.loads.name,
      system.jobs.name,
    ]),
  ];
}

/**
 * What brings both datasets to where the jobs of a load can start. A dataset that knows the hash of the schema is not
 * compared with it, unless columns may become wider; the staging dataset always is, because not every table of a schema is in it.
 * @throws DestinationError for names that collide or are too long, and for columns that cannot be stored
 */
export function preparePlan(plan: LoadPlan, { final, staging, found, isPrepared }: PrepareOptions): PreparePlan {
  checkIdentifiers(final.dialect, [...plan.tables, ...(plan.others ?? [])]);
  const statements: Statement[] = [];
  const changes = prepareFinal(plan, final, found.final, isPrepared, statements);
  if (plan.staged.length > 0 || (plan.drop.length > 0 && found.staging.exists)) {
    prepareStaging(plan, staging, found.staging, isPrepared, statements);
  }
  const hasMarks = found.final.tables.has(comparableIdentifier(final.dialect, final.system.jobs.name));
  // Behind the statements that empty tables, which wait for jobs that fill them.
  if (hasMarks && plan.staged.length > 0 && !isPrepared) {
    statements.push(forgetRowCounts(final, { loadId: plan.loadId, tables: plan.staged }));
  }
  if (!isPrepared) statements.push(insertPreparedMark(final, plan.loadId));
  return { statements, changes, required: requiredColumns(plan, final, { stored: found.final.tables, changes }) };
}

function prepareFinal(
  plan: LoadPlan,
  dataset: SqlDataset,
  found: FoundDataset,
  isPrepared: boolean,
  statements: Statement[],
): readonly PartialTable[] {
  const { dialect, name, system } = dataset;
  if (!found.exists) statements.push(createSchema(dialect, name));
  const dropped = isPrepared ? found : drop(plan, dataset, found, statements);
  const { widensColumns = false } = plan;
  // Stored columns may be narrower than a schema that is known: it was stored by a load that was not to widen them.
  const isKnown = dropped.hasSchema && !widensColumns;
  const tables = isKnown ? [] : [...plan.tables, ...(dropped.hasSchema ? [] : (plan.others ?? []))];
  const changes = migrate(dataset, tables, { stored: dropped.tables, widensColumns, statements });
  for (const { name: changed } of changes)
    fillNewRootKey(dataset, changed, { tables, stored: dropped.tables, statements });
  migrate(dataset, [jobsTable(system)], { stored: dropped.tables, widensColumns: false, statements });
  const hasMarks = dropped.tables.has(comparableIdentifier(dialect, system.jobs.name));
  if (dialect.hasUniqueMarks === true && !hasMarks) statements.push(createMarkKey(dataset));
  if (!dropped.hasSchema) statements.push(insertVersion(dataset, plan));
  if (!isPrepared) statements.push(...truncateStored(dataset, plan.truncate, dropped.tables));
  return changes;
}

function prepareStaging(
  plan: LoadPlan,
  dataset: SqlDataset,
  found: FoundDataset,
  isPrepared: boolean,
  statements: Statement[],
): void {
  const { dialect, name, system } = dataset;
  if (!found.exists) statements.push(createSchema(dialect, name));
  const dropped = isPrepared ? found : drop(plan, dataset, found, statements);
  if (plan.staged.length === 0) return;
  const stored = isPrepared ? dropped.tables : dropReplacements(plan, dataset, dropped.tables, statements);
  const emptied = isPrepared ? [] : truncateStored(dataset, plan.staged, stored);
  // Rows that nobody needs may lack what new columns require. Elsewhere they go last: DuckDB alters no table that was changed before.
  const isEmptiedFirst = dialect.capabilities.enforcesNullsOnAlter === true;
  if (isEmptiedFirst) statements.push(...emptied);
  const wanted = new Set([...plan.staged, system.version.name]);
  const tables = plan.tables.filter((table) => wanted.has(table.name));
  migrate(dataset, tables, {
    stored,
    widensColumns: plan.widensColumns ?? false,
    statements,
    // Staged rows may be repeated, until a merge makes them unique.
    hasHints: replacesFinal,
  });
  if (!dropped.hasSchema) statements.push(insertVersion(dataset, plan));
  if (!isEmptiedFirst) statements.push(...emptied);
}

/** True for a table that is staged to take the place of the final one, and has to be like that. */
function replacesFinal({ replaceStrategy }: PlannedTable): boolean {
  return replaceStrategy === "staging-optimized";
}

/** Drops staged tables that are to take the place of final ones: what they were staged for before may have left them unlike those. */
function dropReplacements(
  plan: LoadPlan,
  { dialect, name }: SqlDataset,
  stored: StoredTables,
  statements: Statement[],
): StoredTables {
  const left = new Map(stored);
  for (const table of plan.tables.filter((each) => plan.staged.includes(each.name) && replacesFinal(each))) {
    if (left.delete(comparableIdentifier(dialect, table.name))) statements.push(dropTable(dialect, name, table.name));
  }
  return left;
}

/** Drops tables and forgets the stored versions of the schema; gives what is left. */
function drop(plan: LoadPlan, dataset: SqlDataset, found: FoundDataset, statements: Statement[]): FoundDataset {
  if (plan.drop.length === 0 || !found.exists) return found;
  const { dialect, name, system } = dataset;
  const tables = new Map(found.tables);
  for (const table of plan.drop) {
    if (tables.delete(comparableIdentifier(dialect, table))) statements.push(dropTable(dialect, name, table));
  }
  if (tables.has(comparableIdentifier(dialect, system.version.name)))
    statements.push(deleteVersions(dataset, plan.schemaName));
  return { exists: true, tables, hasSchema: false };
}

function requiredColumns(
  plan: LoadPlan,
  { dialect }: SqlDataset,
  { stored, changes }: { readonly stored: StoredTables; readonly changes: readonly PartialTable[] },
): readonly PartialTable[] {
  return changes.flatMap((table) => {
    const before = plan.drop.includes(table.name) ? undefined : stored.get(comparableIdentifier(dialect, table.name));
    if (before === undefined) return [];
    const columns = newColumns(dialect, table, before).filter((column) => isRequiredWhenAdded(dialect, column));
    return columns.length === 0 ? [] : [{ ...table, columns: new Map(columns.map((column) => [column.name, column])) }];
  });
}

type PlannedTable = TableSchema & Pick<PreparedTable, "replaceStrategy">;

/**
 * Creates tables and adds columns that are missing, drops constraints of columns that need not be unique any more, and widens columns
 * where the load asks for it; nothing else is compared.
 */
function migrate(
  { dialect, name }: SqlDataset,
  tables: readonly PlannedTable[],
  options: {
    readonly stored: StoredTables;
    readonly widensColumns: boolean;
    readonly statements: Statement[];
    readonly hasHints?: (table: PlannedTable) => boolean;
  },
): readonly PartialTable[] {
  const { stored, widensColumns, statements, hasHints = () => true } = options;
  const changes: PartialTable[] = [];
  for (const table of tables) {
    if (table.columns.size === 0) continue;
    const storedColumns = stored.get(comparableIdentifier(dialect, table.name));
    const isUniqueWanted = ({ unique }: ColumnSchema) => hasHints(table) && unique !== false;
    for (const constraint of unwantedConstraints(dialect, table, { storedColumns, isUniqueWanted }))
      statements.push(dropConstraint(dialect, name, { table: table.name, constraint }));
    const added = newColumns(dialect, table, storedColumns);
    const wider = widensColumns && storedColumns !== undefined ? widerColumns(dialect, table, storedColumns) : [];
    if (added.length + wider.length === 0) continue;
    if (storedColumns === undefined) statements.push(createTable(dialect, name, table, { hasHints: hasHints(table) }));
    else {
      if (added.length > 0) statements.push(...addColumns(dialect, name, table.name, added));
      statements.push(...alterColumns(dialect, name, table.name, wider));
    }
    changes.push({ ...table, columns: new Map([...added, ...wider].map((column) => [column.name, column])) });
  }
  return changes;
}

/** Names of constraints by which columns are unique that may have repeated values by now. */
function unwantedConstraints(
  dialect: SqlDialect,
  { columns }: TableSchema,
  options: {
    readonly storedColumns: StoredTable | undefined;
    readonly isUniqueWanted: (column: ColumnSchema) => boolean;
  },
): readonly string[] {
  return [...columns.values()]
    .filter((column) => !options.isUniqueWanted(column))
    .flatMap(({ name }) => options.storedColumns?.get(comparableIdentifier(dialect, name))?.uniqueBy ?? []);
}

/** Fills the key of the root row in a table that was there without it. */
function fillNewRootKey(
  dataset: SqlDataset,
  name: string,
  options: {
    readonly tables: readonly TableSchema[];
    readonly stored: StoredTables;
    readonly statements: Statement[];
  },
): void {
  const { tables, stored, statements } = options;
  const { dialect } = dataset;
  const table = tables.find((each) => each.name === name);
  const before = stored.get(comparableIdentifier(dialect, name));
  if (table === undefined || before === undefined) return;
  const isNew = newColumns(dialect, table, before).some(({ rootKey }) => rootKey === true);
  const filled = isNew ? fillRootKey(dataset, table, tables) : null;
  if (filled !== null) statements.push(filled);
}

/** Columns that a stored table lacks, in the order of the schema. */
function newColumns(
  dialect: SqlDialect,
  table: Pick<TableSchema, "columns">,
  stored: StoredTable | undefined,
): readonly ColumnSchema[] {
  const columns = [...table.columns.values()];
  return stored === undefined
    ? columns
    : columns.filter(({ name }) => !stored.has(comparableIdentifier(dialect, name)));
}

/** Empties those of the tables that are there. */
export function truncateStored(
  { dialect, name }: SqlDataset,
  tables: readonly string[],
  stored: StoredTables,
): readonly Statement[] {
  return tables
    .filter((table) => stored.has(comparableIdentifier(dialect, table)))
    .map((table) => truncateTable(dialect, name, table));
}
