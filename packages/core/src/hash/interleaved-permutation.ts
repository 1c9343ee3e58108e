import { type Permutation, stateBytes } from "./permutation.js";

/** The permutation in 32-bit arithmetic. */
export function interleavedPermutation(): Permutation {
  const state = new Uint8Array(stateBytes);
  const halves = new DataView(state.buffer);
  const interleaved = newInterleavedState();
  const permute = () => {
    for (let at = 0; at < stateBytes; at += 8) {
      const low = parted(halves.getInt32(at, true));
      const high = parted(halves.getInt32(at + 4, true));
      const lane = at >> 2;
      interleaved[lane] = (low & 0xffff) | (high << 16);
      interleaved[lane + 1] = (low >>> 16) | (high & 0xffff0000);
    }
    permuteInterleaved(interleaved);
    for (let at = 0; at < stateBytes; at += 8) {
      const lane = at >> 2;
      const even = interleaved[lane] as number;
      const odd = interleaved[lane + 1] as number;
      halves.setInt32(at, joined((even & 0xffff) | (odd << 16)), true);
      halves.setInt32(at + 4, joined((even >>> 16) | (odd & 0xffff0000)), true);
    }
  };
  return { state, permute };
}

/** 0, 1, … 49. */
type LaneIndex = Below<50>;
type Below<N extends number, Counted extends number[] = []> = Counted["length"] extends N
  ? Counted[number]
  : Below<N, [...Counted, Counted["length"]]>;

/**
 * The 25 lanes of 64 bits: word `2 * (x + 5 * y)` has the even bits of lane (x, y), the next word the odd ones.
 * In this form turning a lane by any distance takes two turns of 32 bits.
 */
type InterleavedState = Int32Array & { [index in LaneIndex]: number };

function newInterleavedState(): InterleavedState {
  return new Int32Array(50) as InterleavedState;
}

// Even and odd bits of the constants of the 24 rounds.
// biome-ignore format: four rounds per line
const roundConstants = new Int32Array([
  0x00000001, 0x00000000, 0x00000000, 0x00000089, 0x00000000, 0x8000008b, 0x00000000, 0x80008080,
  0x00000001, 0x0000008b, 0x00000001, 0x00008000, 0x00000001, 0x80008088, 0x00000001, 0x80000082,
  0x00000000, 0x0000000b, 0x00000000, 0x0000000a, 0x00000001, 0x00008082, 0x00000000, 0x00008003,
  0x00000001, 0x0000808b, 0x00000001, 0x8000000b, 0x00000001, 0x8000008a, 0x00000001, 0x80000081,
  0x00000000, 0x80000081, 0x00000000, 0x80000008, 0x00000000, 0x00000083, 0x00000000, 0x80008003,
  0x00000001, 0x80008088, 0x00000000, 0x80000088, 0x00000001, 0x00008000, 0x00000000, 0x80008082,
]);

// Where every other round puts its result. Has no meaning between calls.
const e = newInterleavedState();

/**
 * The permutation Keccak-f[1600] of FIPS 202, in place, bits interleaved as in section 2.1 of "Keccak implementation
 * overview" 3.2. Two rounds per turn of the loop: from `a` to `e` and back. Names follow that document: `c` parities of
 * the columns, `d` what theta adds, `b` one row after rho and pi; `p` gathers the parities for the next round.
 */
