import type { Hints, SourceDefinition } from "@dlt/core";
import { describedHints, ownMember, resourceDefinition } from "@dlt/core/engine";
import { dateOf } from "../info/duration.js";
import { type ChunkEntry, chunkJobId } from "../package/chunk.js";
import { graphEdges, type ResourceNode } from "./resource-graph.js";

/** Rows and bytes of a file, or of several together. */
interface WriterMetrics {
  /** `null` when text was passed through uncounted. */
  readonly itemsCount: number | null;
  readonly fileSize: number;
}

interface ResourceMetrics extends WriterMetrics {
  /**
   * What the resource told of itself by `context.metrics` and `addMetrics`; `incremental` is told of its cursor. In a run in epochs it is
   * what it told since the run began, not since the epoch before.
   */
  readonly customMetrics: Readonly<Record<string, unknown>>;
}

/** What extracting a source did. */
export interface ExtractMetrics {
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly schemaName: string;
  /** By chunk, named as its job is: `<table>.<index>.<extension>`. */
  readonly jobMetrics: Readonly<Record<string, WriterMetrics>>;
  readonly tableMetrics: Readonly<Record<string, WriterMetrics>>;
  readonly resourceMetrics: Readonly<Record<string, ResourceMetrics>>;
  /** From a resource to those that it feeds; `[name, name]` for a resource that nothing feeds. */
  readonly dag: readonly (readonly [parent: string, child: string])[];
  /** By resource; functions by their names. */
  readonly hints: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function extractMetrics(options: {
  readonly source: SourceDefinition;
  readonly nodes: readonly ResourceNode[];
  readonly chunks: readonly ChunkEntry[];
  /** What resources told of themselves, by name. */
  readonly custom: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Microseconds since 1970 UTC. */
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
}): ExtractMetrics {
  const { source, nodes, chunks, custom, startedAt, finishedAt } = options;
  return {
    startedAt: dateOf(startedAt),
    finishedAt: dateOf(finishedAt),
    schemaName: source.name,
    jobMetrics: summed(chunks, chunkJobId),
    tableMetrics: summed(chunks, ({ table }) => table),
    resourceMetrics: resourceMetrics(chunks, custom),
    dag: graphEdges(nodes),
    hints: Object.fromEntries(nodes.filter((node) => node.isLoaded).map((node) => [node.name, printableHints(node)])),
  };
}

function summed(
  chunks: readonly ChunkEntry[],
  keyOf: (entry: ChunkEntry) => string,
): Readonly<Record<string, WriterMetrics>> {
  const sums = new Map<string, WriterMetrics>();
  for (const entry of chunks) {
    const { itemsCount, fileSize } = sums.get(keyOf(entry)) ?? { itemsCount: 0, fileSize: 0 };
    sums.set(keyOf(entry), {
      itemsCount: itemsCount === null || entry.rowCount === null ? null : itemsCount + entry.rowCount,
      fileSize: fileSize + entry.bytes,
    });
  }
  return Object.fromEntries(sums);
}

/** Resources with files, or with something to tell. */
function resourceMetrics(
  chunks: readonly ChunkEntry[],
  custom: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): Readonly<Record<string, ResourceMetrics>> {
  const sums = summed(chunks, ({ resource }) => resource);
  const telling = [...custom].filter(([, metrics]) => Object.keys(metrics).length > 0).map(([name]) => name);
  return Object.fromEntries(
    [...new Set([...Object.keys(sums), ...telling])].map((name) => [
      name,
      { ...(ownMember(sums, name) ?? { itemsCount: 0, fileSize: 0 }), customMetrics: plain(custom.get(name) ?? {}) },
    ]),
  );
}

/** As it is now: what is counted on the way has getters. */
function plain(metrics: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const copied = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copied);
    const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    return isPlain ? plain(value as Readonly<Record<string, unknown>>) : value;
  };
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, copied(value)]));
}

function printableHints({ resource }: ResourceNode): Readonly<Record<string, unknown>> {
  const { hints, steps } = resourceDefinition(resource);
  const cursor = steps.find((step) => step.kind === "incremental")?.cursor;
  return {
    ...Object.fromEntries(
      Object.entries<Hints[keyof Hints]>(hints === null ? {} : describedHints(hints)).map(([name, hint]) => [
        name,
        printable(hint),
      ]),
    ),
    ...(cursor !== undefined && {
      incremental: Object.fromEntries(Object.entries(cursor).map(([name, option]) => [name, printable(option)])),
    }),
  };
}

function printable(value: unknown): unknown {
  return typeof value === "function" ? value.name : value;
}
