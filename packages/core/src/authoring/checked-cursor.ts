import type { CursorType } from "../contract/incremental.js";
import { SourceError } from "../errors/index.js";
import { parseCursorPath } from "../reading/cursor/cursor-path.js";
import { cursorTypeOf } from "../reading/cursor/cursor-type.js";
import { cursorValue } from "../reading/cursor/cursor-value.js";
import { cursorOrder } from "../reading/cursor/order.js";
import type { IncrementalDefinition } from "./definition.js";

/** Options of a cursor as anyone may have given them. */
export type GivenCursor = Readonly<Record<string, unknown>> & { readonly cursorPath: string };

const choices = {
  rowOrder: ["asc", "desc"],
  rangeStart: ["open", "closed"],
  rangeEnd: ["open", "closed"],
  onCursorValueMissing: ["raise", "include", "exclude"],
  cursorType: ["timestamp", "date", "double", "bigint"] satisfies CursorType[],
} as const;

const optionNames: readonly string[] = [
  "cursorPath",
  "initialValue",
  "endValue",
  "primaryKey",
  "lastValueFunc",
  "lag",
  "allowExternalSchedulers",
  ...Object.keys(choices),
];

/**
 * The options of a cursor with their defaults, all of them checked.
 * @throws SourceError `INCREMENTAL_OPTION_INVALID`, `CURSOR_PATH_INVALID`
 */
export function checkedCursor(given: GivenCursor): IncrementalDefinition {
  const { cursorPath } = given;
  for (const name of Object.keys(given)) if (!optionNames.includes(name)) throw unknownOption(name, cursorPath);
  const options = withoutNone(given);
  parseCursorPath(cursorPath);
  for (const [name, values] of Object.entries(choices)) {
    const value = options[name];
    if (value !== undefined && !(values as readonly unknown[]).includes(value)) {
      throw invalidOption(
        name,
        value,
        values.map((choice) => JSON.stringify(choice)),
      );
    }
  }
  const { lastValueFunc = "max", lag, primaryKey, allowExternalSchedulers = false } = options;
  if (typeof lastValueFunc !== "function" && lastValueFunc !== "max" && lastValueFunc !== "min")
    throw invalidOption("lastValueFunc", lastValueFunc, ['"max"', '"min"', "a function"]);
  if (lag !== undefined && !Number.isFinite(lag)) throw invalidOption("lag", lag, ["a number"]);
  if (primaryKey !== undefined && !isKey(primaryKey))
    throw invalidOption("primaryKey", primaryKey, ["the name of a field", "a list of names", "a function"]);
  if (typeof allowExternalSchedulers !== "boolean")
    throw invalidOption("allowExternalSchedulers", allowExternalSchedulers, ["true", "false"]);
  const definition = {
    rangeStart: "closed",
    rangeEnd: "open",
    onCursorValueMissing: "raise",
    ...options,
    cursorPath,
    lastValueFunc,
    allowExternalSchedulers,
  } as IncrementalDefinition;
  checkType(definition);
  checkRange(definition);
  return definition;
}

function withoutNone(given: GivenCursor): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}

function isKey(value: unknown): boolean {
  if (typeof value === "string" || typeof value === "function") return true;
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

/** Bounds are of the type that is declared. */
function checkType({ cursorPath, cursorType, initialValue, endValue }: IncrementalDefinition): void {
  if (cursorType === undefined) return;
  const isNumber = (type: string | null): boolean => type === "double" || type === "bigint";
  for (const [name, value] of [["initialValue", initialValue] as const, ["endValue", endValue] as const]) {
    if (value === undefined) continue;
    const type = cursorTypeOf(value);
    if (type === cursorType || (isNumber(type) && isNumber(cursorType))) continue;
    throw new SourceError(
      "INCREMENTAL_OPTION_INVALID",
      `\`${name}\` of the cursor \`${cursorPath}\` is no ${cursorType}, which is its \`cursorType\`.`,
      {
        hint: `Give \`${name}\` in the form that the rows have, and the \`cursorType\` of that form. Text is never read as a time: bring the field into another form with \`addMap\`.`,
        context: { cursor: cursorPath, option: name },
      },
    );
  }
}

function checkRange(definition: IncrementalDefinition): void {
  const { cursorPath, initialValue, endValue, lastValueFunc } = definition;
  if (endValue === undefined) return;
  if (initialValue === undefined) {
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

function unknownOption(name: string, cursorPath: string): SourceError {
  return new SourceError("INCREMENTAL_OPTION_INVALID", `The cursor \`${cursorPath}\` has no option \`${name}\`.`, {
    hint: `Options are ${optionNames.map((known) => `\`${known}\``).join(", ")}.`,
    context: { cursor: cursorPath, option: name },
  });
}

function invalidOption(name: string, value: unknown, values: readonly string[]): SourceError {
  return new SourceError(
    "INCREMENTAL_OPTION_INVALID",
    `Expected \`${name}\` of a cursor to be ${values.join(" or ")}, got \`${String(value)}\`.`,
    {
      hint: `Give ${values.join(" or ")}.`,
      context: { option: name },
    },
  );
}
