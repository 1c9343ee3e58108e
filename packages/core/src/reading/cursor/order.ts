import type { IncrementalDefinition } from "../../authoring/definition.js";
import { SourceError } from "../../errors/index.js";
import { sameValue } from "../../schema/same-value.js";
import { compareCursors } from "./cursor-value.js";

/** In which order the values of a cursor come. */
export interface CursorOrder {
  /** 1: `value` is beyond `other`, so that it would become the last value; 0: equal; -1: before. */
  compare(value: unknown, other: unknown): -1 | 0 | 1;
  /** The last value after `value`, which is beyond `last`; `last` is undefined when there is none. */
  advance(value: unknown, last: unknown): unknown;
}

/** The order that `lastValueFunc` stands for. */
export function cursorOrder({ lastValueFunc }: IncrementalDefinition): CursorOrder {
  if (typeof lastValueFunc === "function") return customOrder(lastValueFunc);
  const direction = lastValueFunc === "max" ? 1 : -1;
  return {
    compare: (value, other) => {
      const difference = compareCursors(value, other) * direction;
      return difference > 0 ? 1 : difference < 0 ? -1 : 0;
    },
    advance: (value) => value,
  };
}

function customOrder(choose: (values: readonly unknown[]) => unknown): CursorOrder {
  const chosen = (...values: readonly unknown[]): unknown => {
    try {
      return choose(values);
    } catch (error) {
      throw new SourceError("CURSOR_NOT_COMPARABLE", "`lastValueFunc` failed.", { cause: error });
    }
  };
  return {
    compare: (value, other) =>
      sameValue(chosen(value, other), other) ? (sameValue(chosen(value), other) ? 0 : -1) : 1,
    advance: (value, last) => (last === undefined ? chosen(value) : chosen(value, last)),
  };
}
