import { SourceError } from "../errors/index.js";
import type { CursorStep, IncrementalDefinition, ResourceDefinition, Step } from "./definition.js";

/** Steps of users come first, then the cursor, then the limit, whatever order they are added in. */
const rank = {
  map: 0,
  filter: 0,
  yieldMap: 0,
  metrics: 0,
  tables: 0,
  incremental: 1,
  limit: 2,
} as const satisfies Record<Step["kind"], number>;

/** Puts a step in its place. There is one cursor and one limit: another takes the place of the first. */
export function withStep(steps: readonly Step[], step: Step): readonly Step[] {
  const kept = rank[step.kind] === 0 ? steps : steps.filter(({ kind }) => kind !== step.kind);
  const last = kept.findLastIndex(({ kind }) => rank[kind] <= rank[step.kind]);
  return kept.toSpliced(last + 1, 0, step);
}

/**
 * Puts a step where `insertAt` says: places are those of a list of the function and its steps, with the function at 0, or behind
 * the steps that a transformer has before it.
 *
 * @throws SourceError `RESOURCE_OPTION_INVALID`
 */
export function withStepAt(
  { name, body, steps }: ResourceDefinition,
  step: Step,
  insertAt: number,
): Pick<ResourceDefinition, "body" | "steps"> {
  const isTransformer = body.kind === "transformer";
  const before = isTransformer ? (body.stepsBefore ?? []) : [];
  const first = isTransformer ? 0 : 1;
  const last = before.length + 1 + steps.length;
  if (!Number.isInteger(insertAt) || insertAt < first || insertAt > last) {
    const reason = isTransformer ? "" : " Only a transformer can have a step before its function, at 0.";
    throw new SourceError(
      "RESOURCE_OPTION_INVALID",
      `Expected \`insertAt\` of a step of \`${name}\` to be an integer from ${first} to ${last}, got \`${insertAt}\`.${reason}`,
      { hint: "Give 1 for the place right after the function, or leave it out.", context: { resource: name } },
    );
  }
  return isTransformer && insertAt <= before.length
    ? { body: { ...body, stepsBefore: before.toSpliced(insertAt, 0, step) }, steps }
    : { body, steps: steps.toSpliced(insertAt - before.length - 1, 0, step) };
}

/** Takes the cursor or the limit away. */
export function withoutStep(steps: readonly Step[], taken: "incremental" | "limit"): readonly Step[] {
  return steps.filter(({ kind }) => kind !== taken);
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
