/** The integer value × 10^scale at `index`: two words, low then high. */
export function unscaledAt(words: BigInt64Array, index: number): bigint {
  return ((words[index * 2 + 1] ?? 0n) << 64n) | BigInt.asUintN(64, words[index * 2] ?? 0n);
}

/** Text of `unscaled` / 10^`scale` with every digit of the scale, never with an exponent: `1.10`, `-0.001`, `1000`. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return `${unscaled * 10n ** BigInt(-scale)}`;
  const sign = unscaled < 0n ? "-" : "";
  const digits = `${unscaled < 0n ? -unscaled : unscaled}`.padStart(scale + 1, "0");
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
