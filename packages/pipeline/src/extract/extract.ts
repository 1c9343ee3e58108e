import { type Hints, InternalError, type Resource, type Schema, type SourceDefinition } from "@dlt/core";
import { failureAt, hasSeenData, type Item, PlaceCounter, resourceDefinition } from "@dlt/core/engine";
import type { Chunk, ChunkEntry } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import type { PipelineRuntime } from "../runtime.js";
import type { StateObject } from "../state/state-object.js";
import { type ChunkSizes, ChunkWriter } from "./chunk-writer.js";
import { type ExtractMetrics, extractMetrics } from "./extract-metrics.js";
import { openLiveState } from "./live-state.js";
import { readSource } from "./read-source.js";
import { type ResourceNode, resourceGraph } from "./resource-graph.js";
import { ResourceTables } from "./resource-tables.js";
import { TableDeclarations } from "./table-declarations.js";

export interface ExtractSettings extends Partial<ChunkSizes> {
  /** Items that are worked on at the same time, over all resources. Default: 20. */
  readonly maxParallelItems?: number;
  /** Reads resources at the same time, or one after the other. Default: `round_robin`. */
  readonly nextItemMode?: "round_robin" | "fifo";
  /** Writes rejected rows into chunks of their own, for `_dlt_rejects`. Default: false. */
  readonly keepsRejects?: boolean;
}

export interface ExtractInput {
  readonly source: SourceDefinition;
  /** What is known of the tables so far. */
  readonly schema: Schema;
  /** The `sources` part of the pipeline state. */
  readonly sourcesState: StateObject;
  /** Index of the first chunk: how many the package has already. */
  readonly firstIndex: number;
  readonly settings?: ExtractSettings;
  readonly signal: AbortSignal;
  readonly runtime: Pick<PipelineRuntime, "nowMicros">;
  /** Resolves once the bytes are in the file. Called one at a time, in order of the index. */
  writeChunk(entry: ChunkEntry, data: Uint8Array): Promise<void>;
  /** Told once all chunks of a resource are written. */
  resourceFinished?(name: string): Promise<void>;
}

/** An extract. Iterate it once; each chunk was written before it is given. Ending early stops and closes every resource. */
export interface Extraction extends AsyncIterable<Chunk> {
  /** What came of it. To be asked for once the chunks are at an end. */
  result(): ExtractResult;
}

export interface ExtractResult {
  readonly chunks: readonly ChunkEntry[];
  /** The schema with everything that was declared: `input.schema` after the updates of all chunks, then `tables`. */
  readonly schema: Schema;
  /** Stored documents of what was declared of tables without rows. */
  readonly tables: readonly JsonValueDocument[];
  /** Normalized names of root tables that get an empty file. */
  readonly emptyTables: readonly string[];
  readonly resources: Readonly<Record<string, { readonly rowCount: number | null; readonly bytes: number }>>;
  readonly metrics: ExtractMetrics;
  /** The `sources` part of the state with what the resources changed; the same object when nothing changed. */
  readonly sourcesState: StateObject;
}

/**
 * Reads the selected resources of a source into chunks of JSON lines and columns. Memory is bounded by the chunks being filled;
 * resources wait for whoever takes the chunks.
 *
 * @throws SourceError with source, resource, step, page and row; SchemaContractError; what aborted the signal
 */
export function extract(input: ExtractInput): Extraction {
  let result: ExtractResult | undefined;
  return {
    async *[Symbol.asyncIterator]() {
      result = yield* chunksOf(input);
    },
    result: () => {
      if (result !== undefined) return result;
      throw new InternalError(
        "INTERNAL_STATE_UNEXPECTED",
        "The result of an extract was asked for before its chunks were at an end.",
      );
    },
  };
}

