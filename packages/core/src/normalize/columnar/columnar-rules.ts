import { isSet } from "../../columns/bitmap.js";
import { firstMissingRow } from "../../columns/first-row.js";
import { indexedValues } from "../../columns/indexed-values.js";
import { keepRows } from "../../columns/keep-rows.js";
import type { Column, ColumnBatch, ColumnType, TableBatch } from "../../contract/batch.js";
import type { ChunkResult, ColumnKey, RawChunk } from "../../contract/normalizer.js";
import type { ColumnSchema, PartialTable } from "../../contract/schema.js";
import { SchemaError } from "../../errors/index.js";
import { type ContractFilter, evaluateContract } from "../../schema/contract/evaluate.js";
import { resolveContract } from "../../schema/contract/resolve.js";
import { completeColumn, inferColumn, newRootTable } from "../../schema/infer-column.js";
import { hasCompleteColumns, isComplete } from "../../schema/predicates.js";
import type { NormalizeState } from "../state.js";
import { fitColumn } from "./fit-column.js";
import { isReplaced, linkColumns, newLinkColumns } from "./link-columns.js";
import { nameColumns } from "./name-columns.js";
import { typeDiffers } from "./type-differs.js";

/** What a batch asks of its table, before the contract was asked. */
interface Demand {
  /** Columns of the batch, converted where the table has them otherwise. */
  readonly columns: readonly Column[];
  /** Columns that the table lacks, or has narrower, or in a type that the batch's does not fit. */
  readonly changes: ReadonlyMap<string, ColumnSchema>;
  /** The errors for columns that do not fit, thrown if the contract lets them pass. */
  readonly misfits: ReadonlyMap<string, SchemaError>;
}

/**
 * The rules for batches of columns. They pass through as they are: names are normalized, types are held against the table and the
 * contract, and values are only looked at where a type differs. Nested values stay documents, and nothing becomes a variant.
 */
export class ColumnarRules {
  private readonly state: NormalizeState;
  /** Columns that got their type from a batch of this package. Nothing at the destination has it yet. */
  private readonly widenable: Set<string>;

  constructor(state: NormalizeState) {
    this.state = state;
    this.widenable = new Set(state.run.widenable?.map(keyText));
  }

  /**
   * Normalizes a chunk that holds a batch.
   *
   * @throws SchemaError `COLUMN_NAMES_COLLIDE`, `COLUMN_TYPE_DIFFERS`, `COLUMN_NULL_REFUSED`; SchemaContractError
   */
  normalize(chunk: RawChunk, given: ColumnBatch, take: (batch: TableBatch) => void): ChunkResult {
    const { state } = this;
    const { table } = chunk;
    state.rowNumber = chunk.firstRow;
    const named = this.withoutFiltered(table, nameColumns(state, table, given));
    const demand = this.demandOf(chunk, named);
    const batch = this.extend(chunk, { ...named, columns: demand.columns }, demand);
    const known = state.schema.tables.get(table);
    // Rows without any column cannot be stored.
    const isTaken = batch !== null && known !== undefined && hasCompleteColumns(known);
    if (isTaken) {
      this.refuseNulls(chunk, batch);
      state.columnarTables.add(table);
      take({ table, batch: { ...batch, columns: [...batch.columns, ...linkColumns(state, chunk, batch)] } });
    }
    return {
      update: state.update,
      touched: [table],
      nullOnly: this.nullOnly(table, named),
      integers: [],
      becameDouble: [],
      widenable: this.typedColumns(table),
      rowCounts: isTaken ? { [table]: batch.rowCount } : {},
    };
  }

  /** Takes out what the `filters` of the table leave out, and what the library fills itself. */
  private withoutFiltered(table: string, batch: ColumnBatch): ColumnBatch {
    const keep = this.state.rowFilter(table);
    const columns = batch.columns.filter(
      ({ name }) => (keep === null || keep(name)) && !isReplaced(this.state, table, name),
    );
    return columns.length === batch.columns.length ? batch : { ...batch, columns };
  }

  private demandOf(chunk: RawChunk, batch: ColumnBatch): Demand {
    const { state } = this;
    const { table } = chunk;
    const changes = new Map<string, ColumnSchema>();
    const misfits = new Map<string, SchemaError>();
    const columns = batch.columns.map((column) => {
      const { name } = column;
      const existing = state.columnOf(table, name);
      const stored = isComplete(existing) ? existing : completeColumn(existing, this.infer(column));
      if (!isComplete(existing)) changes.set(name, stored);
      if (!isComplete(stored)) return column;
      const fit = fitColumn(state, column, stored, batch.rowCount);
      if (fit.outcome === "fits") return fit.column;
      const change = fit.wider ?? { ...this.infer(column), nullable: stored.nullable ?? true };
      changes.set(name, change);
      if (fit.wider === null || !this.widenable.has(keyText([table, name])))
        misfits.set(name, typeDiffers(state, chunk, { column, stored, row: fit.row }));
      return column;
    });
    for (const column of newLinkColumns(state, table)) changes.set(column.name, column);
    return { columns, changes, misfits };
  }