// biome-ignore format: a lane per line
function permuteInterleaved(a: InterleavedState): void {
  let c0e = a[0] ^ a[10] ^ a[20] ^ a[30] ^ a[40]; let c0o = a[1] ^ a[11] ^ a[21] ^ a[31] ^ a[41];
  let c1e = a[2] ^ a[12] ^ a[22] ^ a[32] ^ a[42]; let c1o = a[3] ^ a[13] ^ a[23] ^ a[33] ^ a[43];
  let c2e = a[4] ^ a[14] ^ a[24] ^ a[34] ^ a[44]; let c2o = a[5] ^ a[15] ^ a[25] ^ a[35] ^ a[45];
  let c3e = a[6] ^ a[16] ^ a[26] ^ a[36] ^ a[46]; let c3o = a[7] ^ a[17] ^ a[27] ^ a[37] ^ a[47];
  let c4e = a[8] ^ a[18] ^ a[28] ^ a[38] ^ a[48]; let c4o = a[9] ^ a[19] ^ a[29] ^ a[39] ^ a[49];
  let b0e = 0, b0o = 0, b1e = 0, b1o = 0, b2e = 0, b2o = 0, b3e = 0, b3o = 0, b4e = 0, b4o = 0;
  let d0e = 0, d0o = 0, d1e = 0, d1o = 0, d2e = 0, d2o = 0, d3e = 0, d3o = 0, d4e = 0, d4o = 0;
  let p0e = 0, p0o = 0, p1e = 0, p1o = 0, p2e = 0, p2o = 0, p3e = 0, p3o = 0, p4e = 0, p4o = 0;
  let t = 0;
  for (let r = 0; r < 48; r += 4) {
    d0e = c4e ^ ((c1o << 1) | (c1o >>> 31)); d0o = c4o ^ c1e;
    d1e = c0e ^ ((c2o << 1) | (c2o >>> 31)); d1o = c0o ^ c2e;
    d2e = c1e ^ ((c3o << 1) | (c3o >>> 31)); d2o = c1o ^ c3e;
    d3e = c2e ^ ((c4o << 1) | (c4o >>> 31)); d3o = c2o ^ c4e;
    d4e = c3e ^ ((c0o << 1) | (c0o >>> 31)); d4o = c3o ^ c0e;
    b0e = a[0] ^ d0e; b0o = a[1] ^ d0o;
    t = a[12] ^ d1e; b1e = (t << 22) | (t >>> 10); t = a[13] ^ d1o; b1o = (t << 22) | (t >>> 10);
    t = a[25] ^ d2o; b2e = (t << 22) | (t >>> 10); t = a[24] ^ d2e; b2o = (t << 21) | (t >>> 11);
    t = a[37] ^ d3o; b3e = (t << 11) | (t >>> 21); t = a[36] ^ d3e; b3o = (t << 10) | (t >>> 22);
    t = a[48] ^ d4e; b4e = (t << 7) | (t >>> 25); t = a[49] ^ d4o; b4o = (t << 7) | (t >>> 25);
    t = b0e ^ (~b1e & b2e) ^ (roundConstants[r] ?? 0); e[0] = t; p0e = t; t = b0o ^ (~b1o & b2o) ^ (roundConstants[r + 1] ?? 0); e[1] = t; p0o = t;
    t = b1e ^ (~b2e & b3e); e[2] = t; p1e = t; t = b1o ^ (~b2o & b3o); e[3] = t; p1o = t;
    t = b2e ^ (~b3e & b4e); e[4] = t; p2e = t; t = b2o ^ (~b3o & b4o); e[5] = t; p2o = t;
    t = b3e ^ (~b4e & b0e); e[6] = t; p3e = t; t = b3o ^ (~b4o & b0o); e[7] = t; p3o = t;
    t = b4e ^ (~b0e & b1e); e[8] = t; p4e = t; t = b4o ^ (~b0o & b1o); e[9] = t; p4o = t;
    t = a[6] ^ d3e; b0e = (t << 14) | (t >>> 18); t = a[7] ^ d3o; b0o = (t << 14) | (t >>> 18);
    t = a[18] ^ d4e; b1e = (t << 10) | (t >>> 22); t = a[19] ^ d4o; b1o = (t << 10) | (t >>> 22);
    t = a[21] ^ d0o; b2e = (t << 2) | (t >>> 30); t = a[20] ^ d0e; b2o = (t << 1) | (t >>> 31);
    t = a[33] ^ d1o; b3e = (t << 23) | (t >>> 9); t = a[32] ^ d1e; b3o = (t << 22) | (t >>> 10);
    t = a[45] ^ d2o; b4e = (t << 31) | (t >>> 1); t = a[44] ^ d2e; b4o = (t << 30) | (t >>> 2);
    t = b0e ^ (~b1e & b2e); e[10] = t; p0e ^= t; t = b0o ^ (~b1o & b2o); e[11] = t; p0o ^= t;
    t = b1e ^ (~b2e & b3e); e[12] = t; p1e ^= t; t = b1o ^ (~b2o & b3o); e[13] = t; p1o ^= t;
    t = b2e ^ (~b3e & b4e); e[14] = t; p2e ^= t; t = b2o ^ (~b3o & b4o); e[15] = t; p2o ^= t;
    t = b3e ^ (~b4e & b0e); e[16] = t; p3e ^= t; t = b3o ^ (~b4o & b0o); e[17] = t; p3o ^= t;
    t = b4e ^ (~b0e & b1e); e[18] = t; p4e ^= t; t = b4o ^ (~b0o & b1o); e[19] = t; p4o ^= t;
    t = a[3] ^ d1o; b0e = (t << 1) | (t >>> 31); b0o = a[2] ^ d1e;
    t = a[14] ^ d2e; b1e = (t << 3) | (t >>> 29); t = a[15] ^ d2o; b1o = (t << 3) | (t >>> 29);
    t = a[27] ^ d3o; b2e = (t << 13) | (t >>> 19); t = a[26] ^ d3e; b2o = (t << 12) | (t >>> 20);
    t = a[38] ^ d4e; b3e = (t << 4) | (t >>> 28); t = a[39] ^ d4o; b3o = (t << 4) | (t >>> 28);
    t = a[40] ^ d0e; b4e = (t << 9) | (t >>> 23); t = a[41] ^ d0o; b4o = (t << 9) | (t >>> 23);
    t = b0e ^ (~b1e & b2e); e[20] = t; p0e ^= t; t = b0o ^ (~b1o & b2o); e[21] = t; p0o ^= t;
    t = b1e ^ (~b2e & b3e); e[22] = t; p1e ^= t; t = b1o ^ (~b2o & b3o); e[23] = t; p1o ^= t;
    t = b2e ^ (~b3e & b4e); e[24] = t; p2e ^= t; t = b2o ^ (~b3o & b4o); e[25] = t; p2o ^= t;
    t = b3e ^ (~b4e & b0e); e[26] = t; p3e ^= t; t = b3o ^ (~b4o & b0o); e[27] = t; p3o ^= t;
    t = b4e ^ (~b0e & b1e); e[28] = t; p4e ^= t; t = b4o ^ (~b0o & b1o); e[29] = t; p4o ^= t;
    t = a[9] ^ d4o; b0e = (t << 14) | (t >>> 18); t = a[8] ^ d4e; b0o = (t << 13) | (t >>> 19);
    t = a[10] ^ d0e; b1e = (t << 18) | (t >>> 14); t = a[11] ^ d0o; b1o = (t << 18) | (t >>> 14);
    t = a[22] ^ d1e; b2e = (t << 5) | (t >>> 27); t = a[23] ^ d1o; b2o = (t << 5) | (t >>> 27);
    t = a[35] ^ d2o; b3e = (t << 8) | (t >>> 24); t = a[34] ^ d2e; b3o = (t << 7) | (t >>> 25);
    t = a[46] ^ d3e; b4e = (t << 28) | (t >>> 4); t = a[47] ^ d3o; b4o = (t << 28) | (t >>> 4);
    t = b0e ^ (~b1e & b2e); e[30] = t; p0e ^= t; t = b0o ^ (~b1o & b2o); e[31] = t; p0o ^= t;
    t = b1e ^ (~b2e & b3e); e[32] = t; p1e ^= t; t = b1o ^ (~b2o & b3o); e[33] = t; p1o ^= t;
    t = b2e ^ (~b3e & b4e); e[34] = t; p2e ^= t; t = b2o ^ (~b3o & b4o); e[35] = t; p2o ^= t;
    t = b3e ^ (~b4e & b0e); e[36] = t; p3e ^= t; t = b3o ^ (~b4o & b0o); e[37] = t; p3o ^= t;
    t = b4e ^ (~b0e & b1e); e[38] = t; p4e ^= t; t = b4o ^ (~b0o & b1o); e[39] = t; p4o ^= t;
    t = a[4] ^ d2e; b0e = (t << 31) | (t >>> 1); t = a[5] ^ d2o; b0o = (t << 31) | (t >>> 1);
    t = a[17] ^ d3o; b1e = (t << 28) | (t >>> 4); t = a[16] ^ d3e; b1o = (t << 27) | (t >>> 5);
    t = a[29] ^ d4o; b2e = (t << 20) | (t >>> 12); t = a[28] ^ d4e; b2o = (t << 19) | (t >>> 13);
    t = a[31] ^ d0o; b3e = (t << 21) | (t >>> 11); t = a[30] ^ d0e; b3o = (t << 20) | (t >>> 12);
    t = a[42] ^ d1e; b4e = (t << 1) | (t >>> 31); t = a[43] ^ d1o; b4o = (t << 1) | (t >>> 31);
    t = b0e ^ (~b1e & b2e); e[40] = t; p0e ^= t; t = b0o ^ (~b1o & b2o); e[41] = t; p0o ^= t;
    t = b1e ^ (~b2e & b3e); e[42] = t; p1e ^= t; t = b1o ^ (~b2o & b3o); e[43] = t; p1o ^= t;
    t = b2e ^ (~b3e & b4e); e[44] = t; p2e ^= t; t = b2o ^ (~b3o & b4o); e[45] = t; p2o ^= t;
    t = b3e ^ (~b4e & b0e); e[46] = t; p3e ^= t; t = b3o ^ (~b4o & b0o); e[47] = t; p3o ^= t;
    t = b4e ^ (~b0e & b1e); e[48] = t; p4e ^= t; t = b4o ^ (~b0o & b1o); e[49] = t; p4o ^= t;
    c0e = p0e; c0o = p0o; c1e = p1e; c1o = p1o; c2e = p2e; c2o = p2o; c3e = p3e; c3o = p3o; c4e = p4e; c4o = p4o;

    d0e = c4e ^ ((c1o << 1) | (c1o >>> 31)); d0o = c4o ^ c1e;
    d1e = c0e ^ ((c2o << 1) | (c2o >>> 31)); d1o = c0o ^ c2e;
    d2e = c1e ^ ((c3o << 1) | (c3o >>> 31)); d2o = c1o ^ c3e;
    d3e = c2e ^ ((c4o << 1) | (c4o >>> 31)); d3o = c2o ^ c4e;
    d4e = c3e ^ ((c0o << 1) | (c0o >>> 31)); d4o = c3o ^ c0e;
    b0e = e[0] ^ d0e; b0o = e[1] ^ d0o;
    t = e[12] ^ d1e; b1e = (t << 22) | (t >>> 10); t = e[13] ^ d1o; b1o = (t << 22) | (t >>> 10);
    t = e[25] ^ d2o; b2e = (t << 22) | (t >>> 10); t = e[24] ^ d2e; b2o = (t << 21) | (t >>> 11);
    t = e[37] ^ d3o; b3e = (t << 11) | (t >>> 21); t = e[36] ^ d3e; b3o = (t << 10) | (t >>> 22);
    t = e[48] ^ d4e; b4e = (t << 7) | (t >>> 25); t = e[49] ^ d4o; b4o = (t << 7) | (t >>> 25);
    t = b0e ^ (~b1e & b2e) ^ (roundConstants[r + 2] ?? 0); a[0] = t; p0e = t; t = b0o ^ (~b1o & b2o) ^ (roundConstants[r + 3] ?? 0); a[1] = t; p0o = t;
    t = b1e ^ (~b2e & b3e); a[2] = t; p1e = t; t = b1o ^ (~b2o & b3o); a[3] = t; p1o = t;
    t = b2e ^ (~b3e & b4e); a[4] = t; p2e = t; t = b2o ^ (~b3o & b4o); a[5] = t; p2o = t;
    t = b3e ^ (~b4e & b0e); a[6] = t; p3e = t; t = b3o ^ (~b4o & b0o); a[7] = t; p3o = t;
    t = b4e ^ (~b0e & b1e); a[8] = t; p4e = t; t = b4o ^ (~b0o & b1o); a[9] = t; p4o = t;
    t = e[6] ^ d3e; b0e = (t << 14) | (t >>> 18); t = e[7] ^ d3o; b0o = (t << 14) | (t >>> 18);
    t = e[18] ^ d4e; b1e = (t << 10) | (t >>> 22); t = e[19] ^ d4o; b1o = (t << 10) | (t >>> 22);
    t = e[21] ^ d0o; b2e = (t << 2) | (t >>> 30); t = e[20] ^ d0e; b2o = (t << 1) | (t >>> 31);
    t = e[33] ^ d1o; b3e = (t << 23) | (t >>> 9); t = e[32] ^ d1e; b3o = (t << 22) | (t >>> 10);
    t = e[45] ^ d2o; b4e = (t << 31) | (t >>> 1); t = e[44] ^ d2e; b4o = (t << 30) | (t >>> 2);
    t = b0e ^ (~b1e & b2e); a[10] = t; p0e ^= t; t = b0o ^ (~b1o & b2o); a[11] = t; p0o ^= t;
    t = b1e ^ (~b2e & b3e); a[12] = t; p1e ^= t; t = b1o ^ (~b2o & b3o); a[13] = t; p1o ^= t;
    t = b2e ^ (~b3e & b4e); a[14] = t; p2e ^= t; t = b2o ^ (~b3o & b4o); a[15] = t; p2o ^= t;
    t = b3e ^ (~b4e & b0e); a[16] = t; p3e ^= t; t = b3o ^ (~b4o & b0o); a[17] = t; p3o ^= t;
    t = b4e ^ (~b0e & b1e); a[18] = t; p4e ^= t; t = b4o ^ (~b0o & b1o); a[19] = t; p4o ^= t;
    t = e[3] ^ d1o; b0e = (t << 1) | (t >>> 31); b0o = e[2] ^ d1e;
    t = e[14] ^ d2e; b1e = (t << 3) | (t >>> 29); t = e[15] ^ d2o; b1o = (t << 3) | (t >>> 29);
    t = e[27] ^ d3o; b2e = (t << 13) | (t >>> 19); t = e[26] ^ d3e; b2o = (t << 12) | (t >>> 20);
    t = e[38] ^ d4e; b3e = (t << 4) | (t >>> 28); t = e[39] ^ d4o; b3o = (t << 4) | (t >>> 28);
    t = e[40] ^ d0e; b4e = (t << 9) | (t >>> 23); t = e[41] ^ d0o; b4o = (t << 9) | (t >>> 23);
    t = b0e ^ (~b1e & b2e); a[20] = t; p0e ^= t; t = b0o ^ (~b1o & b2o); a[21] = t; p0o ^= t;
    t = b1e ^ (~b2e & b3e); a[22] = t; p1e ^= t; t = b1o ^ (~b2o & b3o); a[23] = t; p1o ^= t;
    t = b2e ^ (~b3e & b4e); a[24] = t; p2e ^= t; t = b2o ^ (~b3o & b4o); a[25] = t; p2o ^= t;
    t = b3e ^ (~b4e & b0e); a[26] = t; p3e ^= t; t = b3o ^ (~b4o & b0o); a[27] = t; p3o ^= t;
    t = b4e ^ (~b0e & b1e); a[28] = t; p4e ^= t; t = b4o ^ (~b0o & b1o); a[29] = t; p4o ^= t;
    t = e[9] ^ d4o; b0e = (t << 14) | (t >>> 18); t = e[8] ^ d4e; b0o = (t << 13) | (t >>> 19);
    t = e[10] ^ d0e; b1e = (t << 18) | (t >>> 14); t = e[11] ^ d0o; b1o = (t << 18) | (t >>> 14);
    t = e[22] ^ d1e; b2e = (t << 5) | (t >>> 27); t = e[23] ^ d1o; b2o = (t << 5) | (t >>> 27);
    t = e[35] ^ d2o; b3e = (t << 8) | (t >>> 24); t = e[34] ^ d2e; b3o = (t << 7) | (t >>> 25);
    t = e[46] ^ d3e; b4e = (t << 28) | (t >>> 4); t = e[47] ^ d3o; b4o = (t << 28) | (t >>> 4);
    t = b0e ^ (~b1e & b2e); a[30] = t; p0e ^= t; t = b0o ^ (~b1o & b2o); a[31] = t; p0o ^= t;
    t = b1e ^ (~b2e & b3e); a[32] = t; p1e ^= t; t = b1o ^ (~b2o & b3o); a[33] = t; p1o ^= t;
    t = b2e ^ (~b3e & b4e); a[34] = t; p2e ^= t; t = b2o ^ (~b3o & b4o); a[35] = t; p2o ^= t;
    t = b3e ^ (~b4e & b0e); a[36] = t; p3e ^= t; t = b3o ^ (~b4o & b0o); a[37] = t; p3o ^= t;
    t = b4e ^ (~b0e & b1e); a[38] = t; p4e ^= t; t = b4o ^ (~b0o & b1o); a[39] = t; p4o ^= t;
    t = e[4] ^ d2e; b0e = (t << 31) | (t >>> 1); t = e[5] ^ d2o; b0o = (t << 31) | (t >>> 1);
    t = e[17] ^ d3o; b1e = (t << 28) | (t >>> 4); t = e[16] ^ d3e; b1o = (t << 27) | (t >>> 5);
    t = e[29] ^ d4o; b2e = (t << 20) | (t >>> 12); t = e[28] ^ d4e; b2o = (t << 19) | (t >>> 13);
    t = e[31] ^ d0o; b3e = (t << 21) | (t >>> 11); t = e[30] ^ d0e; b3o = (t << 20) | (t >>> 12);
    t = e[42] ^ d1e; b4e = (t << 1) | (t >>> 31); t = e[43] ^ d1o; b4o = (t << 1) | (t >>> 31);
    t = b0e ^ (~b1e & b2e); a[40] = t; p0e ^= t; t = b0o ^ (~b1o & b2o); a[41] = t; p0o ^= t;
    t = b1e ^ (~b2e & b3e); a[42] = t; p1e ^= t; t = b1o ^ (~b2o & b3o); a[43] = t; p1o ^= t;
    t = b2e ^ (~b3e & b4e); a[44] = t; p2e ^= t; t = b2o ^ (~b3o & b4o); a[45] = t; p2o ^= t;
    t = b3e ^ (~b4e & b0e); a[46] = t; p3e ^= t; t = b3o ^ (~b4o & b0o); a[47] = t; p3o ^= t;
    t = b4e ^ (~b0e & b1e); a[48] = t; p4e ^= t; t = b4o ^ (~b0o & b1o); a[49] = t; p4o ^= t;
    c0e = p0e; c0o = p0o; c1e = p1e; c1o = p1o; c2e = p2e; c2o = p2o; c3e = p3e; c3o = p3o; c4e = p4e; c4o = p4o;
  }
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
