import { ByteTable } from "./byte-table.js";
import type { ByteValues, ValueList } from "./values.js";

/** A list of values by code. */
export interface Dictionary {
  /** For each code the index of its value. */
  readonly entries: Int32Array;
  /** For each value of the list its code. */
  readonly codes: Int32Array;
}

/** Most entries that a dictionary for `count` values may have for it to pay. */
function mostEntries(count: number): number {
  return Math.min(1 << 16, count >> 1);
}

/** The dictionary of values that are listed by index, codes in order of first use. */
export function dictionaryOfIndices(indices: Int32Array, indexCount: number): Dictionary {
  const codeOf = new Int32Array(indexCount).fill(-1);
  const entries = new Int32Array(Math.min(indexCount, indices.length));
  const codes = new Int32Array(indices.length);
  let entryCount = 0;
  for (let position = 0; position < indices.length; position++) {
    const index = indices[position] as number;
    let code = codeOf[index] as number;
    if (code < 0) {
      code = entryCount++;
      codeOf[index] = code;
      entries[code] = index;
    }
    codes[position] = code;
  }
  return { entries: entries.subarray(0, entryCount), codes };
}

/** True if values refer to a dictionary in less space and time than they take themselves. */
export function pays({ entries, codes }: Dictionary): boolean {
  return entries.length <= mostEntries(codes.length);
}

/** After this many values, and whenever their number has doubled, is looked whether enough of them repeat. */
const firstLook = 512;

/** The dictionary of text or bytes; `null` where it would not pay, which is told early, from how many values repeat. */
export function dictionaryOfBytes({ offsets, data }: ByteValues, { indices, count }: ValueList): Dictionary | null {
  const limit = mostEntries(count);
  const table = new ByteTable(data);
  const entries: number[] = [];
  const codes = new Int32Array(count);
  let nextLook = firstLook;
  for (let position = 0; position < count; position++) {
    if (position === nextLook) {
      if (!repeatsEnough(position, position - table.count, count)) return null;
      nextLook *= 2;
    }
    const index = indices === null ? position : (indices[position] as number);
    const code = table.numberOf(offsets[index] as number, offsets[index + 1] as number);
    if (code < 0 || code === limit) return null;
    if (code === entries.length) entries.push(index);
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
