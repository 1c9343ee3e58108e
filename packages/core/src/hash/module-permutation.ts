import { type Permutation, stateBytes } from "./permutation.js";

/**
 * The permutation as a WebAssembly module, whose 64-bit integers hold a lane each. Throws where WebAssembly is missing or
 * compiling refused. A module of this size may be compiled without waiting on a browser's main thread too.
 */
export function modulePermutation(): Permutation {
  const { memory, permute } = new WebAssembly.Instance(new WebAssembly.Module(keccakModule())).exports;
  return { state: new Uint8Array(memory.buffer, 0, stateBytes), permute };
}

/** As much of the global as is used here: not every set of type declarations that this file is checked with has it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
  ) => { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly permute: () => void } };
};

/** Bytes in the binary format of the WebAssembly Core Specification, 1.0. */
type Code = readonly number[];

/** A module of 1.6 kB that exports `memory`, which begins with the state, and `permute`. */
function keccakModule(): Uint8Array {
  const constants = roundConstants();
  const locals = vector([
    [round, i64],
    [1, i32],
  ]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // One type (no parameters, no results), one function of it, a memory of one page, and their names outside.
    ...section(1, [[0x60, 0, 0]]),
    ...section(3, [[0]]),
    ...section(5, [[1, 1, 1]]),
    ...section(7, [
      [...name("memory"), 2, 0],
      [...name("permute"), 0, 0],
    ]),
    ...section(10, [sized([...locals, ...permuteCode(), end])]),
    // The constants of the rounds lie behind the state.
    ...section(11, [[0, ...i32Const(stateBytes), end, ...sized(constants)]]),
  ]);
}

// Numbers of the local variables: lanes, parities of the columns, two values kept for a moment; 8 times the number of the round.
const lane = (x: number, y: number) => (x % 5) + 5 * (y % 5);
const parity = (x: number) => 25 + (x % 5);
const kept = (step: number) => 30 + (step % 2);
const round = 32;

/** Keccak-f[1600] of FIPS 202: loads the state, does a round per turn of the loop, stores the state. */
function permuteCode(): Code {
  const lanes = Array.from({ length: 25 }, (_, index) => index);
  return [
    ...lanes.flatMap((index) => set(index, i64Load(i32Const(0), index * 8))),
    ...loop([
      ...theta(),
      ...rhoAndPi(),
      ...chi(),
      ...set(lane(0, 0), xor(get(lane(0, 0)), i64Load(get(round), stateBytes))),
      ...branchIf(i32LessThan(tee(round, i32Add(get(round), i32Const(8))), i32Const(roundCount * 8))),
    ]),
    ...lanes.flatMap((index) => i64Store(i32Const(0), index * 8, get(index))),
  ];
}

function theta(): Code {
  const code: number[] = [];
  for (const x of fives) code.push(...set(parity(x), fives.map((y) => get(lane(x, y))).reduce(xor)));
  for (const x of fives) {
    code.push(...set(kept(0), xor(get(parity(x + 4)), turn(get(parity(x + 1)), 1))));
    for (const y of fives) code.push(...set(lane(x, y), xor(get(lane(x, y)), get(kept(0)))));
  }
  return code;
}

/** All lanes but (0, 0) form a ring: each goes to the place of the next, turned by 1, 3, 6, 10, … bits. */
function rhoAndPi(): Code {
  const code: number[] = [...set(kept(0), get(lane(1, 0)))];
  for (let step = 0, x = 1, y = 0; step < 24; step++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    code.push(...set(kept(step + 1), get(lane(x, y))));
    code.push(...set(lane(x, y), turn(get(kept(step)), (((step + 1) * (step + 2)) / 2) % 64)));
  }
  return code;
}

function chi(): Code {
  const code: number[] = [];
  for (const y of fives) {
    code.push(...set(kept(0), get(lane(0, y))), ...set(kept(1), get(lane(1, y))));
    for (const x of fives) {
      // The first two lanes of the row are written before the last two are computed.
      const one = x + 1 < 5 ? get(lane(x + 1, y)) : get(kept(0));
      const two = x + 2 < 5 ? get(lane(x + 2, y)) : get(kept(x - 3));
      // ~one & two, for which there is no instruction.
      const change = xor(or(one, two), one);
      code.push(...set(lane(x, y), xor(get(lane(x, y)), change)));
    }
  }
  return code;
}

/** 8 bytes for each round, from the shift register of FIPS 202, section 3.2.5. */
function roundConstants(): Code {
  const bytes = new Array<number>(roundCount * 8).fill(0);
  let register = 1;
  for (let at = 0; at < bytes.length; at += 8) {
    for (const bit of [0, 1, 3, 7, 15, 31, 63]) {
      if ((register & 1) === 1) bytes[at + (bit >> 3)] = (bytes[at + (bit >> 3)] ?? 0) | (1 << (bit & 7));
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
  }
  return bytes;
}

const roundCount = 24;
const fives = [0, 1, 2, 3, 4];

// Instructions behind their operands.
const i32 = 0x7f;
const i64 = 0x7e;
const end = 0x0b;
const get = (local: number): Code => [0x20, ...integer(local)];
const set = (local: number, value: Code): Code => [...value, 0x21, ...integer(local)];
const tee = (local: number, value: Code): Code => [...value, 0x22, ...integer(local)];
const i32Const = (value: number): Code => [0x41, ...integer(value)];
const i32Add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
const i32LessThan = (a: Code, b: Code): Code => [...a, ...b, 0x49];
const i64Load = (at: Code, offset: number): Code => [...at, 0x29, 3, ...integer(offset)];
const i64Store = (at: Code, offset: number, value: Code): Code => [...at, ...value, 0x37, 3, ...integer(offset)];
const or = (a: Code, b: Code): Code => [...a, ...b, 0x84];
const xor = (a: Code, b: Code): Code => [...a, ...b, 0x85];
const turn = (value: Code, bits: number): Code => [...value, 0x42, ...integer(bits), 0x89];
const loop = (body: Code): Code => [0x03, 0x40, ...body, end];
const branchIf = (condition: Code): Code => [...condition, 0x0d, 0];

/** LEB128 with the sign bit clear, so that it reads the same as a signed and an unsigned number. */
function integer(value: number): Code {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...integer(value >>> 7)];
}

function vector(items: readonly Code[]): Code {
  return [...integer(items.length), ...items.flat()];
}

function sized(bytes: Code): Code {
  return [...integer(bytes.length), ...bytes];
}

function section(id: number, items: readonly Code[]): Code {
  return [id, ...sized(vector(items))];
}

function name(text: string): Code {
  return sized([...new TextEncoder().encode(text)]);
}
