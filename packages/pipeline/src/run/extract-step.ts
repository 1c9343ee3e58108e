import type { SchemaText, SourceDefinition, StateRecord } from "@dlt/core";
import { bumpVersion, formatSchema, parseSchema } from "@dlt/core/engine";
import { type EpochLimits, resourceGraph, shareTables, type UncutResource } from "../extract/index.js";
import { dateOf } from "../info/duration.js";
import { type ExtractInfo, extractInfo } from "../info/extract-info.js";
import { type LoadPackageInfo, readPackageInfo } from "../info/package-info.js";
import {
  commitExtract,
  createHeld,
  discardExtract,
  discardHeld,
  writeExtracted,
} from "../package/extracted-package.js";
import type { LocalChange } from "../package/local-change.js";
import { deleteFolder, stagePath } from "../package/package-store.js";
import { encodePipelineState, type PipelineState } from "../state/state-document.js";
import { bumpState } from "../state/state-hash.js";
import { encodeSourceState, type StateObject } from "../state/state-object.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import {
  addChunk,
  type ChunkFollower,
  dropsTables,
  extractSource,
  hasContent,
  type OpenPackage,
  openPackage,
  type PackageEpochs,
  packageContent,
} from "./extract-packages.js";
import type { RefreshMode } from "./pipeline-options.js";
import { withSchemas } from "./pipeline-state.js";
import { refreshOf, refusePending } from "./refresh.js";
import { importSchemas } from "./schema-imports.js";
import { sourceSchema } from "./source-schema.js";
import { configuredNesting, sourceSettings } from "./source-settings.js";
import { stateChunk, withStateTable } from "./state-chunk.js";
import { schemaBinding, schemaPlace, type Target } from "./target.js";

export interface ExtractStepInput {
  readonly claimed: ClaimedPipeline;
  readonly sources: readonly SourceDefinition[];
  /** What the sources were made from, for the info. */
  readonly dataInfo: ExtractInfo["extractDataInfo"];
  readonly target: Target | null;
  /** What is forgotten of the sources first; `null`: nothing. */
  readonly refresh: RefreshMode | null;
  /** Told of chunks while they are extracted. */
  readonly follower: ChunkFollower | null;
  /** Adds rows that were rejected before. Default: none. */
  readonly replay?: Replay;
  /** Commits packages while resources are still read. Default: all at the end. */
  readonly epochs?: StepEpochs | undefined;
  readonly signal: AbortSignal;
}

/** How an extract is cut into epochs. */
interface StepEpochs {
  readonly limits: EpochLimits;
  /** Ends the extract at the last checkpoints. */
  readonly stopSignal: AbortSignal;
  /** Told that packages are committed. The next ones are begun once it has resolved, and start from the schemas that are there then. */
  committed(packages: readonly OpenPackage[]): Promise<void>;
}

/** Adds rows to the packages of their schemas; gives the new `sources` part of the state. */
export type Replay = (
  packageOf: (schemaName: string) => Promise<OpenPackage>,
  sources: StateObject,
) => Promise<StateObject>;

/** What an extract committed. */
export interface ExtractStepResult {
  readonly info: ExtractInfo;
  /** Packages with content, oldest first, without those of epochs before. */
  readonly packages: readonly OpenPackage[];
  /** Resources that an extract in epochs did not cut. */
  readonly uncut: readonly UncutResource[];
  /** It was stopped before its resources had come to their end. */
  readonly wasStopped: boolean;
}

/** An extract that is under way. */
interface OpenExtract {
  readonly input: ExtractStepInput;
  /** Packages that are not committed, by schema. */
  readonly open: Map<string, OpenPackage>;
  readonly committed: { readonly info: LoadPackageInfo; readonly metrics: OpenPackage["metrics"] }[];
  readonly uncut: UncutResource[];
  wasStopped: boolean;
  readonly heldFolder: string | null;
}

/**
 * Extracts sources into packages, one for each schema, and commits them together with schemas and state: all or nothing. In epochs
 * this holds for each of them. After an error nothing else is kept and the state is as it was.
 */