  private infer(column: Column): ColumnSchema {
    const { run, settings, precisions } = this.state;
    const { name, type } = column;
    // Naive timestamps count as UTC unless the column is declared otherwise.
    const { dataType, precision, scale } =
      type.dataType === "decimal" ? withDigits(column, run.decimalPrecision[1]) : type;
    const known = {
      name,
      dataType,
      ...(precision !== undefined && { precision }),
      ...(scale !== undefined && { scale }),
    };
    return inferColumn(settings, known, precisions);
  }

  /** Adds and widens columns as far as the contract allows, and takes from the batch what it refuses; `null`: all of it. */
  private extend(chunk: RawChunk, batch: ColumnBatch, { changes, misfits }: Demand): ColumnBatch | null {
    const { state } = this;
    const { table } = chunk;
    const existing = state.schema.tables.get(table);
    if (changes.size === 0 && existing !== undefined) return batch;
    const partial: PartialTable = { ...(existing ?? newRootTable(table)), columns: changes };
    const { partial: allowed, filters } = evaluateContract(
      state.schema,
      resolveContract(state.schema, table),
      partial,
      {
        row: state.rowNumber,
      },
    );
    if (allowed === null) return null;
    for (const [name, error] of misfits) if (allowed.columns.has(name)) throw error;
    if (allowed.columns.size > 0 || existing === undefined) state.extendSchema(allowed);
    const typed = batch.columns.filter(({ name }) => allowed.columns.has(name));
    for (const { name } of typed) this.widenable.add(keyText([table, name]));
    return withoutRefused(batch, filters);
  }

  /** @throws SchemaError `COLUMN_NULL_REFUSED` */
  private refuseNulls({ table, firstRow }: RawChunk, { rowCount, columns }: ColumnBatch): void {
    const { state } = this;
    for (const column of columns) {
      if (state.columnOf(table, column.name)?.nullable !== false) continue;
      const row = firstMissingRow(column, rowCount);
      if (row < 0) continue;
      throw new SchemaError(
        "COLUMN_NULL_REFUSED",
        `Column \`${table}.${column.name}\` is not nullable and row ${firstRow + row} has null there.`,
        {
          hint: "Declare the column with `nullable: true`, or give it a value before the batch is yielded.",
          context: { schema: state.schema.name, table, column: column.name, row: firstRow + row },
        },
      );
    }
  }

  private nullOnly(table: string, { nullColumns = [] }: ColumnBatch): readonly ColumnKey[] {
    return nullColumns.flatMap((name): ColumnKey[] =>
      isComplete(this.state.columnOf(table, name)) ? [] : [[table, name]],
    );
  }

  private typedColumns(table: string): readonly ColumnKey[] {
    return this.state.update.flatMap(({ columns }) =>
      [...columns.keys()]
        .filter((name) => this.widenable.has(keyText([table, name])))
        .map((name) => [table, name] as const),
    );
  }
}

/** The type of decimals with the digits that their memory has, where those are not told and no default. */
function withDigits(column: Column, defaultScale: number): ColumnType {
  const { type } = column;
  const values = column.layout === "dictionary" ? indexedValues(column, 0).values : column;
  if (values.layout !== "decimal128" || type.scale !== undefined) return type;
  if (type.precision === undefined && values.scale <= defaultScale) return type;
  return { ...type, precision: type.precision ?? maxDigits, scale: values.scale };
}

/** Digits of a decimal that 128 bits hold. */
const maxDigits = 38;

function keyText([table, column]: ColumnKey): string {
  return `${table}\0${column}`;
}

/** The batch without refused columns, and without the rows that have a value in one whose rows are refused. */
function withoutRefused(batch: ColumnBatch, filters: readonly ContractFilter[]): ColumnBatch {
  if (filters.length === 0) return batch;
  const refused = new Map(filters.map(({ name, mode }) => [name, mode]));
  const rowColumns = batch.columns.filter(({ name }) => refused.get(name) === "discard_row");
  const hasValue = rowColumns.map((column) => valueTest(column, batch.rowCount));
  const kept = hasValue.length === 0 ? batch : keepRows(batch, (row) => hasValue.every((isPresent) => !isPresent(row)));
  return { ...kept, columns: kept.columns.filter(({ name }) => !refused.has(name)) };
}

function valueTest(column: Column, rowCount: number): (row: number) => boolean {
  if (column.layout !== "dictionary") return (row) => isSet(column.validity, row);
  const { indices } = indexedValues(column, rowCount);
  return (row) => indices === null || (indices[row] as number) >= 0;
}
