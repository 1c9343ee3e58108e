import { type Column, type ColumnBatch, type ColumnType, InternalError } from "@dlt/core";
import { type CopyColumn, valueBytes } from "./copy-type.js";
import { type Fields, readColumn } from "./read-column.js";
import { invalidStream, readStreamHead } from "./stream-head.js";

/** A column of a stream, and the type that it gets in batches. */
export interface DecodedColumn extends CopyColumn {
  readonly columnType: ColumnType;
}

/** Turns the bytes of `COPY … TO STDOUT WITH (FORMAT binary)` into batches, however they are cut. */
export class CopyDecoder {
  readonly #columns: readonly DecodedColumn[];
  /** What came of a head or a row that is not complete. */
  #rest: Uint8Array = new Uint8Array(0);
  #state: "head" | "rows" | "ended" = "head";

  constructor(columns: readonly DecodedColumn[]) {
    this.#columns = columns;
  }

  /**
   * Takes the next bytes; gives the rows that they complete, `null` for none. Batches do not share memory with the bytes.
   * @throws SchemaError `COPY_STREAM_INVALID`
   */
  push(bytes: Uint8Array): ColumnBatch | null {
    const all = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes);
    let start = 0;
    if (this.#state === "head") {
      const head = readStreamHead(all);
      if (head === null) {
        this.#rest = all.slice();
        return null;
      }
      this.#state = "rows";
      start = head.bytes;
    }
    const { fields, end } = this.#rows(all, start);
    this.#rest = all.slice(end);
    return fields.rowCount === 0 ? null : this.#batch(fields);
  }

  /**
   * To be called when all bytes are in.
   * @throws SchemaError `COPY_STREAM_INVALID` when the stream was cut off
   */
  finish(): void {
    if (this.#state !== "ended") throw invalidStream("it is cut off");
  }

  #rows(bytes: Uint8Array, start: number): { readonly fields: Fields; readonly end: number } {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = this.#columns.length;
    // No row is smaller than with nulls alone.
    const places = new Int32Array(2 * count * Math.ceil((bytes.length - start) / (2 + 4 * count)));
    let at = start;
    let rowCount = 0;
    rows: while (this.#state === "rows" && at + 2 <= bytes.length) {
      const fieldCount = view.getInt16(at);
      if (fieldCount === -1) {
        this.#state = "ended";
        at += 2;
        break;
      }
      if (fieldCount !== count) throw invalidStream(`a row has ${fieldCount} fields, and there are ${count} columns`);
      let next = at + 2;
      for (let column = 0, place = 2 * count * rowCount; column < count; column++, place += 2) {
        if (next + 4 > bytes.length) break rows;
        const length = view.getInt32(next);
        next += 4;
        if (length < -1) throw invalidStream("the length of a field is negative");
        if (length > 0 && next + length > bytes.length) break rows;
        places[place] = next;
        places[place + 1] = length;
        next += Math.max(0, length);
      }
      at = next;
      rowCount++;
    }
    if (this.#state === "ended" && at < bytes.length) throw invalidStream("bytes follow its end");
    return { fields: { bytes, view, places, columnCount: count, rowCount }, end: at };
  }

  #batch(fields: Fields): ColumnBatch {
    const columns = this.#columns.map((column, index): Column => {
      checkLengths(fields, index, column);
      return readColumn(fields, index, column);
    });
    return { rowCount: fields.rowCount, columns };
  }
}

/** Values of a type that all have the same length have it. */
function checkLengths({ places, columnCount, rowCount }: Fields, column: number, { name, type }: CopyColumn): void {
  const wanted = valueBytes[type];
  if (wanted === null) return;
  for (let row = 0; row < rowCount; row++) {
    const length = places[2 * (row * columnCount + column) + 1] as number;
    if (length >= 0 && length !== wanted)
      throw invalidStream(`a value of column \`${name}\` has ${length} bytes, and ${type} has ${wanted}`);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** What columns of these types become, as far as that is known from the type alone. */
export function columnTypeOf({ type }: CopyColumn): ColumnType {
  switch (type) {
    case "int2":
      return { dataType: "bigint", precision: 16 };
    case "int4":
      return { dataType: "bigint", precision: 32 };
    case "int8":
      return { dataType: "bigint" };
    case "float8":
      return { dataType: "double" };
    case "bool":
    case "text":
    case "date":
    case "time":
      return { dataType: type };
    case "bytea":
      return { dataType: "binary" };
    case "numeric":
      return { dataType: "decimal" };
    case "timestamp":
      return { dataType: "timestamp", timezone: false };
    case "timestamptz":
      return { dataType: "timestamp" };
    case "jsonb":
      return { dataType: "json" };
    case "uuid":
      return { dataType: "text" };
    default:
      throw new InternalError("INTERNAL_STATE_UNEXPECTED", `There is no column type \`${String(type)}\`.`);
  }
}
