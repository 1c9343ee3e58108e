import { setImmediate } from "node:timers/promises";
import type { SourceDefinition } from "@dlt/core";
import { recordsByName } from "@dlt/core/engine";
import { Turns } from "../turns.js";
import type { ChunkWriter } from "./chunk-writer.js";
import type { EpochLimits, EpochTrees } from "./epoch-trees.js";
import type { LiveState } from "./live-state.js";
import { type ReadEvent, readGraph } from "./read-graph.js";
import type { ResourceNode } from "./resource-graph.js";

export interface ReadSourceOptions {
  readonly source: SourceDefinition;
  readonly nodes: readonly ResourceNode[];
  readonly state: LiveState;
  /** What resources tell of this run, live, by name. */
  readonly metrics: Map<string, Record<string, unknown>>;
  readonly writer: ChunkWriter;
  readonly maxParallelItems: number;
  readonly nextItemMode: "round_robin" | "fifo";
  readonly keepsRejects: boolean;
  readonly copyOnFork: boolean;
  readonly signal: AbortSignal;
  readonly epochs?:
    | { readonly trees: EpochTrees; readonly limits: EpochLimits; readonly stopSignal: AbortSignal }
    | undefined;
}

/** A page of single rows is about so large. */
const pageBytes = 256 * 1024;
/** More rows in a page would not make it cheaper. */
const pageRows = 1_000;

/** Reads the resources of a source with what they need to be read: state, turns, sizes of pages, a signal. */
export function readSource(options: ReadSourceOptions): AsyncGenerator<ReadEvent> {
  const { source, nodes, state, metrics, writer, maxParallelItems, nextItemMode, keepsRejects, copyOnFork, epochs } =
    options;
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  const turns = new Turns(maxParallelItems);
  const shared = {
    source: source.name,
    signal,
    nowMs: () => performance.now(),
    maxParallelItems,
    pause: pauses(),
    warn: ({ code, message }: { readonly code: string; readonly message: string }) => {
      process.emitWarning(message, { type: "DltWarning", code });
    },
    inTurn: <Result>(work: () => Promise<Result>) => turns.take(work),
    resourceState: state.resource,
    sourceState: () => state.source,
    resourceMetrics: recordsByName(metrics),
  };
  return readGraph({
    nodes,
    environmentOf: (node) => ({
      ...shared,
      ...(epochs !== undefined && {
        checkpoints: epochs.trees.takerFor(node),
        resourceState: (name: string) => {
          if (name !== node.name) epochs.trees.noteState(node, name);
          return state.resource(name);
        },
        sourceState: () => {
          epochs.trees.noteState(node, null);
          return state.source;
        },
      }),
      rowsPerPage: () => Math.min(pageRows, writer.rowsFor(node.name, pageBytes)),
    }),
    keepsRejects,
    copyOnFork,
    readAtOnce: nextItemMode === "fifo" ? 1 : maxParallelItems,
    signal,
    epochs: epochs && {
      captureState: (node, { state: named }) => epochs.trees.captureState(node, named),
      captureShared: (root, { state: named }) => epochs.trees.captureShared(root, named),
      stopSignal: epochs.stopSignal,
      isResumable: (node) => epochs.trees.isResumable(node),
      tickMs: tickMs(epochs.limits),
    },
    stop: () => stopped.abort(new DOMException("The resources are not read any more.", "AbortError")),
  });
}

/** Time is told no more often than this. */
const leastTickMs = 100;
/** Timers of Node count in 32 bits. */
const mostTickMs = 2 ** 31 - 1;

function tickMs({ everyMs }: EpochLimits): number | null {
  return Number.isFinite(everyMs) ? Math.min(Math.max(leastTickMs, everyMs), mostTickMs) : null;
}

/** After so much time without a pause the rest of the process gets its turn: timers, signals, requests. */
const pauseMs = 10;

function pauses(): () => Promise<void> | undefined {
  let pausedAt = performance.now();
  return () => {
    if (performance.now() - pausedAt < pauseMs) return undefined;
    return setImmediate().then(() => {
      pausedAt = performance.now();
    });
  };
}
