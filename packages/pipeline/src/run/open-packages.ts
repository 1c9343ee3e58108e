import type { Schema, SchemaText, SourceDefinition, StateRecord } from "@dlt/core";
import { bumpVersion, formatSchema, parseSchema } from "@dlt/core/engine";
import { type LoadPackageInfo, readPackageInfo } from "../info/package-info.js";
import { commitExtract, discardExtract, type ExtractedPackage } from "../package/extracted-package.js";
import { stateLast } from "../package/package-order.js";
import { deleteFolder, stagePath } from "../package/package-store.js";
import { encodePipelineState, type PipelineState } from "../state/state-document.js";
import { bumpState } from "../state/state-hash.js";
import { encodeSourceState } from "../state/state-object.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import {
  addChunk,
  type ChunkFollower,
  dropsTables,
  hasContent,
  type OpenPackage,
  openPackage,
  packageContent,
} from "./extract-packages.js";
import { withExtracted } from "./pipeline-state.js";
import type { Refresh } from "./refresh.js";
import { importSchemas } from "./schema-imports.js";
import { sourceSchema } from "./source-schema.js";
import { configuredNesting } from "./source-settings.js";
import { stateChunk, withStateTable } from "./state-chunk.js";
import { schemaBinding, schemaPlace, type Target } from "./target.js";

export interface OpenPackagesOptions {
  readonly claimed: ClaimedPipeline;
  readonly target: Target | null;
  readonly follower: ChunkFollower | null;
  /** Their rows were rejected before. */
  readonly isReplay: boolean;
}

/** Tells what is forgotten of a schema before its package is opened; `stored`: that of the pipeline, `null`: it has none. */
export type Forget = (stored: Schema | null) => Promise<Refresh | null>;

export const forgetNothing: Forget = async () => null;

interface CommittedPackage {
  readonly info: LoadPackageInfo;
  readonly metrics: OpenPackage["metrics"];
}

/** The packages of an extract, one for each schema, from when they are opened until they are committed together. */
export class OpenPackages {
  readonly #options: OpenPackagesOptions;
  readonly #open = new Map<string, OpenPackage>();
  /** Those that were committed, oldest first. */
  readonly committed: CommittedPackage[] = [];

  constructor(options: OpenPackagesOptions) {
    this.#options = options;
  }

  /** The package of a schema that no source declares anything of. */
  async ofSchema(name: string): Promise<OpenPackage> {
    return this.#open.get(name) ?? (await this.open({ name, sources: [], refresh: forgetNothing }));
  }

  async open(options: {
    /** Of the schema. */
    readonly name: string;
    readonly sources: readonly SourceDefinition[];
    /** For the first package of a schema. */
    readonly refresh: Forget;
  }): Promise<OpenPackage> {
    const { claimed, target, follower, isReplay } = this.#options;
    const { name, sources } = options;
    const { context, schemas } = claimed;
    await importSchemas(claimed, [name]);
    const binding = schemaBinding(context, target, name);
    const text = schemas.get(name);
    const stored = text === undefined ? null : parseSchema(text, binding);
    const refresh = await options.refresh(stored);
    const startSchema = sourceSchema({
      name,
      sources,
      stored: refresh === null ? stored : refresh.stored,
      followsImports: context.schemaFiles.importFolder !== null,
      binding,
      configuredNesting: (source) => configuredNesting(context.config, source),
    });
    const opened = await openPackage(claimed, {
      extractId: this.#extractId(),
      startSchema: refresh?.linked(startSchema) ?? startSchema,
      isReplay,
      refresh,
      follower,
    });
    this.#open.set(name, opened);
    return opened;
  }

  /**
   * Commits what is open together with schemas and state, of which a row goes into the package of the default schema: all or nothing.
   * @returns the packages that have content, in the order in which they are to be normalized
   */
  async commit(sources: PipelineState["sources"]): Promise<readonly OpenPackage[]> {
    const { claimed, follower } = this.#options;
    const named = withExtracted(claimed, [...this.#open.keys()].sort());
    const keepsSources = named.keepsSources || [...this.#open.values()].some(({ refresh }) => refresh !== null);
    const { state, stateRecord } = await this.#addState(bumpState({ ...named, sources, keepsSources }));
    for (const each of this.#open.values()) follower?.ended(each);
    const packages = await this.#commitWith(state, stateRecord);
    this.#open.clear();
    const place = schemaPlace(claimed.context);
    for (const { loadId, metrics } of packages) {
      const info = await readPackageInfo(claimed.store, "extracted", { loadId, place });
      this.committed.push({ info, metrics });
    }
    return stateLast(packages, ({ loadId }) => loadId === stateRecord?.loadId);
  }

  /** Forgets the package of a schema that is open. The others stay. */
  async drop(schemaName: string): Promise<void> {
    const dropped = this.#open.get(schemaName);
    if (dropped === undefined) return;
    const { claimed, follower } = this.#options;
    await follower?.dropped(dropped);
    if (this.#open.size === 1) await this.discard();
    else await deleteFolder(stagePath(claimed.store, "extracting", dropped.extractId, dropped.loadId));
    this.#open.delete(schemaName);
  }

  /** Forgets what is open. */
  async discard(): Promise<void> {
    const extractId = this.#extractId();
    if (extractId !== null) await discardExtract(this.#options.claimed.store, extractId);
  }

  /** Of the packages that are open, which are committed together. */
  #extractId(): string | null {
    const [first] = this.#open.values();
    return first?.extractId ?? null;
  }

  /** Adds the row of the state to the package of the default schema, when the state changed or tables are dropped. */
  async #addState(
    state: PipelineState,
  ): Promise<{ readonly state: PipelineState; readonly stateRecord: StateRecord | null }> {
    const { claimed, follower } = this.#options;
    const { context } = claimed;
    const isForced = [...this.#open.values()].some(dropsTables);
    const { defaultSchemaName } = state;
    const isKnown = state.versionHash === state.local.lastExtractedHash && !isForced;
    if (isKnown || defaultSchemaName === null || !context.settings.restoreFromDestination)
      return { state, stateRecord: null };
    const target = await this.ofSchema(defaultSchemaName);
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

  async #commitWith(state: PipelineState, stateRecord: StateRecord | null): Promise<readonly OpenPackage[]> {
    const { claimed } = this.#options;
    const { store, schemas } = claimed;
    const extractId = this.#extractId();
    if (extractId === null) return [];
    const changed = new Map<string, SchemaText>();
    const packages: OpenPackage[] = [];
    const contents: ExtractedPackage[] = [];
    for (const [name, each] of this.#open) {
      changed.set(name, formatSchema(bumpVersion(each.schema)));
      if (!hasContent(each)) {
        await deleteFolder(stagePath(store, "extracting", extractId, each.loadId));
        continue;
      }
      const origin = {
        before: { schema: schemas.get(name) ?? null, sourceState: encodeSourceState(claimed.state.sources, name) },
        ...each.refresh?.origin(each.startSchema, claimed.state.sources),
      };
      const ownRecord = stateRecord?.loadId === each.loadId ? stateRecord : null;
      contents.push(packageContent(each, { origin, state: ownRecord }));
      packages.push(each);
    }
    const change = { state: encodePipelineState(state), schemas: Object.fromEntries(changed) };
    await commitExtract(store, extractId, { packages: contents, change });
    for (const [name, text] of changed) schemas.set(name, text);
    claimed.state = state;
    return packages;
  }
}
