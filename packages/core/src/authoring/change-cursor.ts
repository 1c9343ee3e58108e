import type { IncrementalChange, IncrementalHint } from "../contract/incremental.js";
import type { Resource } from "../contract/resource.js";
import { SourceError } from "../errors/index.js";
import { isPlainObject } from "../json/encode.js";
import { kindOf } from "../values/value-kind.js";
import { resourceDefinition } from "./brand.js";
import { checkedCursor } from "./checked-cursor.js";
import type { CursorStep, IncrementalDefinition, ResourceDefinition } from "./definition.js";
import { incrementalDefinition, isIncremental } from "./incremental.js";
import { changeResource } from "./resource.js";
import { cursorStepOf, withoutStep, withStep } from "./steps.js";

type CursorPart = Pick<ResourceDefinition, "steps" | "withoutCursor">;

/**
 * What a hint makes of the cursor of a resource: a cursor replaces its own, options are merged over it, a bare value is its initial
 * value, `null` takes it away. What was changed so, the configuration does not change.
 *
 * @throws SourceError `INCREMENTAL_NOT_DECLARED`, `INCREMENTAL_OPTION_INVALID`, `CURSOR_PATH_INVALID`
 */
export function changedCursor({ name, steps }: ResourceDefinition, hint: IncrementalHint): CursorPart {
  if (hint === null) return { steps: withoutStep(steps, "incremental"), withoutCursor: true };
  return { steps: withStep(steps, changedStep(name, cursorStepOf(steps), hint)), withoutCursor: false };
}

/** True for a hint that only makes sense for a resource with a cursor. */
export function needsCursor(hint: IncrementalHint): boolean {
  if (hint === null || isIncremental(hint)) return false;
  return asChange(hint).cursorPath === undefined;
}

/** Options merged over a cursor, or over none when they have a path. */
export function mergedCursor(
  current: IncrementalDefinition | undefined,
  change: IncrementalChange & { readonly cursorPath: string },
): IncrementalDefinition {
  return checkedCursor({ ...current, ...givenOptions(change), cursorPath: change.cursorPath });
}

/** Gives a resource a cursor that is its own with other options. */
export function setCursor(resource: Resource, cursor: IncrementalDefinition): void {
  const { steps } = resourceDefinition(resource);
  const fixed = cursorStepOf(steps)?.fixed ?? [];
  changeResource(resource, { steps: withStep(steps, { kind: "incremental", cursor, fixed }) });
}

function changedStep(
  resource: string,
  current: CursorStep | undefined,
  hint: Exclude<IncrementalHint, null>,
): CursorStep {
  if (isIncremental(hint)) return { kind: "incremental", cursor: incrementalDefinition(hint), fixed: "all" };
  const change = givenOptions(asChange(hint));
  const cursorPath = change.cursorPath ?? current?.cursor.cursorPath;
  if (cursorPath === undefined) throw notDeclared(resource);
  const names = Object.keys(change) as (keyof IncrementalDefinition)[];
  return {
    kind: "incremental",
    cursor: mergedCursor(current?.cursor, { ...change, cursorPath }),
    fixed: current?.fixed === "all" ? "all" : [...new Set([...(current?.fixed ?? []), ...names])],
  };
}

/** Options as they are, a bare value as the one option that it stands for. */
function asChange(hint: Exclude<IncrementalHint, null>): IncrementalChange {
  if (typeof hint === "object" && isPlainObject(hint)) return hint as IncrementalChange;
  const isValue =
    typeof hint === "object"
      ? hint instanceof Date || kindOf(hint) !== undefined
      : typeof hint === "string" || typeof hint === "number" || typeof hint === "bigint";
  // What else is given is no cursor, as the error says.
  return isValue ? { initialValue: hint } : incrementalDefinition(hint);
}

function givenOptions(change: IncrementalChange): IncrementalChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined && value !== null));
}

function notDeclared(resource: string): SourceError {
  return new SourceError("INCREMENTAL_NOT_DECLARED", `\`${resource}\` has no cursor whose options could change.`, {
    hint: 'Give `cursorPath` as well, or a whole cursor: `incremental("updated_at", { … })`.',
    context: { resource },
  });
}
