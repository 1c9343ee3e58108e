import { PackageError } from "@dlt/core";
import { parseSchema } from "@dlt/core/engine";
import { listPackages } from "../package/package-store.js";
import { type ClaimedPipeline, noteLoadId } from "../run/claimed-pipeline.js";
import { pendingLoadIds } from "../run/drop-pending.js";
import { extractStep } from "../run/extract-step.js";
import { normalizeStepInfo } from "../run/normalize-step.js";
import { type Operation, requireDestination } from "../run/operation.js";
import { finishPending, load, sync } from "../run/run-pipeline.js";
import { schemaBinding, schemaPlace } from "../run/target.js";
import { encodeSourceState } from "../state/state-object.js";
import { compareLoadIds } from "../workspace/load-id.js";
import { openAttempts } from "./attempt.js";
import { bindAttempts, checkComplete, checkManifests, chooseAttempts } from "./choose-attempts.js";
import { commitContent } from "./commit-content.js";
import { commitContentOf, isSaved } from "./commit-package.js";
import { type PlanFolder, planFolder, planNotFound, readPlan, removePlan } from "./exchange.js";
import type { CommitInfo, CommitOptions, PartitionManifest } from "./partition.js";
import type { PlanDocument } from "./plan-document.js";
import { refuseRefresh } from "./planned-options.js";
import { withFirstDeclarations } from "./shared-tables.js";

/**
 * Loads what the partitions of a plan gave as one package, and completes state and schema. Called again, after a crash or after it
 * was done, it goes on where it stopped and loads nothing twice.
 *
 * @throws PackageError `PARTITION_MANIFEST_INVALID`, `PARTITIONS_MISSING`, `PARTITION_DATA_MISSING`, `PARTITION_STATE_CONFLICT`,
 * `PARTITION_TABLE_CONFLICT`, `PARTITION_OPTION_UNSUPPORTED`, `EXCHANGE_INVALID`, `PLAN_NOT_FOUND`, `PLAN_OUTDATED`; PipelineStepError
 */
export async function commitPartitions(
  operation: Operation,
  manifests: readonly PartitionManifest[],
  options: CommitOptions,
): Promise<CommitInfo> {
  const { claimed } = operation;
  const { context, store } = claimed;
  const { runtime, settings } = context;
  refuseRefresh(context, "commit", options);
  requireDestination(operation, "commit");
  const first = checkManifests(manifests, context.pipelineName);
  const folder = planFolder(options.exchange ?? first.exchange, first.planId, runtime.cwd);
  // Every time: another machine may have committed this plan, or loaded something else.
  if (settings.restoreFromDestination && !settings.devMode) await sync(operation);
  const pending = await pendingLoadIds(store);
  let normalizedAgain: readonly number[] | null = [];
  if (!pending.includes(first.loadId)) normalizedAgain = await assemble(operation, manifests, { folder, options });
  const alreadyLoaded = normalizedAgain === null;
  if (!alreadyLoaded) await extractState(operation, first.loadId);
  const info = (await finishPending(operation, options)) ?? (await load(operation, options));
  await runtime.reached("commit.loaded");
  if (options.keepExchange !== true) {
    await removePlan(folder);
    await runtime.reached("commit.exchange.removed");
  }
  return Object.assign(info, { planId: first.planId, alreadyLoaded, normalizedAgain: normalizedAgain ?? [] });
}

/**
 * Commits the package of a plan, or what there is to save without one.
 * @returns the partitions that were normalized again; `null` when the plan was loaded before
 */
