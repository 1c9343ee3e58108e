/**
 * Negative, zero or positive as `a` comes before, equals or comes after `b` by code points, which is the order of their UTF-8.
 * `<` compares UTF-16 units and puts characters beyond U+FFFF before U+E000.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return ranked(unitA) - ranked(unitB);
  }
  return a.length - b.length;
}

/** Surrogates rank after every other unit. */
function ranked(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
