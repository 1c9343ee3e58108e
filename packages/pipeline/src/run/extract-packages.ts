import type { Schema, SourceDefinition, StateRecord } from "@dlt/core";
import { encodeBase64, formatSchema, ownMember, setOwnMember, versionHash } from "@dlt/core/engine";
import {
  type EpochLimits,
  type ExtractDestination,
  type ExtractEpochs,
  type ExtractMetrics,
  type ExtractResult,
  type ExtractSettings,
  extract,
  type SharedTables,
  type UncutResource,
} from "../extract/index.js";
import type { Chunk, ChunkEntry } from "../package/chunk.js";
import { releaseHeldFile, writeChunkFile, writeHeldFile } from "../package/chunk-file.js";
import { createExtracted, type ExtractedPackage } from "../package/extracted-package.js";
import { type FoundFile, findFile } from "../package/imported-file.js";
import type { ExtractManifest, JsonValueDocument } from "../package/manifest.js";
import type { StateObject } from "../state/state-object.js";
import { loadIdMicros } from "../workspace/load-id.js";
import { type ClaimedPipeline, takeLoadId } from "./claimed-pipeline.js";
import type { Refresh } from "./refresh.js";

/** A package while chunks are added to it: all rows that one extract has for one schema. */
export interface OpenPackage {
  readonly extractId: string;
  readonly loadId: string;
  /** 32 bytes that make normalizing this package repeatable. */
  readonly idSeed: Uint8Array;
  readonly createdAt: bigint;
  /** The schema that normalizing starts from. */
  readonly startSchema: Schema;
  readonly chunksFolder: string;
  /** Rows were rejected before, and are added to what their tables have. */
  readonly isReplay: boolean;
  /** What is forgotten of the schema before. */
  readonly refresh: Refresh | null;
  /** The schema with what was declared so far. */
  schema: Schema;
  readonly chunks: ChunkEntry[];
  readonly emptyTables: Set<string>;
  readonly tables: JsonValueDocument[];
  readonly resources: Record<string, ExtractManifest["resources"][string]>;
  readonly metrics: ExtractMetrics[];
}

/** Follows the chunks of packages while they are extracted; whatever it is given is on disk already. */
export interface ChunkFollower {
  opened(open: OpenPackage): Promise<void>;
  given(open: OpenPackage, chunk: Chunk): Promise<void>;
  /** No more chunks will come for the package. */
  ended(open: OpenPackage): void;
  /** The package is not committed, and its chunks are deleted next. */
  dropped(open: OpenPackage): Promise<void>;
}

export async function openPackage(
  claimed: ClaimedPipeline,
  options: {
    readonly extractId: string | null;
    readonly startSchema: Schema;
    readonly isReplay: boolean;
    readonly refresh: Refresh | null;
    readonly follower: ChunkFollower | null;
  },
): Promise<OpenPackage> {
  const { startSchema, isReplay, refresh, follower } = options;
  const loadId = takeLoadId(claimed);
  const extractId = options.extractId ?? loadId;
  const open: OpenPackage = {
    extractId,
    loadId,
    idSeed: claimed.context.runtime.randomBytes(32),
    createdAt: loadIdMicros(loadId),
    startSchema,
    chunksFolder: await createExtracted(claimed.store, extractId, loadId),
    schema: startSchema,
    isReplay,
    refresh,
    chunks: [],
    emptyTables: new Set(),
    tables: [],
    resources: {},
    metrics: [],
  };
  await follower?.opened(open);
  return open;
}

/** How the packages of an extract in epochs are committed. */
export interface PackageEpochs {
  readonly limits: EpochLimits;
  readonly stopSignal: AbortSignal;
  readonly heldFolder: string;
  readonly tables: SharedTables;
  /** Commits what is open, and opens the next package of the same schema. */
  next(sourcesState: StateObject): Promise<OpenPackage>;
}

export interface ExtractSourceOptions {
  readonly source: SourceDefinition;
  readonly sourcesState: StateObject;
  readonly follower: ChunkFollower | null;
  readonly settings: ExtractSettings | undefined;
  readonly signal: AbortSignal;
  readonly epochs: PackageEpochs | null;
  /** Where the rows will be loaded, when that is known. */
  readonly destination: ExtractDestination | undefined;
}

/** What became of the rows of a source. */
interface ExtractedSource {
  /** The `sources` part of the state. */
  readonly sourcesState: StateObject;
  readonly uncut: readonly UncutResource[];
  /** It was stopped before its resources had come to their end. */
  readonly wasStopped: boolean;
}

