import type {
  ColumnNames,
  ColumnSchema,
  ColumnsHint,
  ContractMode,
  ContractModeHint,
  NamingConvention,
  PartialTable,
  PointInTime,
  SchemaContract,
  SchemaContractHint,
  TableHints,
  TableSchema,
  WriteDisposition,
  WriteDispositionOptions,
} from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { encodeJson } from "../json/encode.js";
import { CalendarDate } from "../values/calendar-date.js";
import { parseIso } from "../values/iso-text.js";
import { Timestamp } from "../values/timestamp.js";
import { kindOf } from "../values/value-kind.js";
import { readTableHints } from "./document.js";
import { normalizeTable } from "./normalize-table.js";
import { mayBeNested } from "./predicates.js";
import { tableProblem } from "./verify.js";

/** Hints of a resource, and the field of its incremental when that is a column. */
export interface ResourceHints extends TableHints {
  readonly incrementalColumn?: string;
}

export interface HintContext {
  /** Name of the resource that the hints are of. */
  readonly resource: string;
  readonly naming: NamingConvention;
}

/**
 * The tables that hints declare: the root table first, then nested tables, those with shorter paths first. Names are
 * normalized.
 *
 * @throws SchemaError for a hint with an unknown name, or a value that it cannot have
 */
export function hintsToTables(
  hints: ResourceHints,
  context: HintContext,
): readonly [root: PartialTable, ...nested: PartialTable[]] {
  const { resource, naming } = context;
  const { writeDisposition = "append", ...others } = hints;
  const declared = { ...others, ...(!others.parentTableName && { writeDisposition }) };
  const root = normalizeTable(declaredTable(declared, others.tableName ?? resource, resource), naming);
  if (root.name === "")
    throw invalid(resource, "tableName", "is white space or separators only, which leaves no name for the table");
  const nested = nestedEntries(hints.nestedHints).map(([path, nestedHints]) => {
    const components = [root.name, ...path.map((field) => naming.normalizeTablesPath(field))];
    return nestedTable(nestedHints, components, context);
  });
  const tables = [root, ...nested] as const;
  for (const table of tables) {
    const wrong = tableProblem(table);
    if (wrong !== null) throw invalid(resource, wrong.place, wrong.problem);
  }
  return tables;
}

// With a key of its own a table is not nested: its rows are found by that key, not through their parents.
function nestedTable(
  hints: TableHints,
  components: readonly string[],
  { resource, naming }: HintContext,
): PartialTable {
  const table = normalizeTable(declaredTable(hints, naming.shortenFragments(...components), resource), naming);
  const named = { ...table, name: naming.shortenFragments(...components) };
  if (named.parent || !mayBeNested(named)) return named;
  const { resource: _, ...nested } = named;
  return { ...nested, parent: naming.shortenFragments(...components.slice(0, -1)) };
}

function nestedEntries(
  hints: TableHints["nestedHints"] = {},
): readonly (readonly [path: readonly string[], hints: TableHints])[] {
  const entries = Array.isArray(hints)
    ? hints
    : Object.entries(hints).map(([field, nested]) => [[field], nested] as const);
  return [...entries].sort(([a], [b]) => a.length - b.length);
}

function declaredTable(hints: ResourceHints, name: string, resource: string): TableSchema {
  const columns = declaredColumns(hints.columns);
  setKey(columns, "primaryKey", hints.primaryKey);
  setKey(columns, "mergeKey", hints.mergeKey);
  const disposition = dispositionHints(hints.writeDisposition, resource);
  for (const column of disposition.columns) columns.set(column.name, column);
  const { incrementalColumn } = hints;
  if (incrementalColumn !== undefined) {
    columns.set(incrementalColumn, { name: incrementalColumn, ...columns.get(incrementalColumn), incremental: true });
  }
  return {
    name,
    columns,
    ...(hints.parentTableName ? { parent: hints.parentTableName } : { resource }),
    ...disposition.table,
    ...(hints.schemaContract !== undefined && { schemaContract: schemaContractOf(hints.schemaContract) }),
    ...(hints.tableFormat !== undefined && { tableFormat: hints.tableFormat }),
    ...(hints.fileFormat !== undefined && { fileFormat: hints.fileFormat }),
    ...(hints.references !== undefined && { references: hints.references }),
    ...(hints.maxTableNesting !== undefined && { "x-normalizer": { max_nesting: hints.maxTableNesting } }),
    ...readTableHints(hints.additionalTableHints ?? {}),
  };
}

function declaredColumns(hint: ColumnsHint = {}): Map<string, ColumnSchema> {
  const list = Array.isArray(hint) ? hint : Object.entries(hint).map(([name, hints]) => ({ ...hints, name }));
  const columns = new Map<string, ColumnSchema>();
  for (const { name, ...hints } of list) {
    const given = Object.entries(hints).filter(([, value]) => value !== undefined);
    // Documents of old releases call the type so, and so do people who come from them.
    const renamed = given.map(([key, value]) => [key, key === "dataType" && value === "complex" ? "json" : value]);
    columns.set(name, { name, ...Object.fromEntries(renamed) });
  }
  return columns;
}

