import type { LimitOptions } from "../contract/resource.js";
import { SourceError } from "../errors/index.js";
import type { CursorStep, IncrementalDefinition, Step } from "./definition.js";

/** Steps of users come first, then the cursor, then the limit, whatever order they are added in. */
const rank = { map: 0, filter: 0, yieldMap: 0, incremental: 1, limit: 2 } as const satisfies Record<
  Step["kind"],
  number
>;

/** Puts a step in its place. There is one cursor and one limit: another takes the place of the first. */
export function withStep(steps: readonly Step[], step: Step): readonly Step[] {
  const kept = rank[step.kind] === 0 ? steps : steps.filter(({ kind }) => kind !== step.kind);
  const behind = kept.findIndex(({ kind }) => rank[kind] > rank[step.kind]);
  return behind < 0 ? [...kept, step] : kept.toSpliced(behind, 0, step);
}

export function withoutCursor(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ kind }) => kind !== "incremental");
}

/** The cursor among the steps. */
export function cursorOf(steps: readonly Step[]): IncrementalDefinition | undefined {
  return cursorStepOf(steps)?.cursor;
}

/** The step of the cursor. */
export function cursorStepOf(steps: readonly Step[]): CursorStep | undefined {
  for (const step of steps) if (step.kind === "incremental") return step;
  return undefined;
}

/** Checks a limit and writes it in its full form. */
export function limitStep(limit: number | LimitOptions): Step {
  const options = typeof limit === "number" ? { maxItems: limit } : limit;
  const { maxItems, maxTimeMs } = options;
  if (maxItems !== undefined && !(Number.isInteger(maxItems) && maxItems >= -1)) {
    throw new SourceError(
      "RESOURCE_OPTION_INVALID",
      `Expected \`maxItems\` of a limit to be an integer from 0 up, or -1 for no limit, got \`${maxItems}\`.`,
      {
        hint: "Give the number of items to read.",
      },
    );
  }
  if (maxTimeMs !== undefined && !(maxTimeMs >= 0)) {
    throw new SourceError(
      "RESOURCE_OPTION_INVALID",
      `Expected \`maxTimeMs\` of a limit to be a number from 0 up, got \`${maxTimeMs}\`.`,
      {
        hint: "Give the time in milliseconds.",
      },
    );
  }
  return { kind: "limit", limit: options };
}
