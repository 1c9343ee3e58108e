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
  if (!Array.isArray(manifests)) throw invalid("they are no list");
  const [first] = manifests;
  if (first === undefined) throw invalid("there is none");
  if (manifests.some((manifest: unknown) => typeof manifest !== "object" || manifest === null))
    throw invalid("one is no object");
  for (const { planId, exchange, index, attempt, loadId, partitionCount, pipelineName: owner, source } of manifests) {
    const hasTexts = typeof exchange === "string" && typeof source === "string";
    const isComplete = isPlanId(planId) && hasTexts && isAttempt(attempt) && isCount(index);
    if (!isComplete || !planId.startsWith(`${owner}-${loadId}-`) || !isCount(partitionCount))
      throw invalid("one lacks `planId`, `exchange`, `source`, `index` or `attempt`, or has them in another form");
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

/** The attempts that a commit is to load, one for each partition. */
export interface Choice {
  readonly documents: readonly AttemptDocument[];
  /** An earlier commit chose them. */
  readonly isBound: boolean;
}

/**
 * The attempts to load, one for each partition: those of an earlier commit of the plan, otherwise the first of each that is there.
 *
 * @throws PackageError `PARTITIONS_MISSING`, `PARTITION_DATA_MISSING`
 */
export async function chooseAttempts(
  folder: PlanFolder,
  plan: PlanDocument,
  manifests: readonly PartitionManifest[],
): Promise<Choice> {
  const chosen = await readChosen(folder);
  const isBound = chosen !== null;
  if (!isBound) checkComplete(manifests, plan.parts.length);
  const documents: AttemptDocument[] = [];
  for (const index of plan.parts.keys()) {
    const attempts = isBound
      ? [chosen.attempts[index] ?? ""]
      : manifests.filter((manifest) => manifest.index === index).map(({ attempt }) => attempt);
    documents.push(await firstThere(folder, { index, attempts, isBound }));
  }
  return { documents, isBound };
}

/**
 * Writes the choice down, so that a commit that is tried again on another machine loads the same files under the same names. Done when
 * nothing but the package is left to make: until then a commit can take other attempts.
 */
export async function bindAttempts(folder: PlanFolder, { documents, isBound }: Choice): Promise<void> {
  if (!isBound) await writeChosen(folder, { format: 1, attempts: documents.map(({ attempt }) => attempt) });
}

async function firstThere(
  folder: PlanFolder,
  options: { readonly index: number; readonly attempts: readonly string[]; readonly isBound: boolean },
): Promise<AttemptDocument> {
  const { index, attempts, isBound } = options;
  for (const attempt of attempts) {
    const document = await readAttempt(folder, { index, attempt });
    if (document !== null) return document;
  }
  throw new PackageError(
    "PARTITION_DATA_MISSING",
    `What partition ${index} left is not in the exchange folder \`${folder.path}\`${isBound ? ", and an earlier commit has chosen it" : ""}. Nothing was loaded.`,
    {
      hint: isBound
        ? "Put the folder back and commit again, or make a new plan."
        : "Run the partition again, and commit with its new manifest.",
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
