import { type Hints, InternalError, type Resource, type Schema, type SourceDefinition, SourceError } from "@dlt/core";
import { failureAt, hasCompleteColumns, type Item, PlaceCounter, resourceDefinition } from "@dlt/core/engine";
import type { Chunk } from "../package/chunk.js";
import type { FoundFile } from "../package/imported-file.js";
import type { Progress } from "../progress/progress.js";
import type { PipelineRuntime } from "../runtime.js";
import type { StateObject } from "../state/state-object.js";
import { ChunkFiles, type HeldStore } from "./chunk-files.js";
import type { ChunkContent } from "./chunk-part.js";
import { type ChunkSizes, ChunkWriter } from "./chunk-writer.js";
import type { Latecomer } from "./epoch-tree.js";
import { type EpochLimits, EpochTrees } from "./epoch-trees.js";
import { type ExtractResult, extractResult, type OpenResource } from "./extract-result.js";
import { openLiveState } from "./live-state.js";
import { type ExtractDestination, modelFile } from "./model-file.js";
import { readSource } from "./read-source.js";
import { type ResourceNode, resourceGraph } from "./resource-graph.js";
import { ResourceSpans } from "./resource-spans.js";
import { ResourceTables } from "./resource-tables.js";
import type { SharedTables } from "./shared-tables.js";
import { TableDeclarations } from "./table-declarations.js";
import { reasonOfMark, reasonOfTable } from "./uncut-resource.js";
import { wholeFile } from "./whole-file.js";

export interface ExtractSettings extends Partial<ChunkSizes> {
  /** Items that are worked on at the same time, over all resources. Default: 20. */
  readonly maxParallelItems?: number;
  /** Reads resources at the same time, or one after the other. Default: `round_robin`. */
  readonly nextItemMode?: "round_robin" | "fifo";
  /** Gives each transformer that is fed by a resource rows of its own; otherwise all see the same objects. Default: false. */
  readonly copyOnFork?: boolean;
  /** Writes rejected rows into chunks of their own, for `_dlt_rejects`. Default: false. */
  readonly keepsRejects?: boolean;
}

/** How a run is cut into epochs: packages that are committed while the resources are still read. */
export interface ExtractEpochs extends HeldStore {
  readonly limits: EpochLimits;
  /** Ends the extract at the last checkpoints, as if there were no more rows. */
  readonly stopSignal: AbortSignal;
  /** Shared with the sources of the schema that were extracted before. */
  readonly tables: SharedTables;
  /** Commits what was extracted since the last call; its chunks were given before. Gives the schema that the next package starts from. */
  closeEpoch(result: ExtractResult): Promise<Schema>;
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
  /** Resolves once the content of chunks is in a file of this name. Called one at a time, in order of the chunks. */
  writeFile(name: string, content: ChunkContent): Promise<void>;
  /** Looks for a file that is to be loaded as it is. @throws SourceError `SOURCE_FILE_UNREADABLE` */
  findFile(path: string): Promise<FoundFile>;
  /** Where the rows will be loaded, when that is known: what it cannot load is refused. */
  readonly destination?: ExtractDestination | undefined;
  /** Cuts the extract into several packages. Default: one. */
  readonly epochs?: ExtractEpochs | undefined;
  /** Told how far it has come. Default: nobody is. */
  readonly progress?: Progress | undefined;
  /** Told once a resource has no more rows; what is left of them is written by the end. */
  resourceFinished?(name: string): Promise<void>;
}

/** An extract. Iterate it once; each chunk was written before it is given. Ending early stops and closes every resource. */
export interface Extraction extends AsyncIterable<Chunk> {
  /** What came of it. To be asked for once the chunks are at an end. */
  result(): ExtractResult;
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
  const { source, schema, settings = {}, runtime, firstIndex, signal, epochs } = input;
  const nodes = resourceGraph(source);
  const state = openLiveState(input.sourcesState, source.name);
  for (const { resource, name } of nodes)
    if (hintsOf(resource).writeDisposition === "replace") state.resetResource(name);

  const declarations = new TableDeclarations(schema);
  const disk = watchedDisk(input);
  const { maxParallelItems = 20, nextItemMode = "round_robin", keepsRejects = false, copyOnFork = false } = settings;
  const metrics = new Map<string, Record<string, unknown>>();
  const files = new ChunkFiles(disk, firstIndex);
  const { destination } = input;
  const findFile = (path: string): Promise<FoundFile> => input.findFile(path);
  const writer = new ChunkWriter({
    ...defaultSizes,
    ...settings,
    keepsRejects,
    files,
    wholeFile: (item, resource) => wholeFile(item, { resource, destination, findFile }),
    modelFile: (item, place) => modelFile(item, { ...place, destination, keepsRejects }),
    hasColumns: (name) => {
      const table = declarations.schema.tables.get(name);
      return table !== undefined && hasCompleteColumns(table);
    },
  });
  const nowMs = (): number => performance.now();
  const trees =
    epochs === undefined
      ? null
      : new EpochTrees({
          ...epochs,
          nodes,
          schema,
          state,
          writer,
          nowMs,
          tooLate: (latecomer, why) => hintsTooLate(latecomer, { source, why, options: epochs.limits.options }),
        });
  const open = new Map(
    nodes.map((node): [typeof node, OpenResource] => [
      node,
      {
        node,
        tables: new ResourceTables(node.resource, declarations, ({ table, nested, rejection }) => {
          if (trees === null || rejection !== null) return;
          const reason = reasonOfTable(declarations.schema, table, nested);
          trees.noteTable(node, { name: table, reason });
        }),
        places: new PlaceCounter(node.name, "write"),
      },
    ]),
  );
  let startedAt = runtime.nowMicros();
  let startSchema = schema;
  /** Resources whose end was part of a result. */
  const told = new Set<ResourceNode>();