async function* chunksOf(input: ExtractInput): AsyncGenerator<Chunk, ExtractResult> {
  const { source, schema, settings = {}, runtime, firstIndex, signal } = input;
  const startedAt = runtime.nowMicros();
  const nodes = resourceGraph(source);
  const state = openLiveState(input.sourcesState, source.name);
  for (const { resource, name } of nodes)
    if (hintsOf(resource).writeDisposition === "replace") state.resetResource(name);

  const declarations = new TableDeclarations(schema);
  const open = new Map(nodes.map((node) => [node, openResource(node, declarations)]));
  const notWritten = new Set<unknown>();
  const write = async (entry: ChunkEntry, data: Uint8Array): Promise<void> => {
    try {
      await input.writeChunk(entry, data);
    } catch (error) {
      notWritten.add(error);
      throw error;
    }
  };
  const { maxParallelItems = 20, nextItemMode = "round_robin", keepsRejects = false } = settings;
  const writer = new ChunkWriter({ ...defaultSizes, ...settings, keepsRejects, firstIndex, write });
  for await (const event of readSource({
    source,
    nodes,
    state,
    writer,
    maxParallelItems,
    nextItemMode,
    keepsRejects,
    signal,
  })) {
    const { node } = event;
    const resource = open.get(node);
    if (resource === undefined) continue;
    if ("rejected" in event) yield* writer.addRejected(node.name, event.rejected, resource.tables);
    else if (event.item !== null) yield* writtenChunks(event.item, { resource, writer, notWritten, source, signal });
    else {
      yield* writer.finish(node.name);
      await input.resourceFinished?.(node.name);
    }
  }
  const opened = [...open.values()];
  const chunks = writer.entries;
  return {
    chunks,
    schema: declarations.schema,
    tables: opened.flatMap(({ tables }) => tables.remaining()),
    emptyTables: [...new Set(opened.flatMap((resource) => emptyTables(resource, schema, writer)))],
    resources: Object.fromEntries(
      opened.filter(({ node }) => node.isLoaded).map(({ node }) => [node.name, writer.written(node.name)]),
    ),
    metrics: extractMetrics({ source, nodes, chunks, startedAt, finishedAt: runtime.nowMicros() }),
    sourcesState: state.stored(),
  };
}

const defaultSizes: ChunkSizes = {
  firstChunkBytes: 256 * 1024,
  chunkBytes: 8 * 1024 * 1024,
  bufferBytes: 64 * 1024 * 1024,
};

/** A resource that is being read. */
interface OpenResource {
  readonly node: ResourceNode;
  readonly tables: ResourceTables;
  readonly places: PlaceCounter;
}

function openResource(node: ResourceNode, declarations: TableDeclarations): OpenResource {
  return {
    node,
    tables: new ResourceTables(node.resource, declarations),
    places: new PlaceCounter(node.name, "write"),
  };
}

async function* writtenChunks(
  item: Item,
  options: {
    readonly resource: OpenResource;
    readonly writer: ChunkWriter;
    /** Errors of the disk, which are not those of a row. */
    readonly notWritten: ReadonlySet<unknown>;
    readonly source: SourceDefinition;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<Chunk> {
  const { resource, writer, notWritten, source, signal } = options;
  const { node, tables, places } = resource;
  places.enter(item);
  try {
    yield* writer.add(node.name, item, tables);
  } catch (error) {
    throw notWritten.has(error) ? error : failureAt(error, places.at(null), { source: source.name, signal });
  }
}

function hintsOf(resource: Resource): Hints {
  return resourceDefinition(resource).hints ?? {};
}

/**
 * Tables of a resource that get an empty file although it wrote no rows: all that hold data by the schema of before, when it
 * replaces them, and those that it asked to be made.
 */
function emptyTables({ node, tables }: OpenResource, schema: Schema, writer: ChunkWriter): readonly string[] {
  if (!node.isLoaded || writer.hasRows(node.name)) return [];
  const { writeDisposition } = hintsOf(node.resource);
  const disposition = typeof writeDisposition === "object" ? writeDisposition.disposition : writeDisposition;
  const replaced = [...schema.tables.values()].filter(
    (table) => table.resource === node.name && !table.parent && hasSeenData(table),
  );
  return [...(disposition === "replace" ? replaced.map(({ name }) => name) : []), ...tables.materialized];
}
