/** Under this key a value of this library says what it is, also to another copy of the package. */
export const valueKind: unique symbol = Symbol.for("dlt.value");

export type ValueKind = "float" | "decimal" | "wei" | "timestamp" | "date" | "time" | "hexbytes";

/** What kind of value of this library an object is; `undefined` for every other object. */
export function kindOf(value: object): ValueKind | undefined {
  return (value as { readonly [valueKind]?: ValueKind })[valueKind];
}
