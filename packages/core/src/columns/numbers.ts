/** Arrays of the numbers that columns hold. */
export type Numbers = Int32Array | BigInt64Array | Float64Array;

/** An array of the same kind over a buffer. */
export function numbersLike<Kind extends Numbers>(like: Kind, buffer: ArrayBuffer): Kind;
export function numbersLike(like: Numbers, buffer: ArrayBuffer): Numbers {
  if (like instanceof Int32Array) return new Int32Array(buffer);
  return like instanceof Float64Array ? new Float64Array(buffer) : new BigInt64Array(buffer);
}
