import type { SchemaText, SourceDefinition, StateRecord } from "@dlt/core";
import { bumpVersion, formatSchema } from "@dlt/core/engine";
import type { ConfigContext } from "../config/config-context.js";
import { extractSettings, normalizeSettings } from "../config/engine-settings.js";
import { dateOf } from "../info/duration.js";
import { type ExtractInfo, extractInfo } from "../info/extract-info.js";
import { readPackageInfo } from "../info/package-info.js";
import { commitExtract, discardExtract, writeExtracted } from "../package/extracted-package.js";
import type { LocalChange } from "../package/local-change.js";
import { deleteFolder, stagePath } from "../package/package-store.js";
import { encodePipelineState, type PipelineState, sourceStateText } from "../state/state-document.js";
import { bumpState } from "../state/state-hash.js";
import type { StateObject } from "../state/state-object.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import {
  addChunk,
  type ChunkFollower,
  extractSource,
  hasContent,
  type OpenPackage,
  openPackage,
  packageContent,
} from "./extract-packages.js";
import { withSchemas } from "./pipeline-state.js";
import { importSchemas } from "./schema-imports.js";
import { sourceSchema } from "./source-schema.js";
import { stateChunk, withStateTable } from "./state-chunk.js";
import { schemaBinding, schemaPlace, type Target } from "./target.js";

export interface ExtractStepInput {
  readonly claimed: ClaimedPipeline;
  readonly sources: readonly SourceDefinition[];
  /** What the sources were made from, for the info. */
  readonly dataInfo: ExtractInfo["extractDataInfo"];
  readonly target: Target | null;
  /** Told of chunks while they are extracted. */
  readonly follower: ChunkFollower | null;
  /** Adds rows that were rejected before. Default: none. */
  readonly replay?: Replay;
  readonly signal: AbortSignal;
}

/** Adds rows to the packages of their schemas; gives the new `sources` part of the state. */
export type Replay = (
  packageOf: (schemaName: string) => Promise<OpenPackage>,
  sources: StateObject,
) => Promise<StateObject>;

/** What an extract committed. */
export interface ExtractStepResult {
  readonly info: ExtractInfo;
  /** Packages with content, oldest first. */
  readonly packages: readonly OpenPackage[];
}

/**
 * Extracts sources into packages, one for each schema, and commits them together with schemas and state: all or nothing.
 * After an error nothing is kept and the state is as it was.
 */
export async function extractStep(input: ExtractStepInput): Promise<ExtractStepResult> {
  const { claimed, follower } = input;
  const { runtime } = claimed.context;
  const startedAt = runtime.nowMicros();
  const open = new Map<string, OpenPackage>();
  await runtime.reached("extract.started");
  const names = [...new Set(input.sources.map((source) => source.name))].sort();
  const named = withSchemas(claimed.state, [...claimed.schemas.keys(), ...names], names[0] ?? null);
  try {
    const packageOf = async (name: string) => open.get(name) ?? (await openFor(input, open, { name, sources: [] }));
    const extracted = await extractAll(input, open, { names, stateCarrier: named.defaultSchemaName });
    const sources = (await input.replay?.(packageOf, extracted)) ?? extracted;
    const { state, stateRecord } = await addState(input, open, bumpState({ ...named, sources }));
    for (const each of open.values()) follower?.ended(each);
    const packages = await commit(claimed, { open, state, stateRecord });
    const info = await infoOf(input, packages, startedAt);
    return { info, packages };
  } catch (error) {
    const [first] = open.values();
    if (first !== undefined) await discardExtract(claimed.store, first.extractId);
    throw error;
  }
}

/** @returns the new `sources` part of the state */
async function extractAll(
  input: ExtractStepInput,
  open: Map<string, OpenPackage>,
  options: {
    readonly names: readonly string[];
    /** The schema whose package also gets the row of the state. */
    readonly stateCarrier: string | null;
  },
): Promise<PipelineState["sources"]> {
  const { claimed, sources, follower, signal } = input;
  const { names, stateCarrier } = options;
  const { config } = claimed.context;
  let sourcesState = claimed.state.sources;
  for (const name of names) {
    const sameSchema = sources.filter((source) => source.name === name);
    const target = await openFor(input, open, { name, sources: sameSchema });
    for (const source of sameSchema) {
      const { maxParallelItems, nextItemMode = "round_robin" } = extractSettings({
        config,
        source: ["sources", source.section, source.name],
      });
      const settings = { maxParallelItems, nextItemMode, keepsRejects: claimed.context.rejects !== "none" };
      sourcesState = await extractSource(claimed, target, { source, sourcesState, follower, settings, signal });
    }
    if (name !== stateCarrier) follower?.ended(target);
  }
  return sourcesState;
}

