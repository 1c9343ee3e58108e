import type { ColumnType } from "../contract/batch.js";
import type { QueryColumn, SelectedColumn } from "../contract/destination.js";
import type { ColumnSchema, DataType, PartialTable, Rejection, Schema, TableSchema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { contractRejection } from "../schema/contract/error.js";
import { evaluateContract } from "../schema/contract/evaluate.js";
import { resolveContract } from "../schema/contract/resolve.js";
import { completeColumn, inferColumn, type TypePrecisions } from "../schema/infer-column.js";
import { compoundHints } from "../schema/merge-columns.js";
import { type CompleteColumn, hasSeenData, isComplete } from "../schema/predicates.js";
import { compileFilters } from "../schema/row-filters.js";
import { type CompiledSettings, compileSettings } from "../schema/settings.js";
import { sizedType } from "../schema/sized-type.js";
import { requireTable } from "../schema/tables.js";
import { isBlank } from "../values/trim-text.js";
import { contentIdKind } from "./content-id.js";

export interface QueryColumnsOptions {
  readonly precisions: TypePrecisions;
  /** Digits behind the point of columns that do not say how many. */
  readonly scales: { readonly decimal: number; readonly wei: number };
  /** Whether a table that nothing was loaded into gets `_dlt_load_id` and `_dlt_id`. */
  readonly links: { readonly loadId: boolean; readonly id: boolean };
}

/** What a table makes of the columns of a query. */
export interface FittedQuery {
  /** What the schema lacks, to be merged; `null`: nothing. */
  readonly change: PartialTable | null;
  /** Those that go into the table. What the library fills is not among them. */
  readonly columns: readonly SelectedColumn[];
  /** Why all rows of the query are discarded; `null`: they are not. */
  readonly rejection: Rejection | null;
}

/** Characters that ids of rows and loads have at most. */
const idPrecision = 64;

/**
 * Holds the columns of a query against a table of the schema and its contract. Names are normalized; no value is known, so that a type
 * has to fit as a whole: nothing is converted with a loss, and nothing becomes a variant.
 *
 * @throws SchemaError `COLUMN_NAMES_COLLIDE`, `COLUMN_TYPE_DIFFERS`, `MODEL_ROW_ID_MISSING`; SchemaContractError
 */
export function fitQuery(
  schema: Schema,
  tableName: string,
  given: readonly QueryColumn[],
  options: QueryColumnsOptions,
): FittedQuery {
  const table = requireTable(schema, tableName);
  const query: QueryOfTable = { schema, table, settings: compileSettings(schema), options };
  const added = linkColumns(query);
  const taken = takenColumns(query, given, added);
  const { changes, misfits } = demandOf(query, taken, added);
  const contract = resolveContract(schema, tableName);
  const { partial, filters } = evaluateContract(schema, contract, { ...table, columns: changes });
  const discarding = partial === null ? filters[0] : filters.find(({ mode }) => mode === "discard_row");
  if (discarding !== undefined) {
    const { name, rule } = discarding;
    const column = rule === "tables" ? undefined : changes.get(name);
    const violation = { table: tableName, entity: rule, ...(column && { column }), before: table.columns.get(name) };
    return { change: null, columns: [], rejection: contractRejection(schema, contract, violation) };
  }
  const left = new Set(filters.map(({ name }) => name));
  for (const [name, error] of misfits) if (!left.has(name)) throw error;
  const columns = taken.filter(({ name }) => !left.has(name)).map(({ position, name }) => ({ position, name }));
  const allowed = partial?.columns ?? changes;
  refuseMissingId(query, { columns, allowed });
  return { change: allowed.size === 0 ? null : changeOf(table, allowed), columns, rejection: null };
}

interface QueryOfTable {
  readonly schema: Schema;
  readonly table: TableSchema;
  readonly settings: CompiledSettings;
  readonly options: QueryColumnsOptions;
}

interface NamedColumn extends SelectedColumn {
  readonly type: ColumnType;
}

/** Without what the `filters` of the table leave out, and what the library fills itself. */
function takenColumns(
  { schema, table }: QueryOfTable,
  given: readonly QueryColumn[],
  added: readonly ColumnSchema[],
): readonly NamedColumn[] {
  const { loadId } = schema.system;
  const isReplaced = isComplete(table.columns.get(loadId)) || added.some(({ name }) => name === loadId);
  const keeps = compileFilters(schema)?.(table.name) ?? null;
  const seen = new Set<string>();
  const named = given.map(({ name: original, ...type }, position) => {
    const name = (isBlank(original) ? "" : schema.naming.normalizePath(original)) || "_empty";
    if (seen.has(name)) throw namesCollide(schema, table, { name, position });
    seen.add(name);
    return { position, name, type };
  });
  return named.filter(({ name }) => (keeps === null || keeps(name)) && !(isReplaced && name === loadId));
}

/** What a query asks of its table, before the contract was asked; errors for columns that do not fit, by their names. */
function demandOf(
  { schema, table, settings, options }: QueryOfTable,
  taken: readonly NamedColumn[],
  added: readonly ColumnSchema[],
): { readonly changes: Map<string, ColumnSchema>; readonly misfits: ReadonlyMap<string, SchemaError> } {
  const changes = new Map<string, ColumnSchema>();
  const misfits = new Map<string, SchemaError>();
  for (const { name, type } of taken) {
    const existing = table.columns.get(name);
    const inferred = inferColumn(settings, { name, ...type }, options.precisions);
    const column = type.timezone === false ? { ...inferred, timezone: false } : inferred;
    const stored = isComplete(existing) ? existing : completeColumn(existing, column);
    if (!isComplete(existing)) changes.set(name, stored);
    if (!isComplete(stored) || fits(type, stored, options)) continue;
    changes.set(name, { ...column, nullable: stored.nullable ?? true });
    misfits.set(name, typeDiffers(schema, table, { stored, type }));
  }
  for (const column of added) if (!changes.has(column.name)) changes.set(column.name, column);
  return { changes, misfits };
}

/** Columns of the library that a table without rows is to have and lacks. */
function linkColumns({
  schema,
  table,
  settings,
  options: { links, precisions },
}: QueryOfTable): readonly ColumnSchema[] {
  if (hasSeenData(table)) return [];
  const { id, loadId } = schema.system;
  const wanted = [...(links.loadId ? [loadId] : []), ...(links.id ? [id] : [])];
  return wanted.flatMap((name) => {
    const existing = table.columns.get(name);
    if (isComplete(existing)) return [];
    const inferred = inferColumn(settings, { name, dataType: "text", precision: idPrecision }, precisions);
    const ofRow = name === id && { unique: true, rowKey: true };
    return [completeColumn(existing, { ...inferred, nullable: false, ...ofRow })];
  });
}

/** True when no value of a type loses anything in a column. Values that are out of its range are refused where they are inserted. */
function fits(
  given: ColumnType,
  { dataType, precision, scale, timezone }: CompleteColumn,
  { scales, precisions }: QueryColumnsOptions,
): boolean {
  if (isDecimal(dataType) && (isDecimal(given.dataType) || given.dataType === "bigint"))
    return given.scale === undefined || given.scale <= (scale ?? scales[dataType]);
  if (given.dataType !== dataType) return false;
  if (dataType !== "timestamp" && dataType !== "time") return true;
  if (dataType === "timestamp" && (given.timezone === false) !== (timezone === false)) return false;
  const { timestampPrecision } = precisions;
  return (given.precision ?? timestampPrecision) <= (precision ?? timestampPrecision);
}

function isDecimal(dataType: DataType): dataType is "decimal" | "wei" {
  return dataType === "decimal" || dataType === "wei";
}

/** Ids that are made from the content of rows cannot be made where rows are not seen. */
function refuseMissingId(
  { schema, table }: QueryOfTable,
  { columns, allowed }: { columns: readonly SelectedColumn[]; allowed: PartialTable["columns"] },
): void {
  const { id } = schema.system;
  const kind = contentIdKind(schema, table.name);
  const isNeeded = kind === "row" || isComplete(table.columns.get(id)) || allowed.has(id);
  if (kind === null || !isNeeded || columns.some(({ name }) => name === id)) return;
  throw new SchemaError(
    "MODEL_ROW_ID_MISSING",
    `Table \`${table.name}\` has ids of rows that are made from ${kind === "key" ? "the primary key" : "the whole row"}, and a query gives none.`,
    {
      hint:
        kind === "key"
          ? `Let the query give \`${id}\`, or use the merge strategy \`delete-insert\`.`
          : `Let the query give \`${id}\`, or name a column that it gives as \`rowVersionColumnName\`.`,
      context: { schema: schema.name, table: table.name, column: id },
    },
  );
}

/** A key of several columns is merged as a whole: its other columns are named again. */
function changeOf(table: TableSchema, allowed: PartialTable["columns"]): PartialTable {
  const columns = new Map(allowed);
  for (const hint of compoundHints) {
    if (![...allowed.values()].some((column) => column[hint] === true)) continue;
    for (const { name, [hint]: value } of table.columns.values())
      if (value === true && !allowed.has(name)) columns.set(name, { ...columns.get(name), name, [hint]: true });
  }
  return { name: table.name, columns };
}

function namesCollide(
  schema: Schema,
  table: TableSchema,
  { name, position }: { readonly name: string; readonly position: number },
): SchemaError {
  return new SchemaError(
    "COLUMN_NAMES_COLLIDE",
    `Column ${position + 1} of a query for table \`${table.name}\` becomes \`${name}\`, as one before it does.`,
    {
      hint: "Give the columns of the query names of their own with `AS`.",
      context: { schema: schema.name, table: table.name, column: name },
    },
  );
}

function typeDiffers(
  schema: Schema,
  table: TableSchema,
  { stored, type }: { readonly stored: CompleteColumn; readonly type: ColumnType },
): SchemaError {
  const zone = (column: { readonly timezone?: boolean | null }) =>
    column.timezone === false ? " without time zone" : "";
  const wanted = `${sizedType(stored)}${zone(stored)}`;
  const given = `${sizedType({ name: stored.name, ...type })}${zone(type)}`;
  return new SchemaError(
    "COLUMN_TYPE_DIFFERS",
    `Column \`${table.name}.${stored.name}\` is ${wanted}, and a query gives it as ${given}, which may lose something.`,
    {
      hint: "Convert it in the query with `CAST`, or give it another name there.",
      context: { schema: schema.name, table: table.name, column: stored.name, stored: wanted, given },
    },
  );
}
