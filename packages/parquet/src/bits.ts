// Bits are stored least significant first.

export function isSet(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] as number) >> (index & 7)) & 1) === 1;
}

/** How many of the bits `from … to` are 1. */
export function countBits(bits: Uint8Array, from: number, to: number): number {
  let count = 0;
  let index = from;
  for (; index < to && (index & 7) !== 0; index++) count += ((bits[index >> 3] as number) >> (index & 7)) & 1;
  for (; index + 8 <= to; index += 8) {
    let byte = bits[index >> 3] as number;
    byte -= (byte >> 1) & 0x55;
    byte = (byte & 0x33) + ((byte >> 2) & 0x33);
    count += (byte + (byte >> 4)) & 0x0f;
  }
  for (; index < to; index++) count += ((bits[index >> 3] as number) >> (index & 7)) & 1;
  return count;
}

/** Copies the bits `from … to` to the start of `target`; the rest of its last byte becomes 0. */
export function copyBits(
  target: Uint8Array,
  bits: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const first = from >> 3;
  const shift = from & 7;
  const length = (to - from + 7) >> 3;
  if (shift === 0) {
    target.set(bits.subarray(first, first + length));
  } else {
    for (let byte = 0; byte < length; byte++) {
      target[byte] = ((bits[first + byte] as number) >> shift) | ((bits[first + byte + 1] ?? 0) << (8 - shift));
    }
  }
  const rest = (to - from) & 7;
  if (rest !== 0) target[length - 1] = (target[length - 1] as number) & ((1 << rest) - 1);
}
