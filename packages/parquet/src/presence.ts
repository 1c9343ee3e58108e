/** Which rows have a value. `bits` is `null` when all have one; least significant bit first, 1 = value present. */
export interface Presence {
  readonly rowCount: number;
  readonly bits: Uint8Array | null;
  /** Rows that have a value. */
  readonly count: number;
}

export function presence(validity: Uint8Array | null, rowCount: number): Presence {
  const count = validity === null ? rowCount : countBits(validity, 0, rowCount);
  return { rowCount, bits: count === rowCount ? null : validity, count };
}

/** Rows are present whose index is not -1. */
export function presenceOfIndices(indices: Int32Array): Presence {
  const bits = new Uint8Array((indices.length + 7) >> 3);
  for (let row = 0; row < indices.length; row++) {
    if ((indices[row] as number) >= 0) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7));
  }
  return presence(bits, indices.length);
}

/** Of `rowCount` rows the listed ones are present. */
export function presenceOfRows(rows: Int32Array, rowCount: number): Presence {
  const bits = new Uint8Array((rowCount + 7) >> 3);
  for (const row of rows) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7));
  return presence(bits, rowCount);
}

/** Rows of `from … to` that have a value. */
export function countPresent({ bits }: Presence, from: number, to: number): number {
  return bits === null ? to - from : countBits(bits, from, to);
}

/** The first row without a value, -1 when there is none. */
export function firstAbsent({ bits, rowCount }: Presence): number {
  if (bits === null) return -1;
  for (let row = 0; row < rowCount; row++) {
    if (!isSet(bits, row)) return row;
  }
  return -1;
}

export function isSet(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] as number) >> (index & 7)) & 1) === 1;
}

function countBits(bits: Uint8Array, from: number, to: number): number {
  let count = 0;
  let index = from;
  for (; index < to && (index & 7) !== 0; index++) count += ((bits[index >> 3] as number) >> (index & 7)) & 1;
  for (; index + 8 <= to; index += 8) {
    let byte = bits[index >> 3] as number;
    byte -= (byte >> 1) & 0x55;
    byte = (byte & 0x33) + ((byte >> 2) & 0x33);
    count += (byte + (byte >> 4)) & 0x0f;
  }
  for (; index < to; index++) count += ((bits[index >> 3] as number) >> (index & 7)) & 1;
  return count;
}
