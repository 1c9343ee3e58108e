import type { ColumnBuilder } from "../columns/column-builder.js";
import type { ColumnOrigin } from "../contract/column-origin.js";
import type { ColumnKey, NormalizeRun, RawChunk } from "../contract/normalizer.js";
import type { ColumnSchema, DataType, PartialTable, Schema, TableSchema } from "../contract/schema.js";
import type { ContractFilter } from "../schema/contract/evaluate.js";
import { type TypePrecisions, variantName } from "../schema/infer-column.js";
import { isComplete, isDltColumn, isNested } from "../schema/predicates.js";
import { type ColumnFilter, compileFilters } from "../schema/row-filters.js";
import { type CompiledSettings, compileSettings } from "../schema/settings.js";
import { updateTable } from "../schema/update-table.js";
import { type Coercion, coerce } from "../values/coerce.js";
import type { DataValue } from "../values/data-value.js";
import { isWithinUtcYears, Timestamp } from "../values/timestamp.js";
import { type ContentIdKind, contentIdKind } from "./content-id.js";
import { needsText } from "./exact-text.js";
import { RejectedRows } from "./rejects/rejected-rows.js";
import type { RowTable } from "./row-table.js";
import { widerColumn } from "./wider-column.js";

/** What a session knows while it normalizes: the schema that grows with the data, what follows from it, and notes on the current chunk. */
export class NormalizeState {
  readonly run: NormalizeRun;
  readonly precisions: TypePrecisions;
  readonly settings: CompiledSettings;
  schema: Schema;
  /** Row of the resource that is being read, from 0; for messages. */
  rowNumber = 0;
  /** JSONPath of the row that is being read: not `$` for one that was rejected before as an element of a list. */
  rowPath = "$";
  /** Added by the current chunk, in order. */
  update: PartialTable[] = [];
  /** Columns that the current chunk made bigint because of integral JavaScript numbers. */
  newIntegers: ColumnKey[] = [];
  /** Columns made bigint for that reason, now or by an earlier chunk, that met a fraction. */
  becameDouble: ColumnKey[] = [];
  /** Tables of this package with rows that came as columns, and so may be without the columns of the library. */
  readonly columnarTables: Set<string>;
  /** What decided the types of the columns that the current chunk added. */
  origins: ColumnOrigin[] = [];
  /** Rejected rows of the current chunk; `null` when they are not kept. */
  rejects: RejectedRows | null = null;
  private numbers: RawChunk["numbers"] = "text";
  /** Values are converted to the types of their columns; otherwise only identical types go together. */
  readonly converts: boolean;
  private readonly doubles: ReadonlySet<string>;
  private readonly integers: Set<string>;
  private readonly filters = new Map<string, Map<string, ContractFilter["mode"]>>();
  /** Column maps that only this session knows, by themselves. */
  private readonly ownColumns = new WeakMap<TableSchema["columns"], Map<string, ColumnSchema>>();
  /** The map of tables that only this session knows. */
  private ownTables = new Map<string, TableSchema>();
  private readonly required = new Map<
    string,
    { readonly columns: TableSchema["columns"]; readonly size: number; readonly names: readonly string[] }
  >();
  private readonly filterOf: ((table: string) => ColumnFilter | null) | null;

  constructor(schema: Schema, run: NormalizeRun) {
    this.schema = schema;
    this.run = run;
    this.precisions = run;
    this.converts = !schema.normalizers.json.module.endsWith(".relational_no_coercion");
    this.settings = compileSettings(schema);
    this.filterOf = compileFilters(schema);
    this.columnarTables = new Set(run.widenable?.map(([table]) => table));
    this.doubles = new Set(run.doubles.map(keyText));
    this.integers = new Set(run.integers.map(keyText));
  }

  startChunk(numbers: RawChunk["numbers"]): void {
    this.numbers = numbers;
    this.rowPath = "$";
    this.update = [];
    this.newIntegers = [];
    this.becameDouble = [];
    this.origins = [];
    this.rejects = (this.run.rejects ?? "none") === "none" ? null : new RejectedRows(this.run.pipelineName ?? "");
  }

  /** Converts a value for a column, as far as the normalizer of the schema converts at all. */
  convert(value: DataValue, from: DataType, to: DataType): Coercion {
    const converted: Coercion = from === to || this.converts ? coerce(value, from, to) : { outcome: "failure" };
    // Columns hold instants, and these have to have a year in UTC.
    const isOutside =
      to === "timestamp" &&
      converted.outcome === "value" &&
      converted.value instanceof Timestamp &&
      !isWithinUtcYears(converted.value);
    return isOutside ? { outcome: "failure" } : converted;
  }

  columnOf(table: string, column: string): ColumnSchema | undefined {
    return this.schema.tables.get(table)?.columns.get(column);
  }

