/** Sets the bits `from` to `to` (exclusive), least significant first. */
export function setBits(bits: Uint8Array, from: number, to: number, value: boolean): void {
  let at = from;
  while (at < to && (at & 7) !== 0) setBit(bits, at++, value);
  const wholeBytes = (to - at) >> 3;
  if (wholeBytes > 0) {
    bits.fill(value ? 0xff : 0, at >> 3, (at >> 3) + wholeBytes);
    at += wholeBytes * 8;
  }
  while (at < to) setBit(bits, at++, value);
}

function setBit(bits: Uint8Array, at: number, value: boolean): void {
  const byte = bits[at >> 3] ?? 0;
  const mask = 1 << (at & 7);
  bits[at >> 3] = value ? byte | mask : byte & ~mask;
}

/** True when bit `at` is 1, or there is no bitmap. */
export function isSet(bits: Uint8Array | null, at: number): boolean {
  return bits === null || ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
}
