/**
 * What goes wrong at a point of a run:
 *
 * - `crash`: the process is gone. Nothing happens after the point.
 * - `refuse`: what was about to be done is not done, and the error says that it may succeed later.
 * - `lose`: it was done, and the answer is lost.
 * - `delay`: everything else goes on first.
 * - `repeat`: the call of the destination is made twice.
 */
export type FaultKind = "crash" | "refuse" | "lose" | "delay" | "repeat";

export interface Fault {
  readonly kind: FaultKind;
  /** At which point of the run, counted from 1. */
  readonly at: number;
}

/** The faults of one run after another; a run after the last has none. */
export type FaultSchedule = readonly (readonly Fault[])[];

const kinds: readonly FaultKind[] = ["crash", "crash", "refuse", "lose", "delay", "repeat"];

/** Schedule `index` of a seed, always the same. `points`: how many points an undisturbed run has. */
export function faultSchedule(seed: number, index: number, points: number): FaultSchedule {
  const random = randomIntegers(seed, index);
  return Array.from({ length: 1 + (random() % 3) }, () => {
    const faults = Array.from({ length: 1 + (random() % 3) }, (): Fault => {
      const kind = kinds[random() % kinds.length] ?? "crash";
      return { kind, at: 1 + (random() % points) };
    });
    return faults.sort((a, b) => a.at - b.at);
  });
}

/**
 * Integers of 32 bits that depend on seed and stream alone: the finalizer of MurmurHash3 over a Weyl sequence
 * (https://github.com/aappleby/smhasher/wiki/MurmurHash3).
 */
function randomIntegers(seed: number, stream: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}
