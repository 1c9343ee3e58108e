import type { ExtractMetrics } from "../extract/index.js";
import { packageLines } from "./package-text.js";
import { type Printable, printable } from "./printable.js";
import { type StepInfo, stepObject } from "./step-info.js";

/** What extracting did. */
export interface ExtractInfo extends ExtractFacts, Printable {}

export interface ExtractFacts extends StepInfo {
  /** What the run was given: sources and resources by name; for bare data one entry without a name. */
  readonly extractDataInfo: readonly { readonly name: string; readonly dataType: string }[];
  /** By load id, an entry for each source that was extracted into the package. */
  readonly metrics: Readonly<Record<string, readonly ExtractMetrics[]>>;
}

export function extractInfo(facts: ExtractFacts): ExtractInfo {
  return printable({ ...facts }, { text: extractText, object: extractObject });
}

function extractText(info: ExtractFacts): string {
  return info.isEmpty ? "No data was extracted" : info.loadPackages.flatMap(packageLines).join("\n");
}

function extractObject(info: ExtractFacts): Readonly<Record<string, unknown>> {
  const metrics = Object.entries(info.metrics).flatMap(([loadId, entries]) =>
    entries.map((entry, extractIdx) => ({ loadId, extractIdx, ...entry })),
  );
  return { ...stepObject(info), metrics };
}
