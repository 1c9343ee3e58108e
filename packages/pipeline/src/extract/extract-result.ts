import type { Schema, SourceDefinition } from "@dlt/core";
import { hasSeenData, type PlaceCounter, resourceDefinition } from "@dlt/core/engine";
import type { ChunkEntry } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import type { StateObject } from "../state/state-object.js";
import type { ChunkWriter } from "./chunk-writer.js";
import type { UncutResource } from "./epoch-tree.js";
import { type ExtractMetrics, extractMetrics } from "./extract-metrics.js";
import type { ResourceNode } from "./resource-graph.js";
import type { ResourceTables } from "./resource-tables.js";

/** What came of an extract, or of an epoch of it. */
export interface ExtractResult {
  readonly chunks: readonly ChunkEntry[];
  /** The schema with everything that was declared: the one it started from after the updates of all chunks, then `tables`. */
  readonly schema: Schema;
  /** Stored documents of what was declared of tables without rows. */
  readonly tables: readonly JsonValueDocument[];
  /** Normalized names of root tables that get an empty file. */
  readonly emptyTables: readonly string[];
  readonly resources: Readonly<Record<string, { readonly rowCount: number | null; readonly bytes: number }>>;
  readonly metrics: ExtractMetrics;
  /** The `sources` part of the state with what the resources changed; the same object when nothing changed. */
  readonly sourcesState: StateObject;
  /** Resources that an extract in epochs cannot cut. */
  readonly uncut: readonly UncutResource[];
  /** Resources have not come to their end. */
  readonly wasStopped: boolean;
}

/** A resource that is being read. */
export interface OpenResource {
  readonly node: ResourceNode;
  readonly tables: ResourceTables;
  readonly places: PlaceCounter;
}

export function extractResult(options: {
  readonly source: SourceDefinition;
  readonly nodes: readonly ResourceNode[];
  readonly open: readonly OpenResource[];
  readonly startSchema: Schema;
  readonly schema: Schema;
  readonly chunks: readonly ChunkEntry[];
  /** Resources that came to their end since the last result. */
  readonly ended: readonly ResourceNode[];
  readonly writer: ChunkWriter;
  /** What resources have told of themselves since the extract began, by name. */
  readonly metrics: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly sourcesState: StateObject;
  /** Microseconds since 1970 UTC. */
  readonly times: { readonly startedAt: bigint; readonly finishedAt: bigint };
  readonly uncut: readonly UncutResource[];
  readonly wasStopped: boolean;
}): ExtractResult {
  const { source, nodes, open, startSchema, schema, chunks, writer, sourcesState, times } = options;
  const metrics = extractMetrics({ source, nodes, chunks, custom: options.metrics, ...times });
  const ended = open.filter(({ node }) => options.ended.includes(node));
  return {
    chunks,
    schema,
    tables: open.flatMap(({ tables }) => tables.takeRemaining()),
    emptyTables: [...new Set(ended.flatMap((resource) => emptyTables(resource, startSchema, writer)))],
    resources: Object.fromEntries(
      open.filter(({ node }) => node.isLoaded).map(({ node }) => [node.name, written(node.name, chunks)]),
    ),
    metrics,
    sourcesState,
    uncut: options.uncut,
    wasStopped: options.wasStopped,
  };
}

function written(resource: string, chunks: readonly ChunkEntry[]): { rowCount: number | null; bytes: number } {
  let rowCount: number | null = 0;
  let bytes = 0;
  for (const entry of chunks) {
    // Rejected rows are not rows of the resource's tables.
    if (entry.resource !== resource || entry.rejected !== undefined) continue;
    rowCount = rowCount === null || entry.rowCount === null ? null : rowCount + entry.rowCount;
    bytes += entry.bytes;
  }
  return { rowCount, bytes };
}

/**
 * Tables of a resource that get an empty file although it wrote no rows: all that hold data by the schema of before, when it
 * replaces them, and those that it asked to be made.
 */
function emptyTables({ node, tables }: OpenResource, schema: Schema, writer: ChunkWriter): readonly string[] {
  if (!node.isLoaded || writer.hasRows(node.name)) return [];
  const { writeDisposition } = resourceDefinition(node.resource).hints ?? {};
  const disposition = typeof writeDisposition === "object" ? writeDisposition.disposition : writeDisposition;
  const replaced = [...schema.tables.values()].filter(
    (table) => table.resource === node.name && !table.parent && hasSeenData(table),
  );
  return [...(disposition === "replace" ? replaced.map(({ name }) => name) : []), ...tables.materialized];
}
