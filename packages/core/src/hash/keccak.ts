import { type KeccakState, newKeccakState, permute } from "./keccak-permutation.js";

/** SHA3-256 of FIPS 202: 32 bytes. */
export function sha3_256(bytes: Uint8Array): Uint8Array {
  return new Sha3().update(bytes).digest();
}

/** SHA3-256 over several pieces: the digest is that of all pieces joined. */
export class Sha3 {
  readonly #state = newKeccakState();
  readonly #block = new Uint8Array(sha3Rate);
  #filled = 0;

  /** Adds a piece. Not after `digest`. */
  update(bytes: Uint8Array): this {
    let start = 0;
    if (this.#filled > 0) {
      start = Math.min(sha3Rate - this.#filled, bytes.length);
      this.#block.set(bytes.subarray(0, start), this.#filled);
      this.#filled += start;
      if (this.#filled < sha3Rate) return this;
      absorb(this.#state, this.#block, 0, sha3Rate);
      permute(this.#state);
    }
    for (; start + sha3Rate <= bytes.length; start += sha3Rate) {
      absorb(this.#state, bytes, start, sha3Rate);
      permute(this.#state);
    }
    this.#block.set(bytes.subarray(start));
    this.#filled = bytes.length - start;
    return this;
  }

  /** The digest of all pieces, 32 bytes. Call once. */
  digest(): Uint8Array {
    absorbLast(this.#state, this.#block, { start: 0, end: this.#filled, rate: sha3Rate, suffix: sha3Suffix });
    permute(this.#state);
    const digest = new Uint8Array(32);
    extract(this.#state, 0, digest, 0, 32);
    return digest;
  }
}

/** SHAKE-128 of FIPS 202: as many bytes as asked for. */
export function shake128(bytes: Uint8Array, length: number): Uint8Array {
  const digest = new Uint8Array(length);
  shake128Into(bytes, 0, bytes.length, digest, 0, length);
  return digest;
}

/**
 * SHAKE-128 of `input[start … end]`, written to `out[outOffset … outOffset + outLength]`. Allocates nothing, for hashes
 * by the million. `input` and `out` may be the same buffer.
 */
export function shake128Into(
  input: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  outOffset: number,
  outLength: number,
): void {
  scratch.fill(0);
  absorbShake(scratch, input, start, end);
  let written = 0;
  for (;;) {
    permute(scratch);
    const length = Math.min(shakeRate, outLength - written);
    extract(scratch, 0, out, outOffset + written, length);
    written += length;
    if (written >= outLength) return;
  }
}

/** The output of SHAKE-128 for one seed, piece after piece, without end. */
export class Shake128Stream {
  readonly #state = newKeccakState();
  #used = shakeRate;

  constructor(seed: Uint8Array) {
    absorbShake(this.#state, seed, 0, seed.length);
  }

  /** The next `length` bytes. */
  squeeze(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.read(bytes);
    return bytes;
  }

  /** Fills `out` with the next bytes. */
  read(out: Uint8Array): void {
    for (let done = 0; done < out.length; ) {
      if (this.#used === shakeRate) {
        permute(this.#state);
        this.#used = 0;
      }
      const taken = Math.min(shakeRate - this.#used, out.length - done);
      extract(this.#state, this.#used, out, done, taken);
      this.#used += taken;
      done += taken;
    }
  }
}

// Bytes of the state that take input and give output. The suffix ends the message and tells the functions apart.
const sha3Rate = 136;
const sha3Suffix = 0x06;
const shakeRate = 168;
const shakeSuffix = 0x1f;

// For hashes that are done within one call. Have no meaning between calls.
const scratch = newKeccakState();
const padded = new Uint8Array(shakeRate);

/** Takes in a whole message but for the permutation after its last block. */
function absorbShake(state: KeccakState, input: Uint8Array, start: number, end: number): void {
  for (; end - start >= shakeRate; start += shakeRate) {
    absorb(state, input, start, shakeRate);
    permute(state);
  }
  absorbLast(state, input, { start, end, rate: shakeRate, suffix: shakeSuffix });
}

interface LastBlock {
  readonly start: number;
  readonly end: number;
  readonly rate: number;
  readonly suffix: number;
}

/** Takes in what is left, less than a block, with its padding. */
function absorbLast(state: KeccakState, input: Uint8Array, { start, end, rate, suffix }: LastBlock): void {
  const length = end - start;
  for (let i = 0; i < length; i++) padded[i] = input[start + i] as number;
  padded[length] = suffix;
  const lanesEnd = (length + 8) & ~7;
  padded.fill(0, length + 1, lanesEnd);
  absorb(state, padded, 0, lanesEnd);
  // The top bit of the block; it is the top odd bit of its last lane.
  const last = rate / 4 - 1;
  state[last] = (state[last] as number) ^ 0x80000000;
}

/** Mixes bytes into the state, whole lanes from the first on. */
function absorb(state: KeccakState, bytes: Uint8Array, start: number, length: number): void {
  for (let i = 0; i < length; i += 8) {
    const at = start + i;
    const low = parted(word(bytes, at));
    const high = parted(word(bytes, at + 4));
    const lane = i >> 2;
    state[lane] = (state[lane] as number) ^ ((low & 0xffff) | (high << 16));
    state[lane + 1] = (state[lane + 1] as number) ^ ((low >>> 16) | (high & 0xffff0000));
  }
}

/** Writes `length` bytes of the state, from byte `from` on. */
function extract(state: KeccakState, from: number, out: Uint8Array, offset: number, length: number): void {
  let joinedWord = 0;
  for (let i = 0; i < length; i++) {
    const byte = from + i;
    if (i === 0 || (byte & 3) === 0) {
      const lane = (byte >> 3) << 1;
      const even = state[lane] as number;
      const odd = state[lane + 1] as number;
      joinedWord =
        (byte & 4) === 0 ? joined((even & 0xffff) | (odd << 16)) : joined((even >>> 16) | (odd & 0xffff0000));
    }
    out[offset + i] = joinedWord >>> ((byte & 3) << 3);
  }
}

/** Four bytes, least significant first. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

/** Moves the even bits of a word to its lower half, the odd ones to its upper half. */
function parted(bits: number): number {
  let t = (bits ^ (bits >>> 1)) & 0x22222222;
  bits ^= t ^ (t << 1);
  t = (bits ^ (bits >>> 2)) & 0x0c0c0c0c;
  bits ^= t ^ (t << 2);
  t = (bits ^ (bits >>> 4)) & 0x00f000f0;
  bits ^= t ^ (t << 4);
  t = (bits ^ (bits >>> 8)) & 0x0000ff00;
  return bits ^ t ^ (t << 8);
}

/** Undoes `parted`. */
function joined(bits: number): number {
  let t = (bits ^ (bits >>> 8)) & 0x0000ff00;
  bits ^= t ^ (t << 8);
  t = (bits ^ (bits >>> 4)) & 0x00f000f0;
  bits ^= t ^ (t << 4);
  t = (bits ^ (bits >>> 2)) & 0x0c0c0c0c;
  bits ^= t ^ (t << 2);
  t = (bits ^ (bits >>> 1)) & 0x22222222;
  return bits ^ t ^ (t << 1);
}
