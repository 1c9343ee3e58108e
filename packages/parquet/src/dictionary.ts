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

/** Entries that may be tried for one value, so that values chosen to collide cost no more than others. */
const maxProbes = 64;

/**
 * The dictionary of text or bytes. `null` where it would not pay: it would have more than half as many entries as there are
 * values, or more than `maxEntries`. That is told early, from how many values repeat.
 */
export function dictionaryOfBytes({ offsets, data }: ByteValues, { rows, count }: Presence): Dictionary | null {
  const limit = Math.min(maxEntries, Math.ceil(count / 2));
  const slots = new Int32Array(2 << (32 - Math.clz32(limit)));
  const mask = slots.length - 1;
  const entries = new Int32Array(limit);
  const hashes = new Int32Array(limit);
  const codes = new Int32Array(count);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let entryCount = 0;
  let nextLook = firstLook;
  for (let position = 0; position < count; position++) {
    if (position === nextLook) {
      if (!repeatsEnough(position, position - entryCount, count)) return null;
      nextLook *= 2;
    }
    const row = rows === null ? position : (rows[position] as number);
    const start = offsets[row] as number;
    const length = (offsets[row + 1] as number) - start;
    const hash = hashOf(view, start, length);
    let code = -1;
    for (let slot = hash & mask, probes = 0; code < 0; slot = (slot + 1) & mask, probes++) {
      const candidate = (slots[slot] as number) - 1;
      if (candidate < 0) {
        if (entryCount === limit || probes > maxProbes) return null;
        code = entryCount++;
        slots[slot] = entryCount;
        entries[code] = row;
        hashes[code] = hash;
      } else if (hashes[candidate] === hash) {
        const entry = entries[candidate] as number;
        const other = offsets[entry] as number;
        if ((offsets[entry + 1] as number) - other === length && isSame(view, start, other, length)) code = candidate;
      }
    }
    codes[position] = code;
  }
  return { entries: entries.subarray(0, entryCount), codes };
}

/**
 * Draws from D values that are equally frequent repeat about `seen`² / 2D times at first. With fewer repeats than D = `count` has,
 * more than half of all values would be new.
 */
function repeatsEnough(seen: number, repeats: number, count: number): boolean {
  return repeats * 2 * count >= seen * seen;
}

function hashOf(view: DataView, start: number, length: number): number {
  let hash = length;
  const end = start + length;
  if (length >= 4) {
    for (let at = start; at <= end - 4; at += 4) hash = mixed(hash ^ view.getInt32(at, true));
    // The last word overlaps the one before unless the length is a multiple of 4.
    hash = mixed(hash ^ view.getInt32(end - 4, true));
  } else {
    for (let at = start; at < end; at++) hash = mixed(hash ^ view.getUint8(at));
  }
  return hash ^ (hash >>> 16);
}

// Multiplier and shift of MurmurHash3 (public domain).
function mixed(hash: number): number {
  const product = Math.imul(hash, 0xcc9e2d51);
  return product ^ (product >>> 15);
}

function isSame(view: DataView, one: number, other: number, length: number): boolean {
  if (length < 4) {
    for (let at = 0; at < length; at++) {
      if (view.getUint8(one + at) !== view.getUint8(other + at)) return false;
    }
    return true;
  }
  for (let at = 0; at <= length - 4; at += 4) {
    if (view.getInt32(one + at, true) !== view.getInt32(other + at, true)) return false;
  }
  return view.getInt32(one + length - 4, true) === view.getInt32(other + length - 4, true);
}
