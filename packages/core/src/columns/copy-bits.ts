/**
 * Bits `from` to `from + count` as a bitmap of their own that begins at its first bit. A view where `from` begins a byte: the bits
 * behind `count` are then whatever they were.
 */
export function bitsFrom(bits: Uint8Array, from: number, count: number): Uint8Array {
  const bytes = (count + 7) >> 3;
  const first = from >> 3;
  if ((from & 7) === 0) return bits.subarray(first, first + bytes);
  const moved = new Uint8Array(bytes);
  const shift = from & 7;
  for (let at = 0; at < bytes; at++) {
    const low = bits[first + at] ?? 0;
    const high = bits[first + at + 1] ?? 0;
    moved[at] = (low >> shift) | (high << (8 - shift));
  }
  return moved;
}

/** Writes the first `count` bits of `bits` into `target` from bit `at` on. What is behind them in `target` has to be 0. */
export function appendBits(
  target: Uint8Array,
  at: number,
  { bits, count }: { readonly bits: Uint8Array; readonly count: number },
): void {
  const bytes = (count + 7) >> 3;
  const shift = at & 7;
  const first = at >> 3;
  const lastMask = (count & 7) === 0 ? 0xff : (1 << (count & 7)) - 1;
  for (let index = 0; index < bytes; index++) {
    const byte = (bits[index] ?? 0) & (index === bytes - 1 ? lastMask : 0xff);
    target[first + index] = (target[first + index] ?? 0) | (byte << shift);
    if (shift !== 0 && byte >> (8 - shift) !== 0)
      target[first + index + 1] = (target[first + index + 1] ?? 0) | (byte >> (8 - shift));
  }
}