async function openFor(
  { claimed, target, follower, replay }: ExtractStepInput,
  open: Map<string, OpenPackage>,
  options: { readonly name: string; readonly sources: readonly SourceDefinition[] },
): Promise<OpenPackage> {
  const { name, sources } = options;
  const { context, schemas } = claimed;
  await importSchemas(claimed, [name]);
  const [first] = open.values();
  const startSchema = sourceSchema({
    name,
    sources,
    stored: schemas.get(name) ?? null,
    followsImports: context.schemaFiles.importFolder !== null,
    binding: schemaBinding(context, target, name),
    configuredNesting: (source) => configuredNesting(context.config, source),
  });
  const isReplay = replay !== undefined;
  const opened = await openPackage(claimed, { extractId: first?.extractId ?? null, startSchema, isReplay, follower });
  open.set(name, opened);
  return opened;
}

/** The nesting limit of the configuration. */
function configuredNesting(config: ConfigContext, { section, name }: SourceDefinition): number | undefined {
  const { maxTableNesting } = extractSettings({ config, source: ["sources", section, name] });
  return maxTableNesting ?? normalizeSettings({ config }).maxTableNesting;
}

/** Adds the row of the state to the package of the default schema, when the state changed. */
async function addState(
  input: ExtractStepInput,
  open: Map<string, OpenPackage>,
  state: PipelineState,
): Promise<{ readonly state: PipelineState; readonly stateRecord: StateRecord | null }> {
  const { claimed, follower } = input;
  const { context } = claimed;
  const { defaultSchemaName } = state;
  const isKnown = state.versionHash === state.local.lastExtractedHash;
  if (isKnown || defaultSchemaName === null || !context.settings.restoreFromDestination)
    return { state, stateRecord: null };
  const target = open.get(defaultSchemaName) ?? (await openFor(input, open, { name: defaultSchemaName, sources: [] }));
  const createdAt = context.runtime.nowMicros();
  target.schema = withStateTable(target.schema);
  const { chunk, record } = stateChunk({
    state,
    schema: target.schema,
    loadId: target.loadId,
    createdAt,
    index: target.chunks.length,
  });
  await addChunk(claimed, target, { chunk, follower });
  const local = { ...state.local, lastExtractedAt: createdAt, lastExtractedHash: state.versionHash };
  return { state: { ...state, local }, stateRecord: record };
}

async function commit(
  claimed: ClaimedPipeline,
  result: {
    readonly open: ReadonlyMap<string, OpenPackage>;
    readonly state: PipelineState;
    readonly stateRecord: StateRecord | null;
  },
): Promise<readonly OpenPackage[]> {
  const { store, schemas } = claimed;
  const { open, state, stateRecord } = result;
  const changed = new Map<string, SchemaText>();
  const packages: OpenPackage[] = [];
  for (const [name, each] of open) {
    changed.set(name, formatSchema(bumpVersion(each.schema)));
    if (!hasContent(each)) {
      await deleteFolder(stagePath(store, "extracting", each.extractId, each.loadId));
      continue;
    }
    const before = { schema: schemas.get(name) ?? null, sourceState: sourceStateText(claimed.state, name) };
    const ownRecord = stateRecord?.loadId === each.loadId ? stateRecord : null;
    await writeExtracted(store, each.extractId, packageContent(each, { before, state: ownRecord }));
    packages.push(each);
  }
  const change: LocalChange = { state: encodePipelineState(state), schemas: Object.fromEntries(changed) };
  const [first] = open.values();
  if (first === undefined) return packages;
  await commitExtract(store, first.extractId, change);
  for (const [name, text] of changed) schemas.set(name, text);
  claimed.state = state;
  return packages;
}

async function infoOf(
  { claimed, dataInfo }: ExtractStepInput,
  packages: readonly OpenPackage[],
  startedAt: bigint,
): Promise<ExtractInfo> {
  const { store, context } = claimed;
  const finishedAt = context.runtime.nowMicros();
  const loadPackages = [];
  const place = schemaPlace(context);
  for (const { loadId } of packages) loadPackages.push(await readPackageInfo(store, "extracted", { loadId, place }));
  return extractInfo({
    pipeline: { pipelineName: context.pipelineName },
    loadsIds: packages.map(({ loadId }) => loadId),
    loadPackages,
    firstRun: claimed.state.local.firstRun,
    startedAt: dateOf(startedAt),
    finishedAt: dateOf(finishedAt),
    isEmpty: packages.length === 0,
    extractDataInfo: dataInfo,
    metrics: Object.fromEntries(packages.map(({ loadId, metrics }) => [loadId, metrics])),
  });
}