export async function extractStep(input: ExtractStepInput): Promise<ExtractStepResult> {
  const { claimed, epochs } = input;
  const { runtime } = claimed.context;
  const startedAt = runtime.nowMicros();
  await refusePending(claimed, input.refresh);
  await runtime.reached("extract.started");
  const heldFolder = epochs === undefined ? null : await createHeld(claimed.store);
  const extract: OpenExtract = { input, open: new Map(), committed: [], uncut: [], wasStopped: false, heldFolder };
  const { open } = extract;
  try {
    const extracted = await extractAll(extract);
    const packageOf = async (name: string) =>
      open.get(name) ?? (await openFor(extract, { name, sources: [], refresh: null }));
    const packages = await commitOpen(extract, (await input.replay?.(packageOf, extracted)) ?? extracted);
    return { info: infoOf(extract, startedAt), packages, uncut: extract.uncut, wasStopped: extract.wasStopped };
  } catch (error) {
    const [first] = open.values();
    if (first !== undefined) await discardExtract(claimed.store, first.extractId);
    throw error;
  } finally {
    if (heldFolder !== null) await discardHeld(claimed.store);
  }
}

/** @returns the new `sources` part of the state */
async function extractAll(extract: OpenExtract): Promise<PipelineState["sources"]> {
  const { claimed, sources, follower, signal, epochs } = extract.input;
  const names = [...new Set(sources.map((source) => source.name))].sort();
  // The schema whose package also gets the row of the state.
  const { defaultSchemaName: stateCarrier } = namedState(claimed, names);
  let sourcesState = claimed.state.sources;
  for (const name of names) {
    const sameSchema = sources.filter((source) => source.name === name);
    let target = await openFor(extract, { name, sources: sameSchema, refresh: extract.input.refresh });
    sourcesState = target.refresh?.resetState(sourcesState) ?? sourcesState;
    const graphs = epochs === undefined ? [] : sameSchema.map(resourceGraph);
    const isWhole = shareTables(graphs, target.startSchema);
    for (const source of sameSchema) {
      if (epochs?.stopSignal.aborted === true) {
        extract.wasStopped = true;
        return sourcesState;
      }
      const settings = sourceSettings(claimed.context, source);
      const packageEpochs = isWhole
        ? null
        : packageEpochsOf(extract, async () => {
            target = await openFor(extract, { name, sources: sameSchema, refresh: null });
            return target;
          });
      const destination = extract.input.target?.destination;
      const input = { source, sourcesState, follower, settings, signal, epochs: packageEpochs, destination };
      const extracted = await extractSource(claimed, target, input);
      sourcesState = extracted.sourcesState;
      extract.uncut.push(...(isWhole ? wholeSource(source) : extracted.uncut));
      extract.wasStopped ||= extracted.wasStopped;
    }
    if (name !== stateCarrier) follower?.ended(target);
  }
  return sourcesState;
}

function wholeSource({ name: source, resources }: SourceDefinition): readonly UncutResource[] {
  const reason = "other sources of the run write to its table, which has to be loaded at once";
  const loaded = [...resources.values()].filter(({ selected }) => selected);
  return loaded.map(({ name: resource }) => ({ source, resource, reason }));
}

function packageEpochsOf(extract: OpenExtract, openNext: () => Promise<OpenPackage>): PackageEpochs | null {
  const { heldFolder } = extract;
  const { epochs } = extract.input;
  if (epochs === undefined || heldFolder === null) return null;
  const { limits, stopSignal, committed } = epochs;
  return {
    limits,
    stopSignal,
    heldFolder,
    next: async (sourcesState) => {
      await committed(await commitOpen(extract, sourcesState));
      return await openNext();
    },
  };
}

/** The state with the schemas that there are and these, without what was extracted. */
function namedState({ state, schemas }: ClaimedPipeline, names: readonly string[]): PipelineState {
  return withSchemas(state, [...schemas.keys(), ...names], names[0] ?? null);
}

