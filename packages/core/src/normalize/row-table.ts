import { type BytesBuilder, type ColumnBuilder, Int64Builder } from "../columns/column-builder.js";
import type { DataValue } from "../values/data-value.js";
import { isNumberBuilder, type NumberBuilder, needsText, numbersAsText } from "./exact-text.js";
import type { PlanField, PlanList } from "./plan.js";
import { retypeBuilder } from "./retype-builder.js";

/**
 * The rows of one table while a chunk is normalized: a builder per column, and for each row the row it hangs below and its
 * place in the list. Ids are not made here: they follow from these links once the rows are complete.
 */
export class RowTable {
  readonly name: string;
  /** Tables whose rows hold the lists that these rows are elements of: none for a root table, nearly always one for others. */
  readonly parents: RowTable[] = [];
  /** The rows hang below rows that were loaded before and are not here. */
  readonly hangsElsewhere: boolean;
  /** Normalized path from the root table, the table's own name being its joined form. */
  readonly path: readonly string[];
  rowCount = 0;
  readonly columns = new Map<string, ColumnBuilder>();
  /** Row of the parent table; -1 in a root table. */
  parentRows = new Int32Array(32);
  /** Builders of numbers that text stands in for, until the table is emptied. */
  private readonly replaced: NumberBuilder[] = [];
  /** Rows of other parent tables than the first. */
  private readonly otherParents = new Map<number, RowTable>();
  listIndexes = new Int32Array(32);
  /** Ids that came with the data or are hashes of it, by row. A nested row with such an id does not tell its parent and its place. */
  readonly givenIds = new Map<number, string>();
  /** Fields by the column they fill: usually one each. */
  readonly fields = new Map<string, PlanField[]>();
  /** The contract refuses the table: no row is taken, and nothing below it. */
  refused = false;
  /** The one place whose lists fill this table. */
  list: PlanList | null = null;
  /** Number of the root row that last added rows here, and the row count before it did. */
  private mark = 0;
  private markedIn = -1;

  constructor(name: string, path: readonly string[], hangsElsewhere = false) {
    this.name = name;
    this.path = path;
    this.hangsElsewhere = hangsElsewhere;
  }

  /** The table that a row hangs below; null in a root table. */
  parentOf(row: number): RowTable | null {
    return this.otherParents.get(row) ?? this.parents[0] ?? null;
  }

  /** True when rows of this chunk hang below more than one table. */
  get hasOtherParents(): boolean {
    return this.otherParents.size > 0;
  }

  /** Adds a row below a row of any of the parent tables, as `addRow` does. */
  addRowBelow(parent: RowTable, parentRow: number, listIndex: number, rootRow: number): number {
    const row = this.addRow(parentRow, listIndex, rootRow);
    if (parent !== this.parents[0]) this.otherParents.set(row, parent);
    return row;
  }

  /** Adds a row below a row of the first parent table. It belongs to root row number `rootRow`. Gives its index. */
  addRow(parentRow: number, listIndex: number, rootRow: number): number {
    if (this.markedIn !== rootRow) {
      this.markedIn = rootRow;
      this.mark = this.rowCount;
    }
    const row = this.rowCount;
    if (row >= this.parentRows.length) {
      this.parentRows = grown(this.parentRows);
      this.listIndexes = grown(this.listIndexes);
    }
    this.parentRows[row] = parentRow;
    this.listIndexes[row] = listIndex;
    this.rowCount = row + 1;
    return row;
  }

  /** True when every row that root row number `rootRow` added has a value in these columns. */
  hasValues(rootRow: number, columns: readonly string[]): boolean {
    if (this.markedIn !== rootRow) return true;
    for (const name of columns) {
      const builder = this.columns.get(name);
      for (let row = this.mark; row < this.rowCount; row++) if (builder?.has(row) !== true) return false;
    }
    return true;
  }

  /** Takes back the rows that root row number `rootRow` added. */
  rollBack(rootRow: number): void {
    if (this.markedIn !== rootRow) return;
    this.markedIn = -1;
    this.cutTo(this.mark);
  }

  private cutTo(rowCount: number): void {
    // Looked up row by row: going through all that earlier rows noted would cost the square of their number.
    for (let row = rowCount; row < this.rowCount; row++) {
      this.givenIds.delete(row);
      this.otherParents.delete(row);
    }
    this.rowCount = rowCount;
    for (const builder of this.columns.values()) builder.truncate(rowCount);
  }

  /** The builder of a column that takes a value: usually `builder`. */
  builderFor(builder: ColumnBuilder, value: DataValue): ColumnBuilder {
    if (!needsText(builder, value)) return builder;
    const texts = numbersAsText(builder);
    this.replaced.push(builder);
    this.replaceBuilder(builder, texts);
    return texts;
  }

  /** Gives a column a wider type: `empty` is a builder of it. */
  retype(empty: ColumnBuilder): void {
    const before = this.columns.get(empty.name);
    if (before === undefined) return;
    const standsIn = this.replaced.findIndex(({ name }) => name === empty.name);
    if (standsIn >= 0 && isNumberBuilder(empty)) this.replaced[standsIn] = empty;
    this.columns.set(empty.name, retypeBuilder(before, empty));
  }

  /** Notes which field fills a column; fields that share one are marked. */
  claimColumn(field: PlanField): void {
    const others = this.fields.get(field.column);
    if (others === undefined) {
      this.fields.set(field.column, [field]);
      return;
    }
    others.push(field);
    field.shared = true;
    if (others.length === 2) for (const each of others) each.shared = true;
  }

  /** Empties the table for the next chunk; builders keep their buffers. */
  reset(): void {
    this.rowCount = 0;
    this.markedIn = -1;
    this.givenIds.clear();
    this.otherParents.clear();
    for (const numbers of this.replaced.splice(0)) this.replaceBuilder(this.columns.get(numbers.name), numbers);
    for (const builder of this.columns.values()) builder.reset();
  }

  private replaceBuilder(before: ColumnBuilder | undefined, after: NumberBuilder | BytesBuilder): void {
    this.columns.set(after.name, after);
    for (const field of this.fields.get(after.name) ?? []) {
      if (field.builder !== before) continue;
      field.builder = after;
      field.integer = after instanceof Int64Builder ? after : null;
    }
  }
}

function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(values.length * 2);
  larger.set(values);
  return larger;
}
