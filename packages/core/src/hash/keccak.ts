import { keccakPermutation } from "./keccak-permutation.js";
import { type Permutation, stateBytes } from "./permutation.js";

/** SHA3-256 of FIPS 202: 32 bytes. */
export function sha3_256(bytes: Uint8Array): Uint8Array {
  return new Sha3().update(bytes).digest();
}

/** SHA3-256 over several pieces: the digest is that of all pieces joined. */
export class Sha3 {
  readonly #state = new Uint8Array(stateBytes);
  #filled = 0;

  /** Adds a piece. Not after `digest`. */
  update(bytes: Uint8Array): this {
    const keccak = keccakPermutation();
    keccak.state.set(this.#state);
    this.#filled = absorb(keccak, bytes, { start: 0, end: bytes.length, filled: this.#filled, rate: sha3Rate });
    this.#state.set(keccak.state);
    return this;
  }

  /** The digest of all pieces, 32 bytes. Call once. */
  digest(): Uint8Array {
    const keccak = keccakPermutation();
    keccak.state.set(this.#state);
    pad(keccak.state, { filled: this.#filled, rate: sha3Rate, suffix: sha3Suffix });
    keccak.permute();
    return keccak.state.slice(0, 32);
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
  const keccak = keccakPermutation();
  absorbShake(keccak, input, start, end);
  squeeze(keccak, shakeRate, out, outOffset, outOffset + outLength);
}

/** The output of SHAKE-128 for one seed, piece after piece, without end. */
export class Shake128Stream {
  readonly #state = new Uint8Array(stateBytes);
  #used = shakeRate;

  constructor(seed: Uint8Array) {
    const keccak = keccakPermutation();
    absorbShake(keccak, seed, 0, seed.length);
    this.#state.set(keccak.state);
  }

  /** The next `length` bytes. */
  squeeze(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.read(bytes);
    return bytes;
  }

  /** Fills `out` with the next bytes. */
  read(out: Uint8Array): void {
    const keccak = keccakPermutation();
    keccak.state.set(this.#state);
    this.#used = squeeze(keccak, this.#used, out, 0, out.length);
    this.#state.set(keccak.state);
  }
}

// Bytes of the state that take input and give output. The suffix ends the message and tells the functions apart.
const sha3Rate = 136;
const sha3Suffix = 0x06;
const shakeRate = 168;
const shakeSuffix = 0x1f;

/** Takes in a whole message but for the permutation after its last block. */
function absorbShake(keccak: Permutation, input: Uint8Array, start: number, end: number): void {
  keccak.state.fill(0);
  const filled = absorb(keccak, input, { start, end, filled: 0, rate: shakeRate });
  pad(keccak.state, { filled, rate: shakeRate, suffix: shakeSuffix });
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly filled: number;
  readonly rate: number;
}

/** Mixes bytes into a block of which `filled` bytes have their input. Gives how many have it afterwards, less than a block. */
function absorb({ state, permute }: Permutation, input: Uint8Array, { start, end, filled, rate }: Part): number {
  for (let i = start; i < end; ) {
    const stop = Math.min(end, i + rate - filled);
    for (; i < stop; i++, filled++) state[filled] = (state[filled] as number) ^ (input[i] as number);
    if (filled === rate) {
      permute();
      filled = 0;
    }
  }
  return filled;
}

interface LastBlock {
  readonly filled: number;
  readonly rate: number;
  readonly suffix: number;
}

/** Completes the last block. */
function pad(state: Uint8Array, { filled, rate, suffix }: LastBlock): void {
  state[filled] = (state[filled] as number) ^ suffix;
  state[rate - 1] = (state[rate - 1] as number) ^ 0x80;
}

/** Writes `out[start … end]` from blocks of SHAKE-128, the first from byte `used` on. Gives how many bytes of the last are used. */
function squeeze({ state, permute }: Permutation, used: number, out: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; ) {
    if (used === shakeRate) {
      permute();
      used = 0;
    }
    const stop = Math.min(end, i + shakeRate - used);
    for (; i < stop; i++, used++) out[i] = state[used] as number;
  }
  return used;
}