async function assemble(
  operation: Operation,
  manifests: readonly PartitionManifest[],
  { folder, options }: { readonly folder: PlanFolder; readonly options: CommitOptions },
): Promise<readonly number[] | null> {
  const { claimed, recorder, signal } = operation;
  const { context } = claimed;
  const { target, clients } = requireDestination(operation, "commit");
  const [first] = manifests;
  if (first === undefined) return null;
  const { client } = await clients.forSchema(first.source);
  const lastLoadId = (await client.state?.readLastLoadId()) ?? null;
  const loadedHere = await listPackages(claimed.store, "loaded");
  const binding = schemaBinding(context, target, first.source);
  // `null`: the destination cannot tell.
  const wasLoaded = loadedHere.includes(first.loadId) || ((await client.state?.hasLoad(first.loadId)) ?? null);
  if (wasLoaded === true) return null;
  const plan = await readPlan(folder);
  if (plan === null) {
    // Nothing tells that nothing was loaded.
    checkComplete(manifests, first.partitionCount);
    if (manifests.every(({ isEmpty }) => isEmpty)) return null;
    throw planNotFound(folder);
  }
  const choice = await chooseAttempts(folder, plan, manifests);
  const documents = withFirstDeclarations(choice.documents, { plan, schema: parseSchema(plan.schema, binding) });
  const attempts = openAttempts(folder, documents, schemaPlace(context));
  const content = commitContent(claimed, plan, { attempts, binding });
  if (content.isEmpty && isSaved(claimed, plan, content)) return null;
  const loadIds = [...(await pendingLoadIds(claimed.store)), ...loadedHere];
  if (lastLoadId !== null) loadIds.push(lastLoadId);
  assertCurrent(claimed, plan, { loadIds, isNew: wasLoaded === false });
  let normalizedAgain: readonly number[] = [];
  await recorder.step("normalize", async (at) => {
    const startedAt = context.runtime.nowMicros();
    at(plan.loadId);
    await context.runtime.reached("normalize.started");
    const { workers } = options;
    const bind = async () => {
      await bindAttempts(folder, choice);
      await context.runtime.reached("commit.attempts.chosen");
    };
    const input = { claimed, target, binding, plan, attempts, workers, signal, bind };
    normalizedAgain = await commitContentOf(input, content);
    return await normalizeStepInfo(claimed, { loadIds: content.isEmpty ? [] : [plan.loadId], startedAt });
  });
  return normalizedAgain;
}

/** Extracts the row of the state, unless it came with the package: where that is not of the default schema. */
async function extractState({ claimed, destination, signal }: Operation, loadId: string): Promise<void> {
  noteLoadId(claimed, loadId);
  await extractStep({ claimed, sources: [], dataInfo: [], destination, refresh: null, follower: null, signal });
}

/**
 * Refuses a plan that starts from where the pipeline is no more.
 * @throws PackageError `PLAN_OUTDATED`
 */
function assertCurrent(
  { context, state, schemas }: ClaimedPipeline,
  plan: PlanDocument,
  known: {
    /** What is loaded, or waits to be. */
    readonly loadIds: readonly string[];
    /** The plan was not loaded; otherwise the destination cannot tell. */
    readonly isNew: boolean;
  },
): void {
  const stored = schemas.get(plan.source);
  const schemaHash = stored === undefined ? null : parseSchema(stored, schemaPlace(context)).versionHash;
  const later = known.loadIds.find((loadId) => compareLoadIds(loadId, plan.loadId) > 0);
  let reason: string;
  if (later !== undefined) reason = `load \`${later}\` came after it`;
  else if (encodeSourceState(state.sources, plan.source) !== plan.sourceState)
    reason = "the state of its source is another one now";
  else if (schemaHash !== plan.schemaHash) reason = "the schema of its source is another one now";
  else return;
  throw new PackageError(
    "PLAN_OUTDATED",
    `Plan \`${plan.planId}\` does not start from where pipeline \`${plan.pipelineName}\` is: ${reason}. This commit has loaded nothing.`,
    {
      hint: known.isNew
        ? `Make ${planAnew}`
        : `Look first whether load \`${plan.loadId}\` is at the destination, which cannot tell: if it is, all is done. Otherwise make ${planAnew}`,
      context: { planId: plan.planId, pipelineName: plan.pipelineName, source: plan.source },
    },
  );
}

const planAnew =
  "a new plan and run its partitions. Make sure that nothing else runs this pipeline between `plan` and `commit`.";
