import { ByteTable } from "./byte-table.js";
import type { Presence } from "./presence.js";
import type { ByteValues } from "./values.js";

/** The values of a column by code. */
export interface Dictionary {
  /** For each code the index of its value. */
  readonly entries: Int32Array;
  /** For each row that has a value, in order, its code. */
  readonly codes: Int32Array;
}

/** Most entries of a dictionary. */
export const maxEntries = 1 << 16;

/** The dictionary of values that are given by index; -1 for a row without a value. Codes are in order of first use. */
export function dictionaryOfIndices(indices: Int32Array, indexCount: number): Dictionary {
  const codeOf = new Int32Array(indexCount).fill(-1);
  const entries = new Int32Array(Math.min(indexCount, indices.length));
  const codes = new Int32Array(indices.length);
  let entryCount = 0;
  let codeCount = 0;
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] as number;
    if (index < 0) continue;
    let code = codeOf[index] as number;
    if (code < 0) {
      code = entryCount++;
      codeOf[index] = code;
      entries[code] = index;
    }
    codes[codeCount++] = code;
  }
  return { entries: entries.subarray(0, entryCount), codes: codes.subarray(0, codeCount) };
}

/** After this many values, and whenever their number has doubled, is looked whether enough of them repeat. */
const firstLook = 512;

/**
 * The dictionary of text or bytes. `null` where it would not pay: it would have more than half as many entries as there are
 * values, or more than `maxEntries`. That is told early, from how many values repeat.
 */
export function dictionaryOfBytes({ offsets, data }: ByteValues, { rows, count }: Presence): Dictionary | null {
  const limit = Math.min(maxEntries, Math.ceil(count / 2));
  const table = new ByteTable(data);
  const entries: number[] = [];
  const codes = new Int32Array(count);
  let nextLook = firstLook;
  for (let position = 0; position < count; position++) {
    if (position === nextLook) {
      if (!repeatsEnough(position, position - table.count, count)) return null;
      nextLook *= 2;
    }
    const row = rows === null ? position : (rows[position] as number);
    const code = table.numberOf(offsets[row] as number, offsets[row + 1] as number);
    if (code === entries.length) entries.push(row);
    if (code < 0 || code === limit) return null;
    codes[position] = code;
  }
  return { entries: Int32Array.from(entries), codes };
}

/**
 * Draws from D values that are equally frequent repeat about `seen`² / 2D times at first. With fewer repeats than D = `count` has,
 * more than half of all values would be new.
 */
function repeatsEnough(seen: number, repeats: number, count: number): boolean {
  return repeats * 2 * count >= seen * seen;
}
