import type { NamingConvention, SourceDefinition } from "@dlt/core";
import { encodeBase64, formatSchema, listPartitions, parseSchema, resourceDefinition } from "@dlt/core/engine";
import type { RunData } from "../extract/index.js";
import { openLiveState } from "../extract/live-state.js";
import { checkSources } from "../run/check-sources.js";
import { takeLoadId } from "../run/claimed-pipeline.js";
import { type Operation, requireDestination } from "../run/operation.js";
import { finishPending, syncOnce } from "../run/run-pipeline.js";
import { importSchemas } from "../run/schema-imports.js";
import { sourceSchema } from "../run/source-schema.js";
import { configuredNesting } from "../run/source-settings.js";
import { schemaBinding, schemaPlace } from "../run/target.js";
import { encodeSourceState } from "../state/state-object.js";
import { loadIdMicros } from "../workspace/load-id.js";
import { checkExchange, planFolder, publishPlan } from "./exchange.js";
import { cursorsOf, groupResources, type ResourceGroup, startingAnew, whyNotSplit } from "./group-resources.js";
import type { NotSplit, Partition, PartitionPlan, PlanOptions } from "./partition.js";
import { oneSource } from "./partition-source.js";
import type { PlanDocument, PlannedPart } from "./plan-document.js";
import { plannedOptions, refuseRefresh } from "./planned-options.js";

/**
 * Plans how a source is read in parts, and writes down what all of them start from: state, schema and load id. Finishes packages of
 * earlier runs first, as a run does.
 *
 * @throws SourceError `PLAN_SOURCE_UNSUPPORTED`, `RESOURCE_PARTITIONS_INVALID`; PackageError `PARTITION_OPTION_UNSUPPORTED`,
 * `EXCHANGE_INVALID`; PipelineStepError
 */
export async function planPartitions(
  operation: Operation,
  data: RunData,
  options: Partial<PlanOptions>,
): Promise<PartitionPlan> {
  const { claimed, signal } = operation;
  const { target, clients } = requireDestination(operation, "plan");
  const { context } = claimed;
  const { runtime, config } = context;
  const { exchange, ...hints } = options;
  checkExchange(exchange);
  refuseRefresh(context, "plan", options);
  await syncOnce(operation);
  await finishPending(operation, { ...(options.signal && { signal: options.signal }) });
  const source = await oneSource(claimed, data, hints);
  const planned = plannedOptions(hints, source, runtime);
  const { client } = await clients.forSchema(null);
  checkSources([source], { destination: target.destination, client });
  await importSchemas(claimed, [source.name]);
  const stored = claimed.schemas.get(source.name) ?? null;
  const start = sourceSchema({
    name: source.name,
    sources: [source],
    stored: stored === null ? null : parseSchema(stored, schemaPlace(context)),
    followsImports: context.schemaFiles.importFolder !== null,
    binding: schemaBinding(context, target, source.name),
    configuredNesting: (each) => configuredNesting(config, each),
  });
  const { version, versionHash, previousHashes } = start;
  const { parts, notSplit } = await partsOf(source, start.naming, operation);
  const loadId = takeLoadId(claimed);
  const { defaultSchemaName, destinationType, destinationName, stagingType, stagingName, datasetName } = claimed.state;
  const planId = `${context.pipelineName}-${loadId}-${Buffer.from(runtime.randomBytes(4)).toString("hex")}`;
  const plan: PlanDocument = {
    format: 1,
    planId,
    pipelineName: context.pipelineName,
    loadId,
    createdAt: String(loadIdMicros(loadId)),
    seed: encodeBase64(runtime.randomBytes(32)),
    source: source.name,
    sourceState: encodeSourceState(claimed.state.sources, source.name),
    schemaHash: stored === null ? null : parseSchema(stored, schemaPlace(context)).versionHash,
    schema: formatSchema(start),
    schemaVersion: { version, versionHash, previousHashes },
    remembered: { defaultSchemaName, destinationType, destinationName, stagingType, stagingName, datasetName },
    options: planned,
    parts,
  };
  signal.throwIfAborted();
  const folder = planFolder(exchange, planId, runtime.cwd);
  await publishPlan(folder, plan, (point) => runtime.reached(point));
  const partitions = parts.map((part, index): Partition => {
    const { resources, range } = part;
    const { pipelineName } = context;
    const place = { planId, pipelineName, exchange: folder.exchange, index, source: source.name, resources };
    return { ...place, ...(range !== undefined && { range }) };
  });
  return { planId, exchange: folder.exchange, loadId, partitions, notSplit };
}

async function partsOf(
  source: SourceDefinition,
  naming: NamingConvention,
  { claimed, signal }: Operation,
): Promise<{ readonly parts: readonly PlannedPart[]; readonly notSplit: readonly NotSplit[] }> {
  const state = openLiveState(claimed.state.sources, source.name);
  const environment = {
    source: source.name,
    signal,
    resourceState: state.resource,
    sourceState: () => state.source,
  };
  const parts: PlannedPart[] = [];
  const notSplit: NotSplit[] = [];
  for (const group of groupResources(source, naming)) {
    for (const name of startingAnew(group.nodes)) state.resetResource(name);
    const whole: PlannedPart = { resources: group.resources, split: null, cursors: [] };
    const reason = whyNotSplit(group);
    const ranges = reason === null ? await rangesOf(group, environment) : null;
    const splitting = group.roots.filter((root) => resourceDefinition(root).partitions !== undefined);
    if (ranges !== null && ranges.length > 0) {
      const [split = null] = splitting.map(({ name }) => name);
      const cursors = cursorsOf(group);
      for (const range of ranges) parts.push({ resources: group.resources, range, split, cursors });
      continue;
    }
    parts.push(whole);
    for (const { name } of splitting) notSplit.push({ resource: name, reason: reason ?? "It gave no parts." });
  }
  return { parts, notSplit };
}

async function rangesOf(
  { roots }: ResourceGroup,
  environment: Parameters<typeof listPartitions>[1],
): ReturnType<typeof listPartitions> {
  const [root] = roots;
  return root === undefined ? null : await listPartitions(root, environment);
}
