import { setBits } from "../columns/bitmap.js";
import type { Column } from "../contract/batch.js";
import type { SystemNames } from "../contract/schema.js";
import { encodeBase64Into } from "../hash/base64.js";
import { Shake128Stream, shake128Into } from "../hash/keccak.js";
import type { RowTable } from "./row-table.js";

/** Random bytes of a row id, and its length as base64 without padding. */
const idBytes = 10;
const idLength = 14;
/** Digits of the largest index of a list. */
const maxIndexDigits = 10;
const text = { dataType: "text" } as const;
const encoder = new TextEncoder();

/** Ids of the rows of one table, one behind the other. */
interface RowIds {
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
}

type IdColumn = Column & RowIds & { readonly layout: "bytes" };

export interface IdContext {
  readonly names: SystemNames;
  readonly loadId: string;
  readonly idSeed: Uint8Array;
  /** Tells these rows from all others of the package, e.g. number of the chunk and of the batch in it. */
  readonly place: string;
  /** Whether the rows of a table hang below rows of another; otherwise they carry the load id and an id of their own. */
  isNested(table: RowTable): boolean;
  /** Columns that hold the id of the nearest row above in one of some tables, such as `_dlt_root_id`: column and those tables. */
  ancestorColumns(table: RowTable): ReadonlyMap<string, ReadonlySet<RowTable>>;
}

/**
 * Makes the columns that link rows: `_dlt_load_id`, `_dlt_id`, `_dlt_parent_id`, `_dlt_list_idx` and those that repeat the id of an
 * ancestor. Root rows have random ids, nested ones the hash of parent id, table and list index, unless an id was given.
 */
export class RowLinks {
  private readonly context: IdContext;
  private readonly ids = new Map<RowTable, IdColumn>();

  constructor(context: IdContext) {
    this.context = context;
  }

  /** The link columns of a table. */
  columns(table: RowTable): Column[] {
    const { names, loadId } = this.context;
    const columns: Column[] = [];
    for (const [column, ancestors] of this.context.ancestorColumns(table))
      columns.push(this.reference(column, table, ancestors));
    if (this.isNested(table)) {
      const parentId = this.reference(names.parentId, table, new Set(table.parents));
      columns.push(toldBits(parentId, table), toldBits(listIndexes(names.listIdx, table), table));
    } else columns.push(constant(names.loadId, loadId, table.rowCount));
    columns.push(this.idColumn(table));
    return columns;
  }

  private isNested(table: RowTable): boolean {
    return table.parents.length > 0 && this.context.isNested(table);
  }

  private idColumn(table: RowTable): IdColumn {
    const known = this.ids.get(table);
    if (known !== undefined) return known;
    const made = this.isNested(table) ? this.nestedIds(table) : this.randomIds(table);
    const { offsets, data } = table.givenIds.size === 0 ? made : withGivenIds(table, made);
    const column: IdColumn = {
      name: this.context.names.id,
      type: text,
      validity: null,
      layout: "bytes",
      offsets,
      data,
    };
    this.ids.set(table, column);
    return column;
  }

  private randomIds(table: RowTable): RowIds {
    const { idSeed, place: rows } = this.context;
    const place = encoder.encode(`\0${rows}\0${table.name}`);
    const seed = new Uint8Array(idSeed.length + place.length);
    seed.set(idSeed);
    seed.set(place, idSeed.length);
    const stream = new Shake128Stream(seed);
    const random = new Uint8Array(table.rowCount * idBytes);
    stream.read(random);
    const ids = emptyIds(table.rowCount);
    for (let row = 0; row < table.rowCount; row++)
      encodeBase64Into(random, row * idBytes, (row + 1) * idBytes, ids.data, row * idLength);
    return ids;
  }

  private nestedIds(table: RowTable): RowIds {
    const ids = emptyIds(table.rowCount);
    const middle = encoder.encode(`_${table.name}_`);
    const hash = new Uint8Array(idBytes);
    let message = new Uint8Array(256);
    // Where `middle` stands in the message: most ids of parents are of one length, so it stays there.
    let middleAt = -1;
    let above: RowTable | null = null;
    let parents: RowIds = ids;
    for (let row = 0; row < table.rowCount; row++) {
      if (table.givenIds.has(row)) continue;
      const parent = table.parentRows[row] as number;
      const parentTable = table.parentOf(row);
      if (parentTable !== null && parentTable !== above) {
        above = parentTable;
        parents = this.idColumn(parentTable);
      }
      const from = parents.offsets[parent] as number;
      const to = parents.offsets[parent + 1] as number;
      const length = to - from + middle.length + maxIndexDigits;
      if (length > message.length) {
        message = new Uint8Array(length * 2);
        middleAt = -1;
      }
      for (let i = from; i < to; i++) message[i - from] = parents.data[i] as number;
      if (middleAt !== to - from) {
        middleAt = to - from;
        message.set(middle, middleAt);
      }
      const end = writeDecimal(message, middleAt + middle.length, table.listIndexes[row] as number);
      shake128Into(message, 0, end, hash, 0, idBytes);
      encodeBase64Into(hash, 0, idBytes, ids.data, row * idLength);
    }
    return ids;
  }

