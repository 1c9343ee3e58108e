/** A seeded stream of numbers: the same seed gives the same numbers everywhere. */
export interface Random {
  /** From 0 up to and without 2^32. */
  uint32(): number;
  /** From 0 up to and without `end`. */
  below(end: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(values: readonly [T, ...T[]]): T;
  /** Lower-case hexadecimal digits, a multiple of 8 of them. */
  hex(digits: number): string;
}

/** sfc32 of PractRand (Chris Doty-Humphrey, public domain), with its seed in one of the four words. */
export function seededRandom(seed: number): Random {
  let a = 0;
  let b = seed | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) uint32();

  const below = (end: number): number => Math.floor((uint32() / 0x1_0000_0000) * end);
  return {
    uint32,
    below,
    chance: (probability) => uint32() < probability * 0x1_0000_0000,
    pick: (values) => values[below(values.length)] ?? values[0],
    hex: (digits) => {
      let text = "";
      while (text.length < digits) text += uint32().toString(16).padStart(8, "0");
      return text;
    },
  };
}
