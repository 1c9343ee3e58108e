import type { Column, ColumnType } from "../contract/batch.js";
import { isSet, setBits } from "./bitmap.js";

/**
 * A column that grows row by row. `filled` is the number of rows that have a value or a null; setting row `n` fills the rows
 * before it with nulls, so rows without a value need no call. A builder is emptied and used again for the next batch.
 */
export abstract class ColumnBuilder {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows that are set or null so far. */
  filled = 0;
  /** Bit 1 = present; allocated with the first null and all ones beyond `filled`. */
  protected validity: Uint8Array | null = null;
  protected capacity: number;

  constructor(name: string, type: ColumnType, capacity: number) {
    this.name = name;
    this.type = type;
    this.capacity = capacity;
  }

  /** Makes room for `rows` rows. */
  protected abstract grow(rows: number): void;
  /** Gives the rows `from` to `to` the value that stands for null in the layout. */
  protected abstract blank(from: number, to: number): void;
  /** A view on the values of the first `rows` rows. */
  protected abstract view(rows: number, validity: Uint8Array | null): Column;

  /** Prepares row `row` for a value: the rows before it that are not filled become null. */
  protected open(row: number): void {
    if (row >= this.capacity) this.reserve(row + 1);
    if (this.filled < row) this.nullUpTo(row);
  }

  /** Fills with nulls up to `rows`. */
  nullUpTo(rows: number): void {
    if (rows <= this.filled) return;
    if (rows > this.capacity) this.reserve(rows);
    if (this.validity === null) this.validity = new Uint8Array((this.capacity + 7) >> 3).fill(0xff);
    setBits(this.validity, this.filled, rows, false);
    this.blank(this.filled, rows);
    this.filled = rows;
  }

  /** True for a row that has a value. */
  has(row: number): boolean {
    return row < this.filled && isSet(this.validity, row);
  }

  /** Forgets the rows from `rows` on. */
  truncate(rows: number): void {
    if (this.filled <= rows) return;
    if (this.validity !== null) setBits(this.validity, rows, this.filled, true);
    this.filled = rows;
  }

  /** The column with `rows` rows, over the builder's own buffers: valid until the next change. */
  finish(rows: number): Column {
    this.nullUpTo(rows);
    return this.view(rows, this.validity);
  }

  /** Empties the builder; its buffers are kept. */
  reset(): void {
    this.filled = 0;
    this.validity = null;
  }

  private reserve(rows: number): void {
    // Little at first: a table may have a hundred thousand columns with a value or two each.
    const capacity = Math.max(rows, this.capacity * 2, 32);
    this.grow(capacity);
    if (this.validity !== null) {
      const validity = new Uint8Array((capacity + 7) >> 3).fill(0xff);
      validity.set(this.validity);
      this.validity = validity;
    }
    this.capacity = capacity;
  }
}

/** 64-bit integers: bigint, timestamp, time. Stored as two 32-bit halves, which is many times cheaper than `BigInt`. */
export class Int64Builder extends ColumnBuilder {
  private halves = new Int32Array(0);

  constructor(name: string, type: ColumnType) {
    super(name, type, 0);
  }

  /** `value` is an integer of at most 2^53 in magnitude. */
  setNumber(row: number, value: number): void {
    this.open(row);
    const at = row * 2;
    const high = Math.floor(value / 4294967296);
    this.halves[at] = value - high * 4294967296;
    this.halves[at + 1] = high;
    this.filled = row + 1;
  }

  /** `value` is within 64 bits, signed. */
  setBigInt(row: number, value: bigint): void {
    this.open(row);
    const at = row * 2;
    this.halves[at] = Number(BigInt.asIntN(32, value));
    this.halves[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
    this.filled = row + 1;
  }

  protected grow(rows: number): void {
    const halves = new Int32Array(rows * 2);
    halves.set(this.halves);
    this.halves = halves;
  }

  protected blank(from: number, to: number): void {
    this.halves.fill(0, from * 2, to * 2);
  }

  protected view(rows: number, validity: Uint8Array | null): Column {
    const values = new BigInt64Array(this.halves.buffer, 0, rows);
    return { name: this.name, type: this.type, validity, layout: "fixed", values };
  }
}

/** Calendar dates: days since 1970. */
export class Int32Builder extends ColumnBuilder {
  private values = new Int32Array(0);

  constructor(name: string, type: ColumnType) {
    super(name, type, 0);
  }

  set(row: number, value: number): void {
    this.open(row);
    this.values[row] = value;
    this.filled = row + 1;
  }

  protected grow(rows: number): void {
    const values = new Int32Array(rows);
    values.set(this.values);
    this.values = values;
  }

  protected blank(from: number, to: number): void {
    this.values.fill(0, from, to);
  }

