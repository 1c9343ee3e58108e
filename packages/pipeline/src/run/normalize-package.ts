import { availableParallelism } from "node:os";
import type { DestinationCapabilities, NormalizeRun, RejectMode, Schema, SchemaText } from "@dlt/core";
import {
  type CsvOptions,
  formatSchema,
  formatTable,
  normalizeTable,
  parseSchema,
  rejectsTable,
  type SchemaBinding,
  updateTable,
} from "@dlt/core/engine";
import type { ConfigContext } from "../config/config-context.js";
import {
  columnarIdSettings,
  type DataWriterSettings,
  dataWriterSettings,
  normalizeSettings,
} from "../config/engine-settings.js";
import { builtInFormats, type FormatOptions } from "../normalize/built-in-formats.js";
import { normalizeChunks } from "../normalize/normalize-chunks.js";
import type { NormalizeStageResult } from "../normalize/stage.js";
import type { Chunk, ChunkEntry } from "../package/chunk.js";
import type { JsonValueDocument, LoadManifest } from "../package/manifest.js";
import { commitNormalized, createNormalized, type NormalizedPackage } from "../package/normalized-package.js";
import { exportSchema } from "../schema-files/schema-files.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { formatChoice } from "./file-formats.js";
import { finishSchema } from "./finish-schema.js";
import type { PipelineContext } from "./pipeline-context.js";
import { type Target, widensColumns } from "./target.js";

/** Chunks of a package, finished or still growing. */
export interface ChunkSource {
  readonly loadId: string;
  readonly createdAt: bigint;
  readonly idSeed: Uint8Array;
  readonly startSchema: SchemaText;
  /** The rows were rejected before. */
  readonly isReplay: boolean;
  readonly chunks: AsyncIterable<Chunk>;
  readChunk(entry: ChunkEntry): Promise<Uint8Array>;
  /** Gives the file of a chunk a second name. */
  linkChunk(entry: ChunkEntry, path: string): Promise<void>;
  /** Asked for once the chunks are at an end. */
  emptyTables(): readonly string[];
  tables(): readonly JsonValueDocument[];
}

export interface NormalizeOptions {
  readonly target: Target;
  readonly binding: SchemaBinding;
  /** Default: as many as the machine has. */
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
}

/** Normalizes chunks into load files of an uncommitted package. */
export async function normalizePackage(
  { context, store }: ClaimedPipeline,
  source: ChunkSource,
  options: NormalizeOptions,
): Promise<NormalizeStageResult> {
  return await normalizeInto(context, source, { ...options, folder: await createNormalized(store, source.loadId) });
}

/** Normalizes chunks into load files in a folder that exists and is empty. */
export async function normalizeInto(
  context: PipelineContext,
  source: ChunkSource,
  options: NormalizeOptions & {
    readonly folder: string;
    /** What chunks before these found of columns that the package adds. Default: these are its first. */
    readonly known?: Pick<NormalizeRun, "doubles" | "integers" | "widenable">;
  },
): Promise<NormalizeStageResult> {
  const { target, binding, signal, folder, known } = options;
  const { capabilities } = target.destination;
  const writer = dataWriterSettings({ config: context.config, below: ["normalize"] });
  const builtIn = builtInFormats(formatOptions(writer, capabilities));
  const formats = formatChoice(target.destination, builtIn);
  // Rows that are rejected again must not be lost, and one of them must not hold up the others.
  const rejects = source.isReplay ? "failing" : context.rejects;
  const started = parseSchema(source.startSchema, binding);
  const schema = withSystemTables(started, rejects);
  for (const table of schema.tables.values()) formats.note(table.name, table.fileFormat);
  const settings = normalizeSettings({ config: context.config });
  return await normalizeChunks({
    chunks: noted(source.chunks, (table, fileFormat) => formats.note(table, fileFormat)),
    readChunk: (entry) => source.readChunk(entry),
    linkChunk: (entry, path) => source.linkChunk(entry, path),
    schema: formatSchema(schema),
    run: {
      ...normalizeRun(source, capabilities),
      ...known,
      columnLinks: columnLinks(context.config),
      widensColumns: widensColumns(context, capabilities),
      rejects,
      pipelineName: context.pipelineName,
    },
    ...(binding.conventions && { conventions: binding.conventions }),
    emptyTables: () => source.emptyTables(),
    tables: () => source.tables(),
    formatFor: formats.formatFor,
    builtIn,
    folder,
    workers: options.workers ?? settings.workers ?? availableParallelism(),
    maxFileRows: writer.fileMaxItems,
    maxFileBytes: writer.fileMaxBytes ?? capabilities.recommendedFileBytes ?? defaultFileBytes,
    signal,
    progress: context.progress,
    reached: (point) => context.runtime.reached(point),
  });
}

