import { countBits } from "./bits.js";

/** Which rows have a value. */
export interface Presence {
  readonly rowCount: number;
  /** A bit per row, least significant first, 1 = value present. `null` when every row has one. */
  readonly bits: Uint8Array | null;
  /** The rows that have a value, in order. `null` when every row has one. */
  readonly rows: Int32Array | null;
  /** How many rows have a value. */
  readonly count: number;
}

/** Rows `from … to`, and which of the rows that have a value are among them. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
  /** Positions in `Presence.rows`. */
  readonly firstValue: number;
  readonly endValue: number;
}

function everyRow(rowCount: number): Presence {
  return { rowCount, bits: null, rows: null, count: rowCount };
}

export function noRow(rowCount: number): Presence {
  return { rowCount, bits: new Uint8Array((rowCount + 7) >> 3), rows: new Int32Array(0), count: 0 };
}

export function rowsOfBits(validity: Uint8Array | null, rowCount: number): Presence {
  if (validity === null) return everyRow(rowCount);
  const count = countBits(validity, 0, rowCount);
  if (count === rowCount) return everyRow(rowCount);
  // Every row is written and only kept if present, which is faster than a branch that is hard to predict.
  const rows = new Int32Array(count + 1);
  let position = 0;
  for (let row = 0; row < rowCount; row++) {
    rows[position] = row;
    position += ((validity[row >> 3] as number) >> (row & 7)) & 1;
  }
  return { rowCount, bits: validity, rows: rows.subarray(0, count), count };
}

/** Before the first row. */
export const noRange: RowRange = { from: 0, to: 0, firstValue: 0, endValue: 0 };

/** The range that starts where `previous` ends. */
export function nextRange({ bits }: Presence, previous: RowRange, to: number): RowRange {
  const from = previous.to;
  const firstValue = previous.endValue;
  return { from, to, firstValue, endValue: firstValue + (bits === null ? to - from : countBits(bits, from, to)) };
}

/** The row of a value by its position among those that are present. */
export function rowAt({ rows }: Presence, position: number): number {
  return rows === null ? position : (rows[position] as number);
}

/** The first row without a value, -1 when there is none. */
export function firstAbsent({ rows, count, rowCount }: Presence): number {
  if (count === rowCount) return -1;
  let row = 0;
  while (rows !== null && rows[row] === row) row++;
  return row;
}
