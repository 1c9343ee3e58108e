import type { Incremental, IncrementalOptions } from "../contract/incremental.js";
import { SourceError } from "../errors/index.js";
import { parseCursorPath } from "../reading/cursor/cursor-path.js";
import { cursorValue } from "../reading/cursor/cursor-value.js";
import { cursorOrder } from "../reading/cursor/order.js";
import type { IncrementalDefinition } from "./definition.js";

const incrementalBrand: unique symbol = Symbol.for("dlt.incremental");

/**
 * A cursor: a run reads the rows from the last value of the runs before on, and keeps the greatest value it has seen for the
 * next. `path` is a field (`updated_at`) or a JSONPath (`$.meta.updated_at`, `items[0].id`).
 *
 * @throws SourceError `INCREMENTAL_OPTION_INVALID`
 */
export function incremental<Cursor>(
  path: string,
  options: IncrementalOptions<Cursor> & { initialValue: Cursor },
): Incremental<Cursor>;
export function incremental<Cursor>(
  path: string,
  options?: IncrementalOptions<Cursor>,
): Incremental<Cursor | undefined>;
export function incremental(path: string, options: IncrementalOptions<unknown> = {}): Incremental<unknown> {
  return { cursorPath: path, [incrementalBrand]: checked(path, options) } as Incremental<unknown>;
}

/**
 * A cursor with its options: the way in for engines.
 * @throws SourceError `INCREMENTAL_OPTION_INVALID` for what `incremental` did not make
 */
export function incrementalDefinition(incremental: Incremental<unknown>): IncrementalDefinition {
  const given: unknown = incremental;
  const definition =
    typeof given === "object" && given !== null
      ? (given as { readonly [incrementalBrand]?: IncrementalDefinition })[incrementalBrand]
      : undefined;
  if (definition !== undefined) return definition;
  throw new SourceError(
    "INCREMENTAL_OPTION_INVALID",
    "What is given as `incremental` was not made by `incremental()`.",
    {
      hint: 'Give a cursor, e.g. `incremental: incremental("updated_at")`.',
    },
  );
}

const allowed = {
  rowOrder: ["asc", "desc"],
  rangeStart: ["open", "closed"],
  rangeEnd: ["open", "closed"],
  onCursorValueMissing: ["raise", "include", "exclude"],
} as const;

function checked(cursorPath: string, options: IncrementalOptions<unknown>): IncrementalDefinition {
  const {
    lastValueFunc = "max",
    rangeStart = "closed",
    rangeEnd = "open",
    onCursorValueMissing = "raise",
    lag,
  } = options;
  parseCursorPath(cursorPath);
  for (const [name, values] of Object.entries(allowed)) {
    const value = options[name as keyof typeof allowed];
    if (value !== undefined && !(values as readonly unknown[]).includes(value))
      throw invalidOption(name, value, values);
  }
  if (typeof lastValueFunc !== "function" && lastValueFunc !== "max" && lastValueFunc !== "min") {
    throw invalidOption("lastValueFunc", lastValueFunc, ["max", "min", "a function"]);
  }
  if (lag !== undefined && !Number.isFinite(lag)) throw invalidOption("lag", lag, ["a number"]);
  const definition: IncrementalDefinition = {
    ...options,
    cursorPath,
    lastValueFunc,
    rangeStart,
    rangeEnd,
    onCursorValueMissing,
  };
  checkRange(definition);
  return definition;
}

function checkRange(definition: IncrementalDefinition): void {
  const { cursorPath, initialValue, endValue, lastValueFunc } = definition;
  if (endValue === undefined || endValue === null) return;
  if (initialValue === undefined || initialValue === null) {
    throw new SourceError(
      "INCREMENTAL_OPTION_INVALID",
      `The cursor \`${cursorPath}\` has an \`endValue\` and no \`initialValue\`.`,
      {
        hint: "Give both: a range does not start where an earlier run stopped.",
        context: { cursor: cursorPath },
      },
    );
  }
  let position: number;
  try {
    position = cursorOrder(definition).compare(cursorValue(initialValue), cursorValue(endValue));
  } catch (error) {
    throw new SourceError(
      "INCREMENTAL_OPTION_INVALID",
      `\`initialValue\` and \`endValue\` of the cursor \`${cursorPath}\` cannot be compared.`,
      {
        hint: "Give both in the form that the rows have: both with a time zone or both without, both numbers or both text.",
        context: { cursor: cursorPath },
        cause: error,
      },
    );
  }
  if (position !== 1) return;
  const side = lastValueFunc === "min" ? "lower" : "higher";
  throw new SourceError(
    "INCREMENTAL_OPTION_INVALID",
    `\`initialValue\` of the cursor \`${cursorPath}\` is ${side} than \`endValue\`.`,
    {
      hint: "Swap them, or choose the other `lastValueFunc`.",
      context: { cursor: cursorPath },
    },
  );
}

function invalidOption(name: string, value: unknown, values: readonly string[]): SourceError {
  return new SourceError(
    "INCREMENTAL_OPTION_INVALID",
    `Expected \`${name}\` of a cursor to be ${values.join(" or ")}, got \`${String(value)}\`.`,
    {
      hint: `Give ${values.join(" or ")}.`,
    },
  );
}