  const resultSoFar = (isOver: boolean): ExtractResult => {
    const finishedAt = runtime.nowMicros();
    const ended = nodes.filter((node) => trees?.hasEnded(node) ?? true);
    const result = extractResult({
      source,
      nodes,
      open: [...open.values()],
      startSchema,
      schema: declarations.schema,
      chunks: files.entries,
      ended: ended.filter((node) => !told.has(node)),
      writer,
      metrics,
      sourcesState: isOver || trees === null ? state.stored() : state.storedParts(trees.stateParts()),
      times: { startedAt, finishedAt },
      uncut: trees?.uncut(source.name) ?? [],
      wasStopped: ended.length < nodes.length,
    });
    startedAt = finishedAt;
    for (const node of ended) told.add(node);
    return result;
  };

  const endedNodes = new Set<ResourceNode>();
  const spans = new ResourceSpans(input.progress);
  using _watched = input.progress?.watch(function* () {
    const loaded = nodes.filter(({ isLoaded }) => isLoaded);
    const of = { step: "extract", total: null, unit: "rows", isOver: false } as const;
    const done = endedNodes.size;
    yield { ...of, name: source.name, done, total: nodes.length, unit: "resources", bytes: null };
    for (const node of loaded) {
      const { position, bytes } = writer.written(node.name);
      yield { ...of, name: node.name, done: position, bytes, isOver: endedNodes.has(node) };
    }
  });
  for await (const event of readSource({
    source,
    nodes,
    state,
    metrics,
    writer,
    maxParallelItems,
    nextItemMode,
    keepsRejects,
    copyOnFork,
    signal,
    epochs: trees === null || epochs === undefined ? undefined : { ...epochs, trees },
  })) {
    switch (event.kind) {
      case "rejected": {
        const resource = open.get(event.node);
        if (resource !== undefined) yield* writer.addRejected(event.node.name, event.rejected, resource.tables);
        continue;
      }
      case "item": {
        const { node, item } = event;
        spans.begin(node);
        const resource = open.get(node);
        const against = item.mark === null ? null : reasonOfMark(item.mark);
        if (against !== null) trees?.forbid(node, against);
        if (resource !== undefined) yield* writtenChunks(item, { resource, writer, disk, source, signal });
        continue;
      }
      case "checkpoint":
        if (trees !== null) yield* writer.complete(trees.passed(event.root, event.parts));
        break;
      case "end": {
        const { node } = event;
        endedNodes.add(node);
        spans.end(node);
        yield* writer.finish(trees === null ? new Set([node.name]) : trees.ended(node));
        if (node.isLoaded) await input.resourceFinished?.(node.name);
        break;
      }
      case "tick":
        break;
    }
    if (epochs !== undefined && trees?.isDue() === true) {
      yield* writer.closeComplete();
      startSchema = await epochs.closeEpoch(resultSoFar(false));
      trees.cut();
      files.startPackage();
      declarations.startFrom(startSchema, writer.openUpdates());
    }
  }
  const wasStopped = nodes.some((node) => trees?.hasEnded(node) === false);
  trees?.assertWhole();
  if (wasStopped) yield* writer.closeComplete();
  else yield* writer.flush();
  return resultSoFar(!wasStopped);
}

const defaultSizes: ChunkSizes = {
  firstChunkBytes: 256 * 1024,
  chunkBytes: 8 * 1024 * 1024,
  bufferBytes: 64 * 1024 * 1024,
};

/** Where chunks are written; remembers errors of the disk, which are not those of a row. */
interface WatchedDisk {
  writeFile(name: string, content: ChunkContent): Promise<void>;
  readonly held: HeldStore | undefined;
  hasCaused(error: unknown): boolean;
}

function watchedDisk({ writeFile, epochs }: ExtractInput): WatchedDisk {
  const errors = new Set<unknown>();
  const watched = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      errors.add(error);
      throw error;
    }
  };
  return {
    writeFile: (name, content) => watched(writeFile(name, content)),
    held:
      epochs === undefined
        ? undefined
        : {
            holdChunk: (name, content) => watched(epochs.holdChunk(name, content)),
            releaseChunk: (name, entry) => watched(epochs.releaseChunk(name, entry)),
          },
    hasCaused: (error) => errors.has(error),
  };
}

async function* writtenChunks(
  item: Item,
  options: {
    readonly resource: OpenResource;
    readonly writer: ChunkWriter;
    readonly disk: WatchedDisk;
    readonly source: SourceDefinition;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<Chunk> {
  const { resource, writer, disk, source, signal } = options;
  const { node, tables, places } = resource;
  places.enter(item);
  try {
    yield* writer.add(node.name, item, tables);
  } catch (error) {
    throw disk.hasCaused(error)
      ? error
      : failureAt(error, places.at(tables.rowAtWork), { source: source.name, signal });
  }
}

function hintsOf(resource: Resource): Hints {
  return resourceDefinition(resource).hints ?? {};
}

function hintsTooLate(
  { node: { name: resource }, reason }: Latecomer,
  run: {
    readonly source: SourceDefinition;
    readonly why: "committed" | "stopped";
    readonly options: readonly string[];
  },
): SourceError {
  const { name: source } = run.source;
  const why = { committed: "which may be loaded already", stopped: "and the run was stopped in between" }[run.why];
  const options = run.options.map((option) => `\`${option}\``).join(" and ");
  return new SourceError(
    "RESOURCE_HINTS_TOO_LATE",
    `Rows of resource \`${resource}\` of source \`${source}\` had to be loaded at once with earlier rows, ${why}: ${reason}.`,
    {
      hint: `Give the table and the hints where the resource is declared, or run without ${options}.`,
      context: { source, resource },
    },
  );
}