/** Adds the rows of a source to a package, or in epochs to that package and the next ones. */
export async function extractSource(
  claimed: ClaimedPipeline,
  first: OpenPackage,
  options: ExtractSourceOptions,
): Promise<ExtractedSource> {
  const { source, sourcesState, follower, settings, signal, epochs, destination } = options;
  const { runtime } = claimed.context;
  let open = first;
  const extraction = extract({
    source,
    schema: open.schema,
    sourcesState,
    firstIndex: open.chunks.length,
    ...(settings !== undefined && { settings }),
    signal,
    runtime,
    progress: claimed.context.progress,
    writeFile: (name, content) => writeChunks(claimed, open, name, content),
    findFile: (path) => findFile(path, runtime.cwd),
    destination,
    epochs: epochs === null ? undefined : extractEpochs(epochs),
    resourceFinished: async () => {
      await runtime.reached("extract.resource.finished");
    },
  });
  for await (const chunk of extraction) await follower?.given(open, chunk);
  const result = extraction.result();
  addResult(open, result);
  return result;

  function extractEpochs({ limits, stopSignal, heldFolder, tables, next }: PackageEpochs): ExtractEpochs {
    return {
      limits,
      stopSignal,
      tables,
      holdChunk: (name, content) => writeHeldFile(heldFolder, name, content),
      releaseChunk: (name, entry) => releaseHeldFile(heldFolder, name, { folder: open.chunksFolder, entry }),
      closeEpoch: async (result) => {
        addResult(open, result);
        open = await next(result.sourcesState);
        return open.schema;
      },
    };
  }
}

/** Adds one more chunk that no source gave. */
export async function addChunk(
  claimed: ClaimedPipeline,
  open: OpenPackage,
  options: { readonly chunk: Chunk; readonly follower: ChunkFollower | null },
): Promise<void> {
  const { chunk, follower } = options;
  await writeChunks(claimed, open, chunk.entry.file, chunk.data);
  open.chunks.push(chunk.entry);
  await follower?.given(open, chunk);
}

async function writeChunks(
  claimed: ClaimedPipeline,
  open: OpenPackage,
  fileName: string,
  content: Uint8Array | FoundFile,
): Promise<void> {
  await writeChunkFile(open.chunksFolder, fileName, content);
  await claimed.context.runtime.reached("extract.chunk.written");
}

function addResult(open: OpenPackage, result: ExtractResult): void {
  open.schema = result.schema;
  open.chunks.push(...result.chunks);
  open.tables.push(...result.tables);
  for (const table of result.emptyTables) open.emptyTables.add(table);
  for (const [name, { rowCount, bytes }] of Object.entries(result.resources)) {
    const before = ownMember(open.resources, name) ?? { rowCount: 0, bytes: 0 };
    const counted = before.rowCount !== null && rowCount !== null;
    const sum = { rowCount: counted ? before.rowCount + rowCount : null, bytes: before.bytes + bytes };
    setOwnMember(open.resources, name, sum);
  }
  open.metrics.push(result.metrics);
}

/** True for a package that changes something at the destination. */
export function hasContent(open: OpenPackage): boolean {
  return open.chunks.length > 0 || open.emptyTables.size > 0 || dropsTables(open);
}

/** True for a package whose tables are dropped first, so that others have to hear of the new schema. */
export function dropsTables({ refresh }: OpenPackage): boolean {
  return refresh !== null && refresh.dropTables.length > 0;
}

/** What is committed of a package. */
export function packageContent(
  open: OpenPackage,
  options: {
    readonly origin: Omit<ExtractedPackage["origin"], "schemaHash" | "extractId">;
    readonly state: StateRecord | null;
  },
): ExtractedPackage {
  return {
    manifest: {
      format: 1,
      loadId: open.loadId,
      schemaName: open.schema.name,
      idSeed: encodeBase64(open.idSeed),
      createdAt: String(open.createdAt),
      chunks: open.chunks,
      emptyTables: [...open.emptyTables],
      tables: open.tables,
      dropTables: open.refresh?.dropTables ?? [],
      truncateTables: open.refresh?.truncateTables ?? [],
      ...(open.isReplay && { isReplay: true }),
      resources: open.resources,
    },
    schema: formatSchema(open.startSchema),
    origin: { extractId: open.extractId, schemaHash: versionHash(open.schema), ...options.origin },
    state: options.state,
  };
}
