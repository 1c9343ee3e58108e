import { type ExtractFacts, extractInfo } from "./extract-info.js";
import { type LoadFacts, loadInfo } from "./load-info.js";
import { type NormalizeFacts, normalizeInfo } from "./normalize-info.js";
import { type PipelineTrace, pipelineTrace, type StepTrace, type TraceFacts, traceVersion } from "./trace.js";

/** What a step did, as it is stored: a run tells the same as the step of this number. */
type StoredInfo = object | { readonly sameAs: number } | null;

type StoredStep = Omit<StepTrace, "stepInfo"> & { readonly stepInfo: StoredInfo };

/** The text of a trace, from which `decodeTrace` makes it again. */
export function encodeTrace({ ...facts }: PipelineTrace): string {
  const infos = facts.steps.map(({ stepInfo }) => stepInfo);
  const steps = facts.steps.map(({ stepInfo, ...step }, index): StoredStep => {
    const sameAs = stepInfo === null ? index : infos.indexOf(stepInfo);
    // Spread, because what an info prints as is not what it holds.
    return { ...step, stepInfo: sameAs < index ? { sameAs } : stepInfo && { ...stepInfo } };
  });
  return JSON.stringify({ version: traceVersion, ...facts, steps }, markValues);
}

/** `null` for a text that is not a trace of this version. */
export function decodeTrace(text: string): PipelineTrace | null {
  try {
    const stored = JSON.parse(text, unmarkValues) as TraceFacts & { version: number; steps: readonly StoredStep[] };
    if (stored.version !== traceVersion) return null;
    const { version: _, ...facts } = stored;
    const steps: StepTrace[] = [];
    for (const { stepInfo, ...step } of stored.steps) {
      const isSame = stepInfo !== null && "sameAs" in stepInfo;
      const info = isSame ? (steps[stepInfo.sameAs]?.stepInfo ?? null) : infoOf(step.step, stepInfo);
      steps.push({ ...step, stepInfo: info });
    }
    // One that an earlier version left has no settings.
    return pipelineTrace({ ...facts, resolvedConfigValues: facts.resolvedConfigValues ?? [], steps });
  } catch {
    return null;
  }
}

function infoOf(step: StepTrace["step"], facts: StoredInfo): StepTrace["stepInfo"] {
  if (facts === null) return null;
  switch (step) {
    case "extract":
      return extractInfo(facts as ExtractFacts);
    case "normalize":
      return normalizeInfo(facts as NormalizeFacts);
    case "run":
    case "load": {
      const { stoppedBy, uncutResources: uncut, ...loaded } = facts as LoadFacts;
      return loadInfo(loaded, { stoppedBy, uncut });
    }
    case "sync":
      return null;
  }
}

/** JSON has neither dates nor integers beyond 2^53. */
function markValues(this: unknown, key: string, value: unknown): unknown {
  const member: unknown = Reflect.get(this as object, key);
  if (member instanceof Date) return { $date: member.toISOString() };
  return typeof value === "bigint" ? { $bigint: String(value) } : value;
}

function unmarkValues(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const [[key, marked] = [], ...others] = Object.entries(value);
  if (others.length > 0 || typeof marked !== "string") return value;
  if (key === "$date") return new Date(marked);
  return key === "$bigint" ? BigInt(marked) : value;
}
