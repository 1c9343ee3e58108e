import type { SourceDefinition } from "@dlt/core";
import { type EpochLimits, SharedTables, type UncutResource, wholeSources } from "../extract/index.js";
import { dateOf } from "../info/duration.js";
import { type ExtractInfo, extractInfo } from "../info/extract-info.js";
import { createHeld, discardHeld } from "../package/extracted-package.js";
import type { StateObject } from "../state/state-object.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { extractDestination } from "./extract-destination.js";
import {
  type ChunkFollower,
  type ExtractSourceOptions,
  extractSource,
  type OpenPackage,
  type PackageEpochs,
} from "./extract-packages.js";
import { type Forget, forgetNothing, OpenPackages } from "./open-packages.js";
import type { OpenDestination } from "./operation.js";
import type { RefreshMode } from "./pipeline-options.js";
import { withExtracted } from "./pipeline-state.js";
import { refreshOf, refusePending } from "./refresh.js";
import { sourceSettings } from "./source-settings.js";

export interface ExtractStepInput {
  readonly claimed: ClaimedPipeline;
  readonly sources: readonly SourceDefinition[];
  /** What the sources were made from, for the info. */
  readonly dataInfo: ExtractInfo["extractDataInfo"];
  readonly destination: OpenDestination | null;
  /** What is forgotten of the sources first; `null`: nothing. */
  readonly refresh: RefreshMode | null;
  /** Told of chunks while they are extracted. */
  readonly follower: ChunkFollower | null;
  /** Forgets something of a schema that no source is read for. Default: nothing. */
  readonly forget?: { readonly schemaName: string; readonly refresh: Forget };
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
  /** Packages with content in the order in which they are to be normalized, without those of epochs before. */
  readonly packages: readonly OpenPackage[];
  /** Resources that an extract in epochs did not cut. */
  readonly uncut: readonly UncutResource[];
  /** It was stopped before its resources had come to their end. */
  readonly wasStopped: boolean;
}

/** An extract that is under way. */
interface OpenExtract {
  readonly input: ExtractStepInput;
  readonly packages: OpenPackages;
  readonly uncut: UncutResource[];
  wasStopped: boolean;
  readonly heldFolder: string | null;
}

/**
 * Extracts sources into packages, one for each schema, and commits them together with schemas and state: all or nothing. In epochs
 * this holds for each of them. After an error nothing else is kept and the state is as it was.
 */
export async function extractStep(input: ExtractStepInput): Promise<ExtractStepResult> {
  const { claimed, epochs, destination, follower, replay } = input;
  const { runtime } = claimed.context;
  const startedAt = runtime.nowMicros();
  await refusePending(claimed, input.refresh === null ? null : `refresh: "${input.refresh}"`);
  await runtime.reached("extract.started");
  const heldFolder = epochs === undefined ? null : await createHeld(claimed.store);
  const { target = null } = destination ?? {};
  const open = new OpenPackages({ claimed, target, follower, isReplay: replay !== undefined });
  const extract: OpenExtract = { input, packages: open, uncut: [], wasStopped: false, heldFolder };
  try {
    const extracted = await extractAll(extract);
    const packages = await open.commit((await replay?.((name) => open.ofSchema(name), extracted)) ?? extracted);
    return { info: infoOf(extract, startedAt), packages, uncut: extract.uncut, wasStopped: extract.wasStopped };
  } catch (error) {
    await open.discard();
    throw error;
  } finally {
    if (heldFolder !== null) await discardHeld(claimed.store);
  }
}

/** @returns the new `sources` part of the state */
async function extractAll(extract: OpenExtract): Promise<StateObject> {
  const { claimed, sources, follower, epochs, forget } = extract.input;
  const names = [...new Set(sources.map((source) => source.name))].sort();
  // The schema whose package also gets the row of the state.
  const { defaultSchemaName: stateCarrier } = withExtracted(claimed, names);
  let sourcesState = claimed.state.sources;
  for (const name of names) {
    if (epochs?.stopSignal.aborted === true) {
      extract.wasStopped = true;
      break;
    }
    const schemaSources = { name, sources: sources.filter((source) => source.name === name) };
    const { refresh: mode } = extract.input;
    const refresh: Forget = (stored) => refreshOf(claimed, { mode, stored, sources: schemaSources.sources });
    const open = await extract.packages.open({ ...schemaSources, refresh });
    const opened = { ...schemaSources, open, sourcesState };
    const whole = epochs === undefined ? [] : wholeSources(opened.sources, open.startSchema);
    extract.uncut.push(...whole);
    const extracted =
      epochs === undefined || whole.length === 0
        ? await extractEach(extract, opened)
        : await extractWhole(extract, opened, epochs.stopSignal);
    sourcesState = extracted.sourcesState;
    if (name !== stateCarrier) follower?.ended(extracted.open);
  }
  if (forget !== undefined) {
    const { schemaName: name, refresh } = forget;
    const open = await extract.packages.open({ name, sources: [], refresh });
    sourcesState = stateAfterRefresh({ open, sourcesState });
  }
  return sourcesState;
}

