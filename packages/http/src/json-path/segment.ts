/** One step of a path. */
export type Segment =
  /** Members of an object, in the order of the names. */
  | { readonly kind: "fields"; readonly names: readonly string[] }
  | { readonly kind: "anyField" }
  /** Elements of a list, in the order of the indexes; negative ones count from the end. */
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  /** Elements of a list. A value that is no list counts as a list of one. */
  | { readonly kind: "slice"; readonly start: number | null; readonly end: number | null; readonly step: number }
  /** The value itself and all that is below it. */
  | { readonly kind: "descend" }
  /** Elements of a list, or members of an object, for which all conditions hold. */
  | { readonly kind: "filter"; readonly conditions: readonly Condition[] }
  /** Length of a list, object or text. */
  | { readonly kind: "length" }
  | { readonly kind: "parent" };

/** Holds when one of the values at the path compares as it says; without an operator, when there is one. */
export interface Condition {
  readonly path: readonly Segment[];
  readonly operator: Operator | null;
  readonly value: Literal;
}

export type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "=~";
export type Literal = string | number | boolean | null;