  /** Ids of the nearest rows above that are in one of `ancestors`, as references to the ids of that table. */
  private reference(name: string, table: RowTable, ancestors: ReadonlySet<RowTable>): Column {
    const chain = chainTo(table, ancestors);
    if (chain === null) return this.gatheredReference(name, table, ancestors);
    const rows = table.parentRows.slice(0, table.rowCount);
    for (const above of chain.between) {
      for (let row = 0; row < rows.length; row++) rows[row] = above.parentRows[rows[row] as number] as number;
    }
    const values = this.idColumn(chain.ancestor);
    return { name, type: text, validity: null, layout: "dictionary", indices: rows, values };
  }

  /** The same where rows hang below several tables: the ids are copied one by one. */
  private gatheredReference(name: string, table: RowTable, ancestors: ReadonlySet<RowTable>): Column {
    const offsets = new Int32Array(table.rowCount + 1);
    const found: (Uint8Array | null)[] = [];
    const absent: number[] = [];
    for (let row = 0; row < table.rowCount; row++) {
      let above = table.parentOf(row);
      let at = table.parentRows[row] as number;
      while (above !== null && at >= 0 && !ancestors.has(above)) {
        const next: RowTable | null = above.parentOf(at);
        at = above.parentRows[at] as number;
        above = next;
      }
      const ids = above === null || at < 0 ? null : this.idColumn(above);
      const id = ids === null ? null : ids.data.subarray(ids.offsets[at], ids.offsets[at + 1]);
      found.push(id);
      if (id === null) absent.push(row);
      offsets[row + 1] = (offsets[row] as number) + (id?.length ?? 0);
    }
    const data = new Uint8Array(offsets[table.rowCount] as number);
    for (let row = 0; row < found.length; row++) data.set(found[row] ?? [], offsets[row] as number);
    const validity = presentBits(table.rowCount, absent);
    return { name, type: text, validity, layout: "bytes", offsets, data };
  }
}

/** The tables between a table and the nearest of `ancestors`; null when not all rows hang below one table at each step. */
function chainTo(
  table: RowTable,
  ancestors: ReadonlySet<RowTable>,
): { readonly between: readonly RowTable[]; readonly ancestor: RowTable } | null {
  const between: RowTable[] = [];
  for (let at = table; ; ) {
    const above = at.parents[0];
    if (above === undefined || at.hasOtherParents) return null;
    if (ancestors.has(above)) return { between, ancestor: above };
    between.push(above);
    at = above;
  }
}

/** The column without values in rows that do not tell their parent. */
function toldBits(column: Column, table: RowTable): Column {
  return { ...column, validity: presentBits(table.rowCount, table.givenIds.keys()) };
}

/** A bit per row, 0 where it is absent; null when all are present. */
function presentBits(rowCount: number, absent: Iterable<number>): Uint8Array | null {
  let bits: Uint8Array | null = null;
  for (const row of absent) {
    bits ??= new Uint8Array((rowCount + 7) >> 3).fill(0xff);
    setBits(bits, row, row + 1, false);
  }
  return bits;
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

/** A column of the same text in every row. */
export function constant(name: string, value: string, rowCount: number): Column {
  const data = encoder.encode(value);
  const offsets = Int32Array.of(0, data.length);
  const values: Column = { name, type: text, validity: null, layout: "bytes", offsets, data };
  return { name, type: text, validity: null, layout: "dictionary", indices: new Int32Array(rowCount), values };
}

function listIndexes(name: string, table: RowTable): Column {
  const halves = new Int32Array(table.rowCount * 2);
  for (let row = 0; row < table.rowCount; row++) halves[row * 2] = table.listIndexes[row] as number;
  const values = new BigInt64Array(halves.buffer);
  return { name, type: { dataType: "bigint" }, validity: null, layout: "fixed", values };
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
