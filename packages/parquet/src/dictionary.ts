import type { Presence } from "./presence.js";
import { isSet } from "./presence.js";
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
  for (const index of indices) {
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

/** The first look at whether values repeat, after this many. */
const firstLook = 256;

/**
 * The dictionary of text or bytes, `null` when too few values repeat for it to pay: more than half of those seen at a look are
 * new, where looks are at 256 values and whenever their number has doubled, or there are too many.
 */
export function dictionaryOfBytes({ offsets, data }: ByteValues, present: Presence): Dictionary | null {
  const limit = Math.min(maxEntries, Math.ceil(present.count / 2));
  const slots = new Int32Array(2 << (32 - Math.clz32(limit)));
  const mask = slots.length - 1;
  const entries = new Int32Array(limit + 1);
  const hashes = new Int32Array(limit + 1);
  const codes = new Int32Array(present.count);
  let entryCount = 0;
  let codeCount = 0;
  let nextLook = firstLook;
  for (let row = 0; row < present.rowCount; row++) {
    if (present.bits !== null && !isSet(present.bits, row)) continue;
    if (codeCount === nextLook) {
      if (entryCount * 2 > codeCount) return null;
      nextLook *= 2;
    }
    const start = offsets[row] as number;
    const end = offsets[row + 1] as number;
    const hash = hashOf(data, start, end);
    let slot = hash & mask;
    let code = (slots[slot] as number) - 1;
    while (code >= 0 && (hashes[code] !== hash || !isSame(data, start, end, offsets, entries[code] as number))) {
      slot = (slot + 1) & mask;
      code = (slots[slot] as number) - 1;
    }
    if (code < 0) {
      if (entryCount === limit) return null;
      code = entryCount++;
      slots[slot] = entryCount;
      entries[code] = row;
      hashes[code] = hash;
    }
    codes[codeCount++] = code;
  }
  return { entries: entries.subarray(0, entryCount), codes };
}

function hashOf(data: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (data[at] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

function isSame(data: Uint8Array, start: number, end: number, offsets: Int32Array, entry: number): boolean {
  let other = offsets[entry] as number;
  if ((offsets[entry + 1] as number) - other !== end - start) return false;
  for (let at = start; at < end; at++, other++) {
    if (data[at] !== data[other]) return false;
  }
  return true;
}
