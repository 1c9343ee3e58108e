import { isSet } from "../../columns/bitmap.js";
import { firstMissingRow } from "../../columns/first-row.js";
import { indexedValues } from "../../columns/indexed-values.js";
import { keepRows } from "../../columns/keep-rows.js";
import { sliceBatch } from "../../columns/slice-batch.js";
import type { Column, ColumnBatch, ColumnType, TableBatch } from "../../contract/batch.js";
import type { ChunkResult, ColumnKey, RawChunk, Rejection } from "../../contract/normalizer.js";
import type { ColumnSchema, PartialTable, TableSchema } from "../../contract/schema.js";
import { SchemaError } from "../../errors/index.js";
import { rowsOfBatch } from "../../reading/rows-of-batch.js";
import { contractRejection } from "../../schema/contract/error.js";
import { type ContractFilter, evaluateContract } from "../../schema/contract/evaluate.js";
import { resolveContract } from "../../schema/contract/resolve.js";
import { completeColumn, inferColumn, newRootTable } from "../../schema/infer-column.js";
import { hasCompleteColumns, isComplete, isDltColumn } from "../../schema/predicates.js";
import { formatRow } from "../rejects/row-origin.js";
import { rowRejection } from "../rejects/row-rejection.js";
import type { NormalizeState } from "../state.js";
import { widerDecision } from "../wider-column.js";
import type { BatchPiece } from "./batch-piece.js";
import { fitColumn } from "./fit-column.js";
import { isReplaced, linkColumns, newLinkColumns, rootLinks } from "./link-columns.js";
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
    const { table, index, firstRow, rejected } = chunk;
    const rowCounts: Record<string, number> = {};
    const give = (batch: TableBatch): void => {
      rowCounts[batch.table] = (rowCounts[batch.table] ?? 0) + batch.batch.rowCount;
      take(batch);
    };
    const nullOnly = new Map<string, ColumnKey>();
    if (rejected !== undefined) this.reject({ table, firstRow, place: `${index}` }, given, rejected);
    // Of a piece with a row that no column can take, the halves are tried: what is left at the end is that row.
    const waiting = rejected === undefined ? [{ from: 0, batch: given }] : [];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { from, batch } = next;
      const { rowCount } = batch;
      const piece = { table, firstRow: firstRow + from, place: from === 0 ? `${index}` : `${index}.${from}` };
      const rejectedBefore = state.rejects?.count ?? 0;
      try {
        for (const key of this.addPiece(piece, batch, give)) nullOnly.set(keyText(key), key);
      } catch (error) {
        const rejection = state.run.rejects === "failing" ? rowRejection(error) : null;
        if (rejection === null) throw error;
        // What the contract rejects of the piece is found again in its halves.
        state.rejects?.cutTo(rejectedBefore);
        const half = rowCount >> 1;
        if (half === 0) this.reject(piece, batch, rejection);
        else {
          waiting.push({ from: from + half, batch: sliceBatch(batch, half, rowCount) });
          waiting.push({ from, batch: sliceBatch(batch, 0, half) });
        }
      }
    }
    const rejects = state.rejects?.take(state.schema, rootLinks(state, `${index}`)) ?? null;
    if (rejects !== null) give(rejects);
    return {
      update: state.update,
      touched: [table],
      nullOnly: [...nullOnly.values()].filter(([, column]) => !isComplete(state.columnOf(table, column))),
      integers: [],
      becameDouble: [],
      widenable: this.typedColumns(table),
      origins: state.origins,
      rowCounts,
    };
  }

  /** Gives the columns that have no value and no type. */
  private addPiece(piece: BatchPiece, given: ColumnBatch, give: (batch: TableBatch) => void): readonly ColumnKey[] {
    const { state } = this;
    const { table } = piece;
    state.rowNumber = piece.firstRow;
    const named = this.withoutFiltered(table, nameColumns(state, table, given));
    const demand = this.demandOf(piece, named);
    const batch = this.extend(piece, { named: { ...named, columns: demand.columns }, given }, demand);
    const known = state.schema.tables.get(table);
    // Rows without any column cannot be stored.
    if (batch !== null && known !== undefined && hasCompleteColumns(known)) {
      this.refuseNulls(piece, batch);
      state.columnarTables.add(table);
      give({ table, batch: { ...batch, columns: [...batch.columns, ...linkColumns(state, piece, batch)] } });
    }
    return (named.nullColumns ?? []).map((name) => [table, name] as const);
  }

  /** Takes out what the `filters` of the table leave out, and what the library fills itself. */
  private withoutFiltered(table: string, batch: ColumnBatch): ColumnBatch {
    const keep = this.state.rowFilter(table);
    const columns = batch.columns.filter(
      ({ name }) => (keep === null || keep(name)) && !isReplaced(this.state, table, name),
    );
    return columns.length === batch.columns.length ? batch : { ...batch, columns };
  }

  private demandOf(piece: BatchPiece, batch: ColumnBatch): Demand {
    const { state } = this;
    const { table } = piece;
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
      const mayWiden = state.run.widensColumns === true || this.widenable.has(keyText([table, name]));
      if (fit.wider === null || !mayWiden)
        misfits.set(name, typeDiffers(state, piece, { column, stored, row: fit.row }));
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
  private extend(
    piece: BatchPiece,
    { named, given }: { readonly named: ColumnBatch; readonly given: ColumnBatch },
    { changes, misfits }: Demand,
  ): ColumnBatch | null {
    const { state } = this;
    const { table } = piece;
    const existing = state.schema.tables.get(table);
    if (changes.size === 0 && existing !== undefined) return named;
    const partial: PartialTable = { ...(existing ?? newRootTable(table)), columns: changes };
    const contract = resolveContract(state.schema, table);
    const { partial: allowed, filters } = evaluateContract(state.schema, contract, partial, { row: state.rowNumber });
    if (allowed === null) {
      if (state.rejects !== null)
        this.reject(piece, given, contractRejection(state.schema, contract, { table, entity: "tables" }));
      return null;
    }
    for (const [name, error] of misfits) if (allowed.columns.has(name)) throw error;
    if (allowed.columns.size > 0 || existing === undefined) state.extendSchema(allowed);
    this.noteOrigins(table, existing, allowed);
    const typed = named.columns.filter(({ name }) => allowed.columns.has(name));
    for (const { name } of typed) this.widenable.add(keyText([table, name]));
    const refused = refusedRows(named, filters);
    if (state.rejects !== null) {
      for (const [row, { name, rule }] of refused) {
        const column = changes.get(name);
        const before = existing?.columns.get(name);
        const violation = { table, entity: rule, ...(column && { column }), before };
        this.reject(
          { ...piece, firstRow: piece.firstRow + row },
          sliceBatch(given, row, row + 1),
          contractRejection(state.schema, contract, violation),
        );
      }
    }
    const lost = new Set(filters.map(({ name }) => name));
    const kept = refused.size === 0 ? named : keepRows(named, (row) => !refused.has(row));
    return { ...kept, columns: kept.columns.filter(({ name }) => !lost.has(name)) };
  }

  private noteOrigins(table: string, existing: TableSchema | undefined, added: PartialTable): void {
    const { state } = this;
    for (const column of added.columns.values()) {
      const before = existing?.columns.get(column.name);
      const { dataType, name } = column;
      if (!dataType || isDltColumn(state.schema, name)) continue;
      const decision = isComplete(before) ? widerDecision(before, column) : ({ kind: "columns" } as const);
      state.origins.push({ table, column: name, dataType, decision, row: state.rowNumber });
    }
  }

  /** Notes all rows of a piece as rejected. */
  private reject({ table, firstRow }: BatchPiece, given: ColumnBatch, rejection: Rejection): void {
    for (const [row, values] of rowsOfBatch(given, { plain: false }).entries()) {
      const origin = { rowNumber: firstRow + row, path: "$", nested: null };
      this.state.rejects?.add({ rootRow: row, table, json: formatRow(values), origin }, rejection);
    }
  }

  /** @throws SchemaError `COLUMN_NULL_REFUSED` */
  private refuseNulls({ table, firstRow }: BatchPiece, { rowCount, columns }: ColumnBatch): void {
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

/** Rows that have a value in a column whose rows are discarded, each with the first filter that says so. */
function refusedRows(batch: ColumnBatch, filters: readonly ContractFilter[]): ReadonlyMap<number, ContractFilter> {
  const refused = new Map<number, ContractFilter>();
  for (const filter of filters) {
    const column = filter.mode === "discard_row" ? batch.columns.find(({ name }) => name === filter.name) : undefined;
    if (column === undefined) continue;
    const hasValue = valueTest(column, batch.rowCount);
    for (let row = 0; row < batch.rowCount; row++) if (hasValue(row) && !refused.has(row)) refused.set(row, filter);
  }
  return refused;
}

function valueTest(column: Column, rowCount: number): (row: number) => boolean {
  if (column.layout !== "dictionary") return (row) => isSet(column.validity, row);
  const { indices } = indexedValues(column, rowCount);
  return (row) => indices === null || (indices[row] as number) >= 0;
}