  protected view(rows: number, validity: Uint8Array | null): Column {
    return { name: this.name, type: this.type, validity, layout: "fixed", values: this.values.subarray(0, rows) };
  }
}

/** Doubles. */
export class Float64Builder extends ColumnBuilder {
  private values = new Float64Array(0);

  constructor(name: string, type: ColumnType) {
    super(name, type, 0);
  }

  set(row: number, value: number): void {
    this.open(row);
    this.values[row] = value;
    this.filled = row + 1;
  }

  protected grow(rows: number): void {
    const values = new Float64Array(rows);
    values.set(this.values);
    this.values = values;
  }

  protected blank(from: number, to: number): void {
    this.values.fill(0, from, to);
  }

  protected view(rows: number, validity: Uint8Array | null): Column {
    return { name: this.name, type: this.type, validity, layout: "fixed", values: this.values.subarray(0, rows) };
  }
}

/** Booleans, a bit each. */
export class BitBuilder extends ColumnBuilder {
  private bits = new Uint8Array(0);

  constructor(name: string, type: ColumnType) {
    super(name, type, 0);
  }

  set(row: number, value: boolean): void {
    this.open(row);
    const at = row >> 3;
    const mask = 1 << (row & 7);
    const byte = this.bits[at] ?? 0;
    this.bits[at] = value ? byte | mask : byte & ~mask;
    this.filled = row + 1;
  }

  protected grow(rows: number): void {
    const bits = new Uint8Array((rows + 7) >> 3);
    bits.set(this.bits);
    this.bits = bits;
  }

  protected blank(from: number, to: number): void {
    setBits(this.bits, from, to, false);
  }

  protected view(rows: number, validity: Uint8Array | null): Column {
    return {
      name: this.name,
      type: this.type,
      validity,
      layout: "bits",
      values: this.bits.subarray(0, (rows + 7) >> 3),
    };
  }
}

/** Text, JSON and binary: bytes of any length. */
export class BytesBuilder extends ColumnBuilder {
  private offsets = new Int32Array(1);
  /** Bytes of all rows. Who scans may write behind `start(row)` and then call `commit`. */
  data = new Uint8Array(0);

  constructor(name: string, type: ColumnType) {
    super(name, type, 0);
  }

  /** Opens a row and makes room for `bytes` bytes; gives the position in `data` where its value begins. */
  start(row: number, bytes: number): number {
    this.open(row);
    const at = this.offsets[row] ?? 0;
    if (at + bytes > this.data.length) this.growData(at + bytes);
    return at;
  }

  /** Makes room for `bytes` bytes from position `at` on, keeping what is before. */
  ensure(at: number, bytes: number): Uint8Array {
    if (at + bytes > this.data.length) this.growData(at + bytes);
    return this.data;
  }

  /** Ends the value of an opened row at `end`. */
  commit(row: number, end: number): void {
    this.offsets[row + 1] = end;
    this.filled = row + 1;
  }

  set(row: number, value: Uint8Array): void {
    const at = this.start(row, value.length);
    this.data.set(value, at);
    this.commit(row, at + value.length);
  }

  /** Bytes of the values set so far. */
  get byteLength(): number {
    return this.offsets[this.filled] ?? 0;
  }

  protected grow(rows: number): void {
    const offsets = new Int32Array(rows + 1);
    offsets.set(this.offsets);
    this.offsets = offsets;
  }

  protected blank(from: number, to: number): void {
    this.offsets.fill(this.offsets[from] ?? 0, from + 1, to + 1);
  }

  protected view(rows: number, validity: Uint8Array | null): Column {
    const offsets = this.offsets.subarray(0, rows + 1);
    return { name: this.name, type: this.type, validity, layout: "bytes", offsets, data: this.data };
  }

  private growData(bytes: number): void {
    const data = new Uint8Array(Math.max(bytes, this.data.length * 2, 512));
    data.set(this.data);
    this.data = data;
  }
}

/** Exact decimals: an unscaled 128-bit integer each. */
export class Decimal128Builder extends ColumnBuilder {
  readonly scale: number;
  private words = new BigInt64Array(0);

  constructor(name: string, type: ColumnType, scale: number) {
    super(name, type, 0);
    this.scale = scale;
  }

  /** `unscaled` = value × 10^scale, within 128 bits. */
  set(row: number, unscaled: bigint): void {
    this.open(row);
    this.words[row * 2] = BigInt.asIntN(64, unscaled);
    this.words[row * 2 + 1] = BigInt.asIntN(64, unscaled >> 64n);
    this.filled = row + 1;
  }

  protected grow(rows: number): void {
    const words = new BigInt64Array(rows * 2);
    words.set(this.words);
    this.words = words;
  }

  protected blank(from: number, to: number): void {
    this.words.fill(0n, from * 2, to * 2);
  }

  protected view(rows: number, validity: Uint8Array | null): Column {
    const words = this.words.subarray(0, rows * 2);
    return { name: this.name, type: this.type, validity, layout: "decimal128", words, scale: this.scale };
  }
}