const defaultFileBytes = 128 * 1024 * 1024;

/** The schema with the tables that normalizing adds to those of the data. */
export function withSystemTables(schema: Schema, rejects: RejectMode): Schema {
  if (rejects === "none") return schema;
  return updateTable(schema, normalizeTable(rejectsTable, schema.naming), { normalizeIdentifiers: false });
}

function formatOptions(
  writer: DataWriterSettings,
  { compressesFiles = false }: DestinationCapabilities,
): FormatOptions {
  return {
    csv: csvOptions(writer),
    parquet: { compression: writer.parquetCompression ?? (compressesFiles ? "snappy" : "none") },
    compressesText: compressesFiles && !writer.disableCompression,
  };
}

function csvOptions({ delimiter, quoting, includeHeader, lineterminator }: DataWriterSettings): CsvOptions {
  return {
    delimiter,
    includeHeader,
    ...(quoting !== undefined && { quoting }),
    ...(lineterminator !== undefined && { lineterminator }),
  };
}

/** Commits the load files, saves the schema and removes the extracted package. */
export async function commitPackage(
  claimed: ClaimedPipeline,
  result: NormalizeStageResult,
  options: {
    readonly loadId: string;
    readonly schemaName: string;
    readonly createdAt: bigint;
    readonly binding: SchemaBinding;
    readonly origin: NormalizedPackage["origin"];
    readonly state: NormalizedPackage["state"];
    readonly dropTables: LoadManifest["dropTables"];
    readonly truncateTables: LoadManifest["truncateTables"];
    readonly isReplay: boolean;
    /** What the local state becomes with the package, where no extract was committed with it before: stored text. */
    readonly localState?: string;
  },
): Promise<void> {
  const { loadId, schemaName, createdAt, binding, origin, state, dropTables, truncateTables, isReplay } = options;
  const normalized = parseSchema(result.schema, binding);
  const stored = claimed.schemas.get(schemaName);
  const current = stored === undefined ? normalized : parseSchema(stored, binding);
  const finished = finishSchema({
    normalized,
    current,
    tablesWithFiles: result.files.map((file) => file.table),
  });
  // Before the commit: after a crash in between the package is normalized again, and the file written again.
  const isModified = finished.versionHash !== current.versionHash;
  const schema = isModified ? await exportSchema(claimed.context.schemaFiles, finished) : finished;
  const schemaText = formatSchema(schema);
  await commitNormalized(claimed.store, {
    manifest: {
      format: 1,
      loadId,
      schemaName,
      createdAt: String(createdAt),
      files: result.files,
      update: result.update.map((table) => JSON.parse(formatTable(table)) as JsonValueDocument),
      dropTables,
      truncateTables,
      rowCounts: result.rowCounts,
      nullOnly: result.nullOnly,
      ...(result.origins.length > 0 && { origins: result.origins }),
      ...(isReplay && { isReplay }),
    },
    schema: schemaText,
    origin,
    state,
    ...(options.localState !== undefined && { localState: options.localState }),
  });
  claimed.schemas.set(schemaName, schemaText);
}

function normalizeRun(source: ChunkSource, capabilities: DestinationCapabilities): NormalizeRun {
  return {
    loadId: source.loadId,
    nowMicros: source.createdAt,
    idSeed: source.idSeed,
    maxIdentifierLength: Math.min(
      capabilities.maxIdentifierLength,
      capabilities.maxColumnIdentifierLength ?? Number.POSITIVE_INFINITY,
    ),
    timestampPrecision: capabilities.timestampPrecision ?? 6,
    maxTimestampPrecision: capabilities.maxTimestampPrecision ?? 6,
    decimalPrecision: capabilities.decimalPrecision ?? [38, 9],
    weiPrecision: capabilities.weiPrecision ?? [38, 0],
    mergeStrategies: capabilities.mergeStrategies,
    doubles: [],
    integers: [],
  };
}

function columnLinks(config: ConfigContext): NonNullable<NormalizeRun["columnLinks"]> {
  const { addDltLoadId, addDltId } = columnarIdSettings({ config });
  return { loadId: addDltLoadId, id: addDltId };
}

async function* noted(
  chunks: AsyncIterable<Chunk>,
  note: (table: string, fileFormat: unknown) => void,
): AsyncIterable<Chunk> {
  for await (const chunk of chunks) {
    for (const { name, file_format: fileFormat } of chunk.entry.update) {
      if (typeof name === "string" && fileFormat !== undefined) note(name, fileFormat);
    }
    yield chunk;
  }
}