// Keys that are given by name replace those that columns say of themselves; an empty list only takes them away.
function setKey(
  columns: Map<string, ColumnSchema>,
  hint: "primaryKey" | "mergeKey",
  names: ColumnNames | undefined,
): void {
  if (names === undefined) return;
  for (const [name, { [hint]: given, ...column }] of columns) if (given !== undefined) columns.set(name, column);
  for (const name of typeof names === "string" ? [names] : names) {
    if (name === "") continue;
    const column = columns.get(name);
    columns.set(name, { name, ...column, nullable: column?.nullable ?? false, [hint]: true });
  }
}

interface DispositionHints {
  readonly table: Partial<TableSchema>;
  /** Columns that keep the history of rows. */
  readonly columns: readonly ColumnSchema[];
}

function dispositionHints(
  hint: WriteDisposition | WriteDispositionOptions | undefined,
  resource: string,
): DispositionHints {
  if (hint === undefined) return { table: {}, columns: [] };
  if (typeof hint === "string") return { table: { writeDisposition: hint }, columns: [] };
  const { disposition, strategy, deduplicated } = hint;
  if (disposition !== "merge") return { table: { writeDisposition: disposition }, columns: [] };
  if (strategy !== undefined && !mergeStrategies.includes(strategy)) {
    throw invalid(resource, "writeDisposition.strategy", `has to be one of: ${mergeStrategies.join(", ")}`);
  }
  const table = {
    writeDisposition: disposition,
    ...(strategy !== undefined && { "x-merge-strategy": strategy }),
    ...(deduplicated && { "x-stage-data-deduplicated": true }),
  };
  if (strategy !== "scd2") return { table, columns: [] };
  const { boundaryTimestamp } = hint;
  return {
    table: {
      ...table,
      ...(boundaryTimestamp !== undefined && {
        "x-boundary-timestamp": dateTimeText(resource, "boundaryTimestamp", boundaryTimestamp),
      }),
    },
    columns: historyColumns(hint, resource),
  };
}

const mergeStrategies: readonly string[] = ["delete-insert", "upsert", "insert-only", "scd2"];

function historyColumns(options: WriteDispositionOptions, resource: string): readonly ColumnSchema[] {
  const {
    validityColumnNames = ["_dlt_valid_from", "_dlt_valid_to"],
    activeColumnName,
    activeRecordTimestamp = null,
    rowVersionColumnName = "_dlt_id",
  } = options;
  const [from, to] = validityColumnNames;
  return [
    { name: from, dataType: "timestamp", nullable: true, "x-valid-from": true },
    {
      name: to,
      dataType: "timestamp",
      nullable: true,
      "x-valid-to": true,
      "x-active-record-timestamp": dateTimeText(resource, "activeRecordTimestamp", activeRecordTimestamp),
    },
    ...(activeColumnName === undefined
      ? []
      : [{ name: activeColumnName, dataType: "bool", nullable: true, "x-active-flag": true } as const]),
    // The same version comes again when a row is deleted and inserted anew, so that it is no key.
    { name: rowVersionColumnName, nullable: false, "x-row-version": true, unique: false, rowKey: false },
  ];
}

/** A point in time as it is stored: text as it was given. */
function dateTimeText(resource: string, option: string, value: PointInTime | null): string | null {
  if (value === null) return null;
  const text = typeof value === "object" && isPointInTime(value) ? JSON.parse(encodeJson(value)) : value;
  const parsed = typeof text === "string" ? parseIso(text) : null;
  if (!(parsed instanceof Timestamp || parsed instanceof CalendarDate)) {
    throw invalid(
      resource,
      `writeDisposition.${option}`,
      "has to be a date-time in ISO 8601, a `Date` or a `Timestamp`",
    );
  }
  return text;
}

function isPointInTime(value: object): boolean {
  return value instanceof Date ? !Number.isNaN(value.getTime()) : kindOf(value) === "timestamp";
}

/** A contract as people write it; the plural spellings of modes are read too. */
export function schemaContractOf(hint: SchemaContractHint): SchemaContract {
  if (typeof hint === "string") return modeOf(hint);
  return Object.fromEntries(Object.entries(hint).map(([entity, mode]) => [entity, modeOf(mode)]));
}

function modeOf(mode: ContractModeHint): ContractMode {
  if (mode === "discard_rows") return "discard_row";
  return mode === "discard_columns" ? "discard_value" : mode;
}

function invalid(resource: string, place: string, problem: string): SchemaError {
  return new SchemaError("SCHEMA_HINTS_INVALID", `The hint \`${place}\` of resource \`${resource}\` ${problem}.`, {
    hint: "Correct the hint. Hints of your own and of destinations start with `x-`.",
    context: { resource, hint: place, problem },
  });
}
