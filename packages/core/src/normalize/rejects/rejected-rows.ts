import { BytesBuilder, type ColumnBuilder, Int64Builder } from "../../columns/column-builder.js";
import { readValue } from "../../columns/column-reader.js";
import type { Column, TableBatch } from "../../contract/batch.js";
import type { Rejection } from "../../contract/normalizer.js";
import type { Schema } from "../../contract/schema.js";
import type { JsonValue } from "../../json/value.js";
import { rejectsTable } from "../../schema/system-tables.js";
import type { RowLinks } from "../row-ids.js";
import { RowTable } from "../row-table.js";
import { formatNestedOrigin, type NestedOrigin, type RowOrigin } from "./row-origin.js";

/** A row that hung below a row of the same chunk: its links are known once the rows above have their ids. */
interface HangingRow {
  /** Stands in for the table of the row, with the rejected rows alone. */
  readonly table: RowTable;
  readonly row: number;
  readonly parent: string;
  readonly level: number;
  /** Handed down from rows above, other than ids. */
  readonly inherited: ReadonlyMap<string, JsonValue>;
}

interface RejectedRow {
  /** Row of the chunk that it belongs to. */
  readonly rootRow: number;
  readonly table: string;
  readonly rowNumber: number;
  readonly path: string;
  readonly rejection: Rejection;
  readonly json: string;
  readonly nested: NestedOrigin | HangingRow | null;
}

/** Where a row was to hang below a row of the same chunk. */
export interface HangingPlace {
  readonly table: RowTable;
  readonly parent: RowTable;
  readonly parentRow: number;
  readonly listIndex: number;
  readonly level: number;
  readonly inherited: ReadonlyMap<string, JsonValue>;
}

/** The rows of a chunk that were rejected, on their way into `_dlt_rejects`. */
export class RejectedRows {
  private readonly pipelineName: string;
  private rows: RejectedRow[] = [];
  private readonly standIns = new Map<string, RowTable>();

  constructor(pipelineName: string) {
    this.pipelineName = pipelineName;
  }

  /** Notes a root row, or one that was rejected before and comes with its origin. `json` is what was given. */
  add(
    row: { readonly rootRow: number; readonly table: string; readonly json: string; readonly origin: RowOrigin },
    rejection: Rejection,
  ): void {
    const { rootRow, table, json, origin } = row;
    const { rowNumber, path, nested } = origin;
    this.rows.push({ rootRow, table, rowNumber, path, rejection, json, nested });
  }

  /** Notes an element of a list whose row is read in this chunk. */
  addHanging(
    row: {
      readonly rootRow: number;
      readonly json: string;
      readonly rowNumber: number;
      readonly path: string;
      readonly place: HangingPlace;
    },
    rejection: Rejection,
  ): void {
    const { rootRow, json, rowNumber, path, place } = row;
    const { name } = place.table;
    const table = this.standIn(place);
    const hanging = {
      table,
      row: table.addRowBelow(place.parent, place.parentRow, place.listIndex, rootRow),
      parent: place.parent.name,
      level: place.level,
      inherited: place.inherited,
    };
    this.rows.push({ rootRow, table: name, rowNumber, path, rejection, json, nested: hanging });
  }

  /** Of root rows and of rows below them, so far. */
  get count(): number {
    return this.rows.length;
  }

  /** Forgets what was noted after the first rows, none of which hung below a row of the chunk. */
  cutTo(count: number): void {
    this.rows.length = count;
  }

  /** Forgets what belongs to a root row. */
  rollBack(rootRow: number): void {
    while (this.rows.at(-1)?.rootRow === rootRow) this.rows.pop();
    for (const table of this.standIns.values()) table.rollBack(rootRow);
  }

  /** The rows as a batch of `_dlt_rejects`, and forgets them; `null` when there are none. `links` are those of the rows read so far. */
  take(schema: Schema, links: RowLinks): TableBatch | null {
    const { rows, standIns } = this;
    if (rows.length === 0) return null;
    const linksOf = new Map([...standIns.values()].map((table) => [table, links.columns(table)]));
    const own = new RowTable(schema.system.rejectsTable, [schema.system.rejectsTable]);
    const builders = columnBuilders(schema);
    const textOf = repeatedTexts();
    for (const { table, rowNumber, path, rejection, json, nested } of rows) {
      const row = own.addRow(-1, 0, own.rowCount);
      const origin = nested !== null && "table" in nested ? nestedOrigin(schema, nested, linksOf) : nested;
      const values = [
        textOf(this.pipelineName),
        textOf(schema.name),
        textOf(table),
        rowNumber,
        encoder.encode(path),
        rejection.column === null ? null : textOf(rejection.column),
        textOf(rejection.code),
        textOf(rejection.reason),
        encoder.encode(json),
        origin === null ? null : encoder.encode(formatNestedOrigin(origin)),
      ];
      for (const [index, value] of values.entries()) setScalar(builders[index], row, value);
    }
    const columns = [...builders.map((builder) => builder.finish(rows.length)), ...links.columns(own)];
    this.rows = [];
    standIns.clear();
    return { table: own.name, batch: { rowCount: rows.length, columns } };
  }

  private standIn({ table, parent }: HangingPlace): RowTable {
    const known = this.standIns.get(table.name) ?? new RowTable(table.name, table.path);
    this.standIns.set(table.name, known);
    if (!known.parents.includes(parent)) known.parents.push(parent);
    return known;
  }
}

/** Builders of the columns that are not links, in the order of the table. */
function columnBuilders({ naming }: Schema): readonly (BytesBuilder | Int64Builder)[] {
  return [...rejectsTable.columns.values()]
    .filter(({ name }) => !name.startsWith("_dlt_"))
    .map((column) => {
      const name = naming.normalizeIdentifier(column.name);
      return column.dataType === "bigint"
        ? new Int64Builder(name, { dataType: "bigint" })
        : new BytesBuilder(name, { dataType: "text" });
    });
}

function setScalar(builder: ColumnBuilder | undefined, row: number, value: Uint8Array | number | null): void {
  if (builder instanceof Int64Builder && typeof value === "number") builder.setNumber(row, value);
  else if (builder instanceof BytesBuilder && value instanceof Uint8Array) builder.set(row, value);
}

/** Encodes texts of which there are few. */
function repeatedTexts(): (text: string) => Uint8Array {
  const encoded = new Map<string, Uint8Array>();
  return (text) => {
    const known = encoded.get(text) ?? encoder.encode(text);
    encoded.set(text, known);
    return known;
  };
}

function nestedOrigin(
  { system }: Schema,
  { table, row, parent, level, inherited: values }: HangingRow,
  linksOf: ReadonlyMap<RowTable, readonly Column[]>,
): NestedOrigin {
  const columns = new Map<string, JsonValue>();
  const inherited = new Map<string, JsonValue>(values);
  const links = linksOf.get(table) ?? [];
  // A table with keys of its own has an id and a load id of its own, made when the row is loaded.
  const isNested = links.some(({ name }) => name === system.parentId);
  for (const column of links) {
    const value = readValue(column, row);
    if (value === null) continue;
    const isOwn = [system.id, system.parentId, system.listIdx, system.loadId].includes(column.name);
    if (isOwn && !isNested) continue;
    (isOwn ? columns : inherited).set(column.name, typeof value === "bigint" ? Number(value) : String(value));
  }
  return { place: { parent, tablePath: table.path, level }, columns, inherited };
}

const encoder = new TextEncoder();
