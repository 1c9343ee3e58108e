import { PackageError } from "@dlt/core";
import type { AttemptDocument } from "./attempt-document.js";
import { isAttempt, isPlanId, type PlanFolder, readAttempt, readChosen, writeChosen } from "./exchange.js";
import type { PartitionManifest } from "./partition.js";
import type { PlanDocument } from "./plan-document.js";

/**
 * Checks that the manifests are of one plan of this pipeline.
 * @throws PackageError `PARTITION_MANIFEST_INVALID`
 */
export function checkManifests(manifests: readonly PartitionManifest[], pipelineName: string): PartitionManifest {
  const [first] = manifests;
  if (first === undefined) throw invalid("there is none");
  for (const { planId, exchange, index, attempt, loadId, partitionCount, pipelineName: owner } of manifests) {
    const isComplete = isPlanId(planId) && typeof exchange === "string" && isAttempt(attempt) && isCount(index);
    if (!isComplete || !planId.startsWith(`${owner}-${loadId}-`) || !isCount(partitionCount))
      throw invalid("one lacks `planId`, `exchange`, `index` or `attempt`, or has them in another form");
    if (planId !== first.planId) throw invalid(`they are of several plans: \`${first.planId}\`, \`${planId}\``);
    if (owner !== pipelineName) throw invalid(`they belong to pipeline \`${owner}\`, not to \`${pipelineName}\``);
  }
  return first;
}

/** @throws PackageError `PARTITIONS_MISSING` when manifests of a plan with so many partitions are missing */
export function checkComplete(manifests: readonly PartitionManifest[], partitionCount: number): void {
  const given = new Set(manifests.map(({ index }) => index));
  const missing = Array.from({ length: partitionCount }, (_, index) => index).filter((index) => !given.has(index));
  if (missing.length === 0) return;
  const some = `${missing.slice(0, 20).join(", ")}${missing.length > 20 ? ", …" : ""}`;
  throw new PackageError(
    "PARTITIONS_MISSING",
    `${missing.length} of ${partitionCount} partitions are missing: ${some}. Nothing was loaded.`,
    {
      hint: "Run them, and commit again with all manifests: what was done stays in the exchange folder.",
      context: { missing: missing.length, partitionCount },
    },
  );
}

/**
 * The attempts to load, one for each partition: those of an earlier commit of the plan, otherwise the first that was given of each.
 * The choice is written down, so that a commit that is tried again on another machine loads the same files under the same names.
 *
 * @throws PackageError `PARTITIONS_MISSING`, `PARTITION_DATA_MISSING`
 */
export async function chooseAttempts(
  folder: PlanFolder,
  plan: PlanDocument,
  manifests: readonly PartitionManifest[],
): Promise<readonly AttemptDocument[]> {
  const chosen = await readChosen(folder);
  if (chosen === null) checkComplete(manifests, plan.parts.length);
  const first = new Map<number, string>();
  for (const { index, attempt } of manifests) if (!first.has(index)) first.set(index, attempt);
  const attempts = chosen?.attempts ?? plan.parts.map((_, index) => first.get(index) ?? "");
  const documents: AttemptDocument[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const document = await readAttempt(folder, { index, attempt });
    if (document === null) throw dataMissing(folder, index);
    documents.push(document);
  }
  if (chosen === null) await writeChosen(folder, { format: 1, attempts });
  return documents;
}

function dataMissing(folder: PlanFolder, index: number): PackageError {
  return new PackageError(
    "PARTITION_DATA_MISSING",
    `What partition ${index} left is not in the exchange folder \`${folder.path}\`. Nothing was loaded.`,
    {
      hint: "Run the partition again, and commit with its new manifest.",
      context: { index, exchange: folder.exchange, planId: folder.planId },
    },
  );
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function invalid(problem: string): PackageError {
  return new PackageError(
    "PARTITION_MANIFEST_INVALID",
    `\`commit\` was given no manifests that it can load: ${problem}.`,
    {
      hint: "Give what `runPartition` gave for each partition of one plan.",
    },
  );
}
