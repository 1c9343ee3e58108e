import { ByteTable } from "./byte-table.js";
import type { ByteValues, ValueList } from "./values.js";

/** A list of text or bytes. */
export interface ByteList extends ValueList {
  readonly values: ByteValues;
}

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

/** The dictionary of text or bytes; `null` where it would not pay, which a sample tells in most cases. */
export function dictionaryOfBytes(list: ByteList): Dictionary | null {
  if (!seemsToRepeat(list)) return null;
  const { values, indices, count } = list;
  const { offsets, data } = values;
  const limit = mostEntries(count);
  const table = new ByteTable(data, limit);
  const entries: number[] = [];
  const codes = new Int32Array(count);
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const code = table.numberOf(offsets[index] as number, offsets[index + 1] as number);
    if (code < 0 || code === limit) return null;
    if (code === entries.length) entries.push(index);
    codes[position] = code;
  }
  return { entries: Int32Array.from(entries), codes };
}

/** Values of a sample that follow each other, so that values that repeat only nearby are found as well. */
const runLength = 32;

/**
 * Tells from a sample whether a dictionary may pay. Of D values that are equally frequent, n draws repeat about n² / 2D at first.
 * With fewer repeats than D = `count` would have, most values are new. The sample has ten repeats when D is a quarter of `count`.
 */
function seemsToRepeat({ values: { offsets, data }, indices, count }: ByteList): boolean {
  const runCount = Math.ceil(Math.sqrt(5 * count) / runLength);
  const step = Math.floor(count / runCount);
  if (step < runLength * 2) return true;
  const drawn = runCount * runLength;
  const table = new ByteTable(data, drawn);
  for (let run = 0; run < runCount; run++) {
    for (let position = run * step; position < run * step + runLength; position++) {
      const index = indices === null ? position : (indices[position] as number);
      if (table.numberOf(offsets[index] as number, offsets[index + 1] as number) < 0) return false;
    }
  }
  return (drawn - table.count) * 2 * count >= drawn * drawn;
}
