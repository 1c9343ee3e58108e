/** The permutation Keccak-f[1600] of FIPS 202 and the one state that it works on. */
export interface Permutation {
  /**
   * `stateBytes` bytes, in the order of the standard. All hashes share them: each puts its own there before it starts, and
   * takes them away if it is to go on later.
   */
  readonly state: Uint8Array;
  /** Permutes `state` in place. */
  readonly permute: () => void;
}

export const stateBytes = 200;