/** The sources of a schema, and where their rows go. */
interface SchemaSources {
  readonly name: string;
  readonly sources: readonly SourceDefinition[];
  readonly open: OpenPackage;
  /** As it is before they are extracted. */
  readonly sourcesState: StateObject;
}

type Extracted = Pick<SchemaSources, "open" | "sourcesState">;

/** Extracts sources that can be stopped between each other, in epochs or at once. */
async function extractEach(extract: OpenExtract, schemaSources: SchemaSources): Promise<Extracted> {
  const { packages, input } = extract;
  const { name, sources } = schemaSources;
  let { open } = schemaSources;
  let sourcesState = stateAfterRefresh(schemaSources);
  const tables = new SharedTables();
  const openNext = async (): Promise<OpenPackage> => {
    open = await packages.open({ name, sources, refresh: forgetNothing });
    return open;
  };
  for (const source of sources) {
    if (input.epochs?.stopSignal.aborted === true) {
      extract.wasStopped = true;
      break;
    }
    const epochs = packageEpochsOf(extract, { tables, openNext });
    const extracted = await extractSource(input.claimed, open, {
      ...sourceInput(input, { source, sourcesState }),
      epochs,
    });
    sourcesState = extracted.sourcesState;
    extract.uncut.push(...extracted.uncut);
    extract.wasStopped ||= extracted.wasStopped;
  }
  return { open, sourcesState };
}

/** Extracts sources that write to a table which has to be loaded at once: all of them, or none when the run is stopped. */
async function extractWhole(
  extract: OpenExtract,
  schemaSources: SchemaSources,
  stopSignal: AbortSignal,
): Promise<Extracted> {
  const { packages, input } = extract;
  const { name, sources, open } = schemaSources;
  const signal = AbortSignal.any([input.signal, stopSignal]);
  let sourcesState = stateAfterRefresh(schemaSources);
  try {
    for (const source of sources) {
      const options = { ...sourceInput(input, { source, sourcesState }), signal, epochs: null };
      ({ sourcesState } = await extractSource(input.claimed, open, options));
    }
    return { open, sourcesState };
  } catch (error) {
    if (!stopSignal.aborted || error !== stopSignal.reason) throw error;
    extract.wasStopped = true;
    await packages.drop(name);
    return { open, sourcesState: schemaSources.sourcesState };
  }
}

function stateAfterRefresh({ open, sourcesState }: Extracted): StateObject {
  return open.refresh?.resetState(sourcesState) ?? sourcesState;
}

function sourceInput(
  { claimed, follower, signal, destination: open }: ExtractStepInput,
  { source, sourcesState }: { readonly source: SourceDefinition; readonly sourcesState: StateObject },
): Omit<ExtractSourceOptions, "epochs"> {
  const settings = sourceSettings(claimed.context, source);
  const destination = open === null ? undefined : extractDestination(claimed.context, open, source.name);
  return { source, sourcesState, follower, settings, signal, destination };
}

function packageEpochsOf(
  extract: OpenExtract,
  schema: { readonly tables: SharedTables; openNext(): Promise<OpenPackage> },
): PackageEpochs | null {
  const { heldFolder, packages } = extract;
  const { epochs } = extract.input;
  if (epochs === undefined || heldFolder === null) return null;
  const { limits, stopSignal, committed } = epochs;
  return {
    limits,
    stopSignal,
    heldFolder,
    tables: schema.tables,
    next: async (sourcesState) => {
      await committed(await packages.commit(sourcesState));
      return await schema.openNext();
    },
  };
}

function infoOf({ input, packages: { committed } }: OpenExtract, startedAt: bigint): ExtractInfo {
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
