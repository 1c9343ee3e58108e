import type { Column } from "../contract/batch.js";
import type { SystemNames } from "../contract/schema.js";
import { encodeBase64Into } from "../hash/base64.js";
import { Shake128Stream, shake128Into } from "../hash/keccak.js";
import { setBits } from "../columns/bitmap.js";
import type { RowTable } from "./row-table.js";

/** Random bytes of a row id, and its length as base64 without padding. */
const idBytes = 10;
const idLength = 14;
const text = { dataType: "text" } as const;
const encoder = new TextEncoder();

/** Ids of the rows of one table, one behind the other. */
interface RowIds {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
}

export interface IdContext {
  readonly names: SystemNames;
  readonly loadId: string;
  readonly idSeed: Uint8Array;
  readonly chunkIndex: number;
  /** Whether the rows of a table hang below rows of another; otherwise they carry the load id and an id of their own. */
  isNested(table: RowTable): boolean;
  /** Columns that hold the id of an ancestor row, such as `_dlt_root_id`: column and the table of the ancestor. */
  ancestorColumns(table: RowTable): readonly (readonly [column: string, ancestor: RowTable])[];
}

/**
 * Makes the columns that link rows: `_dlt_load_id`, `_dlt_id`, `_dlt_parent_id`, `_dlt_list_idx` and those that repeat the id of an
 * ancestor. Root rows have random ids, nested ones the hash of parent id, table and list index, unless an id was given.
 */
export class RowLinks {
  private readonly context: IdContext;
  private readonly ids = new Map<RowTable, Column>();

  constructor(context: IdContext) {
    this.context = context;
  }

  /** The link columns of a table; tables above it come first. */
  columns(table: RowTable): Column[] {
    const { names, loadId } = this.context;
    const id = this.idColumn(table);
    const columns: Column[] = [];
    for (const [column, ancestor] of this.context.ancestorColumns(table)) {
      columns.push(this.reference(column, table, ancestor));
    }
    if (this.context.isNested(table) && table.parent !== null) {
      columns.push(this.reference(names.parentId, table, table.parent), listIndexes(names.listIdx, table));
    } else {
      columns.push(constant(names.loadId, loadId, table.rowCount));
    }
    columns.push(id);
    return columns;
  }

  private idColumn(table: RowTable): Column {
    const known = this.ids.get(table);
    if (known !== undefined) return known;
    const nested = this.context.isNested(table) && table.parent !== null;
    const made = nested ? this.nestedIds(table, this.idColumn(table.parent)) : this.randomIds(table);
    const { offsets, data } = table.givenIds.size === 0 ? made : withGivenIds(table, made);
    const column: Column = { name: this.context.names.id, type: text, validity: null, layout: "bytes", offsets, data };
    this.ids.set(table, column);
    return column;
  }

  private randomIds(table: RowTable): RowIds {
    const { idSeed, chunkIndex } = this.context;
    const place = encoder.encode(`\0${chunkIndex}\0${table.name}`);
    const seed = new Uint8Array(idSeed.length + place.length);
    seed.set(idSeed);
    seed.set(place, idSeed.length);
    const stream = new Shake128Stream(seed);
    const random = new Uint8Array(table.rowCount * idBytes);
    stream.read(random);
    const ids = emptyIds(table.rowCount);
    for (let row = 0; row < table.rowCount; row++) encodeBase64Into(random, row * idBytes, (row + 1) * idBytes, ids.data, row * idLength);
    return ids;
  }

  private nestedIds(table: RowTable, parents: Column): RowIds {
    if (parents.layout !== "bytes") return emptyIds(0);
    const ids = emptyIds(table.rowCount);
    const middle = encoder.encode(`_${table.name}_`);
    let message = new Uint8Array(256);
    const hash = new Uint8Array(idBytes);
    for (let row = 0; row < table.rowCount; row++) {
      const parent = table.parentRows[row] as number;
      if (parent < 0) continue;
      const from = parents.offsets[parent] as number;
      const to = parents.offsets[parent + 1] as number;
      const length = to - from + middle.length + 10;
      if (length > message.length) message = new Uint8Array(length * 2);
      let at = 0;
      for (let i = from; i < to; i++) message[at++] = parents.data[i] as number;
      for (let i = 0; i < middle.length; i++) message[at++] = middle[i] as number;
      at = writeDecimal(message, at, table.listIndexes[row] as number);
      shake128Into(message, 0, at, hash, 0, idBytes);
      encodeBase64Into(hash, 0, idBytes, ids.data, row * idLength);
    }
    return ids;
  }

  /** Ids of ancestor rows: the ancestor's own ids, looked up by row. */
  private reference(name: string, table: RowTable, ancestor: RowTable): Column {
    const rows = table.parentRows.slice(0, table.rowCount);
    for (let above = table.parent; above !== null && above !== ancestor; above = above.parent) {
      for (let row = 0; row < rows.length; row++) {
        const at = rows[row] as number;
        if (at >= 0) rows[row] = above.parentRows[at] as number;
      }
    }
    let validity: Uint8Array | null = null;
    for (let row = 0; row < rows.length; row++) {
      if ((rows[row] as number) >= 0) continue;
      validity ??= new Uint8Array((rows.length + 7) >> 3).fill(0xff);
      setBits(validity, row, row + 1, false);
      rows[row] = 0;
    }
    return { name, type: text, validity, layout: "dictionary", indices: rows, values: this.idColumn(ancestor) };
  }
}

function emptyIds(rowCount: number): RowIds {
  const offsets = new Int32Array(rowCount + 1);
  for (let row = 1; row <= rowCount; row++) offsets[row] = row * idLength;
  return { offsets, data: new Uint8Array(rowCount * idLength) };
}

function withGivenIds(table: RowTable, made: RowIds): RowIds {
  const given = new Map<number, Uint8Array>();
  let bytes = made.data.length;
  for (const [row, id] of table.givenIds) {
    const encoded = encoder.encode(id);
    given.set(row, encoded);
    bytes += encoded.length - idLength;
  }
  const offsets = new Int32Array(table.rowCount + 1);
  const data = new Uint8Array(bytes);
  let at = 0;
  for (let row = 0; row < table.rowCount; row++) {
    const id = given.get(row) ?? made.data.subarray(row * idLength, (row + 1) * idLength);
    data.set(id, at);
    at += id.length;
    offsets[row + 1] = at;
  }
  return { offsets, data };
}

function constant(name: string, value: string, rowCount: number): Column {
  const data = encoder.encode(value);
  const offsets = Int32Array.of(0, data.length);
  const values: Column = { name, type: text, validity: null, layout: "bytes", offsets, data };
  return { name, type: text, validity: null, layout: "dictionary", indices: new Int32Array(rowCount), values };
}

function listIndexes(name: string, table: RowTable): Column {
  const halves = new Int32Array(table.rowCount * 2);
  let validity: Uint8Array | null = null;
  for (let row = 0; row < table.rowCount; row++) {
    if ((table.parentRows[row] as number) >= 0) halves[row * 2] = table.listIndexes[row] as number;
    else {
      validity ??= new Uint8Array((table.rowCount + 7) >> 3).fill(0xff);
      setBits(validity, row, row + 1, false);
    }
  }
  return { name, type: { dataType: "bigint" }, validity, layout: "fixed", values: new BigInt64Array(halves.buffer) };
}

function writeDecimal(out: Uint8Array, from: number, value: number): number {
  if (value < 10) {
    out[from] = 0x30 + value;
    return from + 1;
  }
  const digits = String(value);
  for (let i = 0; i < digits.length; i++) out[from + i] = digits.charCodeAt(i);
  return from + digits.length;
}