/** Commits what is open, with the row of the state. @returns the packages that have content */
async function commitOpen(extract: OpenExtract, sources: PipelineState["sources"]): Promise<readonly OpenPackage[]> {
  const { open } = extract;
  const { claimed, follower } = extract.input;
  const named = namedState(claimed, [...open.keys()].sort());
  const { state, stateRecord } = await addState(extract, bumpState({ ...named, sources }));
  for (const each of open.values()) follower?.ended(each);
  const packages = await commit(claimed, { open, state, stateRecord });
  open.clear();
  const place = schemaPlace(claimed.context);
  for (const { loadId, metrics } of packages) {
    const info = await readPackageInfo(claimed.store, "extracted", { loadId, place });
    extract.committed.push({ info, metrics });
  }
  return packages;
}

async function openFor(
  { input, open }: OpenExtract,
  options: {
    readonly name: string;
    readonly sources: readonly SourceDefinition[];
    /** For the first package of a schema. */
    readonly refresh: RefreshMode | null;
  },
): Promise<OpenPackage> {
  const { claimed, target, follower, replay } = input;
  const { name, sources, refresh: mode } = options;
  const { context, schemas } = claimed;
  await importSchemas(claimed, [name]);
  const binding = schemaBinding(context, target, name);
  const text = schemas.get(name);
  const stored = text === undefined ? null : parseSchema(text, binding);
  const refresh = await refreshOf(claimed, { mode, stored, sources });
  const [first] = open.values();
  const startSchema = sourceSchema({
    name,
    sources,
    stored: refresh === null ? stored : refresh.stored,
    followsImports: context.schemaFiles.importFolder !== null,
    binding,
    configuredNesting: (source) => configuredNesting(context.config, source),
  });
  const isReplay = replay !== undefined;
  const opened = await openPackage(claimed, {
    extractId: first?.extractId ?? null,
    startSchema: refresh?.linked(startSchema) ?? startSchema,
    isReplay,
    refresh,
    follower,
  });
  open.set(name, opened);
  return opened;
}

/** Adds the row of the state to the package of the default schema, when the state changed or tables are dropped. */
async function addState(
  extract: OpenExtract,
  next: PipelineState,
): Promise<{ readonly state: PipelineState; readonly stateRecord: StateRecord | null }> {
  const { claimed, follower } = extract.input;
  const { context } = claimed;
  const isForced = [...extract.open.values()].some(dropsTables);
  // A row that is written in any case has a version of its own, also when it says nothing new.
  const version = isForced && next.version === claimed.state.version ? next.version + 1 : next.version;
  const state = { ...next, version };
  const { defaultSchemaName } = state;
  const isKnown = state.versionHash === state.local.lastExtractedHash && !isForced;
  if (isKnown || defaultSchemaName === null || !context.settings.restoreFromDestination)
    return { state, stateRecord: null };
  const target =
    extract.open.get(defaultSchemaName) ??
    (await openFor(extract, { name: defaultSchemaName, sources: [], refresh: null }));
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
    const origin = {
      before: { schema: schemas.get(name) ?? null, sourceState: encodeSourceState(claimed.state.sources, name) },
      ...each.refresh?.origin(each.startSchema, claimed.state.sources),
    };
    const ownRecord = stateRecord?.loadId === each.loadId ? stateRecord : null;
    await writeExtracted(store, each.extractId, packageContent(each, { origin, state: ownRecord }));
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

function infoOf({ input, committed }: OpenExtract, startedAt: bigint): ExtractInfo {
  const { claimed, dataInfo } = input;
  const { context } = claimed;
  return extractInfo({
    pipeline: { pipelineName: context.pipelineName },
    loadsIds: committed.map(({ info }) => info.loadId),
    loadPackages: committed.map(({ info }) => info),
    firstRun: claimed.state.local.firstRun,
    startedAt: dateOf(startedAt),
    finishedAt: dateOf(context.runtime.nowMicros()),
    isEmpty: committed.length === 0,
    extractDataInfo: dataInfo,
    metrics: Object.fromEntries(committed.map(({ info, metrics }) => [info.loadId, metrics])),
  });
}