  /**
   * Columns of a table that every row has to have a value for, where a row without one is to be rejected: those that are declared
   * without nulls. Otherwise the load file refuses such rows.
   */
  requiredColumns(table: string): readonly string[] {
    const columns = this.run.rejects === "failing" ? this.schema.tables.get(table)?.columns : undefined;
    if (columns === undefined) return [];
    const known = this.required.get(table);
    if (known?.columns === columns && known.size === columns.size) return known.names;
    const names = [...columns.values()]
      .filter((column) => isComplete(column) && column.nullable === false && !isDltColumn(this.schema, column.name))
      .map(({ name }) => name);
    this.required.set(table, { columns, size: columns.size, names });
    return names;
  }

  /** True for a value that its column cannot hold as it is: the column becomes wider, or the row is rejected. */
  isTooWide(table: string, builder: ColumnBuilder, value: DataValue): boolean {
    const { widensColumns, rejects } = this.run;
    if (widensColumns !== true && rejects !== "failing") return false;
    if (rejects === "failing" && needsText(builder, value)) return true;
    const known = this.columnOf(table, builder.name);
    if (!isComplete(known) || widerColumn(known, value, this.run) === null) return false;
    // Too long a text is the destination's to refuse.
    return widensColumns === true || known.dataType === "bigint";
  }

  /** True for rows that hang below others: also for a table that is new. False for one that has keys of its own. */
  isNested(table: RowTable): boolean {
    const known = this.schema.tables.get(table.name);
    return known === undefined ? table.parents.length > 0 || table.hangsElsewhere : isNested(known);
  }

  /** Which values of a row the rows below it repeat: column of the row, column of the rows below. */
  propagated(table: RowTable): readonly (readonly [from: string, to: string])[] {
    const propagation = this.schema.normalizers.json.config?.propagation;
    if (!propagation) return [];
    const own = Object.entries(propagation.tables?.[table.name] ?? {});
    return this.isNested(table) ? own : Object.entries({ ...propagation.root, ...Object.fromEntries(own) });
  }

  contentIdKind(table: RowTable): ContentIdKind | null {
    return this.isNested(table) ? null : contentIdKind(this.schema, table.name);
  }

  hasRowFilters(): boolean {
    return this.filterOf !== null;
  }

  rowFilter(table: string): ColumnFilter | null {
    return this.filterOf === null ? null : this.filterOf(table);
  }

  columnFilter(table: string, column: string): ContractFilter["mode"] | undefined {
    return this.filters.get(table)?.get(column);
  }

  addFilters(table: string, filters: readonly ContractFilter[]): void {
    if (filters.length === 0) return;
    const known = this.filters.get(table) ?? new Map<string, ContractFilter["mode"]>();
    for (const { name, mode } of filters) known.set(name, mode);
    this.filters.set(table, known);
  }

  /** Merges new columns or a new table, whose names are normalized, and notes them for the result of the chunk. */
  extendSchema(partial: PartialTable): void {
    this.update.push(partial);
    const table = this.schema.tables.get(partial.name);
    // Nothing else follows from a new table that hangs below a row.
    if (table === undefined && partial.parent !== undefined) {
      this.setTable(partial);
      return;
    }
    const added = [...partial.columns.values()];
    if (table === undefined || added.some(({ name, rootKey }) => rootKey || table.columns.has(name))) {
      this.schema = updateTable(this.schema, partial, { normalizeIdentifiers: false });
      return;
    }
    // Plain additions go into a map of the session's own: a copy for each would cost the square of their number.
    let columns = this.ownColumns.get(table.columns);
    if (columns === undefined) {
      columns = new Map(table.columns);
      this.ownColumns.set(columns, columns);
      this.setTable({ ...table, columns });
    }
    for (const column of added) columns.set(column.name, column);
  }

  /** Adds or replaces a table as it is, in a map of the session's own for the same reason. */
  private setTable(table: TableSchema): void {
    if (this.ownTables !== this.schema.tables) {
      this.ownTables = new Map(this.schema.tables);
      this.schema = { ...this.schema, tables: this.ownTables };
    }
    this.ownTables.set(table.name, table);
  }

  /** Name of the column for values that do not fit `column`; `suffix` is their data type. */
  variantColumn(table: string, column: string, suffix: string): string {
    if (suffix === "json") {
      // Schemas of early versions name the type of documents so.
      const early = this.schema.naming.shortenFragments(column, "v_complex");
      if (isComplete(this.columnOf(table, early))) return early;
    }
    return variantName(this.schema.naming, column, suffix);
  }

  /** Notes a column that was made for an integral JavaScript number: a later fraction tells that it was a double all along. */
  noteInteger(key: ColumnKey): void {
    if (this.numbers !== "objects") return;
    this.newIntegers.push(key);
    this.integers.add(keyText(key));
  }

  noteFraction(key: ColumnKey): void {
    // Once is enough: what follows in this session is void.
    if (this.numbers === "objects" && this.integers.delete(keyText(key))) this.becameDouble.push(key);
  }

  isDouble(table: string, column: string): boolean {
    return this.numbers === "objects" && this.doubles.has(keyText([table, column]));
  }
}

function keyText([table, column]: ColumnKey): string {
  return `${table}\0${column}`;
}
