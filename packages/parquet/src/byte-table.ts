/** Entries that there is room for at first. */
const firstCapacity = 512;
/** Entries that may be tried for one value, so that values chosen to collide cost no more than others. */
const maxProbes = 64;

/**
 * Distinct pieces of some bytes, numbered in the order they were first seen. Open addressing with linear probing; at most half of
 * the slots are taken.
 */
export class ByteTable {
  readonly #view: DataView;
  /** Numbers of entries plus 1; 0 in a free slot. */
  #slots: Int32Array;
  #hashes: Int32Array;
  #starts: Int32Array;
  #lengths: Int32Array;
  count = 0;

  /** `pieceCount`: how many pieces will be asked for, so that the table of a few does not have room for many. */
  constructor(data: Uint8Array, pieceCount: number) {
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    let capacity = 16;
    while (capacity < pieceCount && capacity < firstCapacity) capacity *= 2;
    this.#slots = new Int32Array(capacity * 2);
    this.#hashes = new Int32Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#lengths = new Int32Array(capacity);
  }

  /** The number of a piece, which is the next one if the piece is new; -1 if too many others have a similar hash. */
  numberOf(start: number, end: number): number {
    const length = end - start;
    const hash = hashOf(this.#view, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let probe = 0; probe < maxProbes; probe++) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0) return this.#add(hash, start, length);
      if (
        this.#hashes[number] === hash &&
        this.#lengths[number] === length &&
        isSame(this.#view, start, this.#starts[number] as number, length)
      ) {
        return number;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  #add(hash: number, start: number, length: number): number {
    if (this.count === this.#hashes.length) this.#grow();
    const number = this.count++;
    this.#slots[this.#freeSlot(hash)] = number + 1;
    this.#hashes[number] = hash;
    this.#starts[number] = start;
    this.#lengths[number] = length;
    return number;
  }

  #grow(): void {
    const capacity = this.count * 4;
    this.#hashes = extended(this.#hashes, capacity);
    this.#starts = extended(this.#starts, capacity);
    this.#lengths = extended(this.#lengths, capacity);
    this.#slots = new Int32Array(capacity * 2);
    for (let number = 0; number < this.count; number++)
      this.#slots[this.#freeSlot(this.#hashes[number] as number)] = number + 1;
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }
}

function extended(numbers: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(numbers);
  return longer;
}

/** A hash of the bytes `start … end`: two words at a time, of which the last may overlap those before. Multipliers of MurmurHash3. */
export function hashOf(view: DataView, start: number, end: number): number {
  let even = end - start;
  let odd = 0;
  if (even >= 8) {
    const last = end - 8;
    for (let at = start; at < last; at += 8) {
      even = Math.imul(even ^ view.getInt32(at, true), 0xcc9e2d51);
      odd = Math.imul(odd ^ view.getInt32(at + 4, true), 0x1b873593);
      even ^= even >>> 15;
      odd ^= odd >>> 13;
    }
    even = Math.imul(even ^ view.getInt32(last, true), 0xcc9e2d51);
    odd = Math.imul(odd ^ view.getInt32(last + 4, true), 0x1b873593);
  } else if (even >= 4) {
    even = Math.imul(even ^ view.getInt32(start, true), 0xcc9e2d51);
    odd = Math.imul(odd ^ view.getInt32(end - 4, true), 0x1b873593);
  } else {
    for (let at = start; at < end; at++) even = Math.imul(even ^ view.getUint8(at), 0xcc9e2d51);
  }
  const hash = even ^ odd;
  return hash ^ (hash >>> 15);
}

function isSame(view: DataView, one: number, other: number, length: number): boolean {
  if (length < 4) {
    for (let at = 0; at < length; at++) {
      if (view.getUint8(one + at) !== view.getUint8(other + at)) return false;
    }
    return true;
  }
  const last = length - 4;
  for (let at = 0; at < last; at += 4) {
    if (view.getInt32(one + at, true) !== view.getInt32(other + at, true)) return false;
  }
  return view.getInt32(one + last, true) === view.getInt32(other + last, true);
}
