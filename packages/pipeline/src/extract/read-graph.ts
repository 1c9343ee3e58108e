import type { Mark, Rejection } from "@dlt/core";
import { type Checkpoint, type Item, type Passing, type ReadEnvironment, readItems } from "@dlt/core/engine";
import { Turns } from "../turns.js";
import type { RejectedRows } from "./chunk-writer.js";
import { copiedItem } from "./copied-item.js";
import { Handover } from "./handover.js";
import type { CapturedState, StateParts } from "./live-state.js";
import type { ResourceNode } from "./resource-graph.js";

/** What comes out of the resources. */
export type ReadEvent =
  | { readonly kind: "item"; readonly node: ResourceNode; readonly item: Item }
  | { readonly kind: "rejected"; readonly node: ResourceNode; readonly rejected: RejectedRows }
  /** There is no more of this resource. */
  | { readonly kind: "end"; readonly node: ResourceNode }
  /** A resource that nothing feeds, and all that it feeds, can be resumed behind the items before, with this state. */
  | { readonly kind: "checkpoint"; readonly root: ResourceNode; readonly parts: StateParts }
  /** Some time has passed. */
  | { readonly kind: "tick" };

export interface ReadGraphOptions {
  readonly nodes: readonly ResourceNode[];
  readonly environmentOf: (node: ResourceNode) => ReadEnvironment;
  /** Gives rows that the schemas of resources reject; otherwise they are dropped. */
  readonly keepsRejects: boolean;
  /** Whoever gets an item after the first of those that a resource feeds, its own rows included, gets a copy. */
  readonly copyOnFork: boolean;
  /** Resources that are read at a time; 1 reads one after the other. */
  readonly readAtOnce: number;
  /** Aborted from outside, or by `stop`. */
  readonly signal: AbortSignal;
  /** Aborts `signal`. */
  stop(): void;
  /** For resources that are resumed. */
  readonly epochs?: GraphEpochs | undefined;
}

interface GraphEpochs {
  /** The state of a resource at a checkpoint. */
  captureState(node: ResourceNode, checkpoint: Checkpoint): CapturedState;
  /** What else these resources use of the state, once all that the resource feeds has passed too. */
  captureShared(root: ResourceNode, checkpoint: Checkpoint): StateParts;
  /**
   * Once it is aborted, resources that can be resumed are read up to their next checkpoint, if that comes soon; then there are no more
   * events.
   */
  readonly stopSignal: AbortSignal;
  /** True for a resource that has told checkpoints. */
  isResumable(node: ResourceNode): boolean;
  /** How often to tell that time has passed; `null`: never. */
  readonly tickMs: number | null;
}

/** Items that may wait for being written before resources have to wait. */
const itemsWaiting = 2;

/** How long code that does not heed its signal is waited for. */
const closingMs = 5_000;

/**
 * Reads resources at the same time and gives what is loaded of them. When the taker is slow, they wait; when one fails or the
 * iteration ends early, all are stopped and their generators closed before it is over.
 */
export async function* readGraph(options: ReadGraphOptions): AsyncGenerator<ReadEvent> {
  const { nodes, environmentOf, keepsRejects, copyOnFork, readAtOnce, signal, stop, epochs } = options;
  const events = new Handover<ReadEvent>(itemsWaiting);
  const feeds = new Map(
    nodes.flatMap((node) => (node.parent === null ? [] : [[node, new Handover<Passing>(0)] as const])),
  );
  const generators = new Set<AsyncGenerator<Passing>>();
  /** What the resources of a tree have told of their state at a checkpoint. */
  const stateAt = new WeakMap<Checkpoint, Map<string, CapturedState>>();
  /** Called once a transformer has passed a checkpoint, or has ended. */
  const passed = new Map<ResourceNode, () => void>();
  /** Resources that are not read any more, whatever the reason. */
  const over = new Set<ResourceNode>();
  const readers = new Turns(readAtOnce);
  const abort = (): void => events.fail(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  const stopping = new Stopping(() => events.end());
  const open = new Set(nodes.filter(({ parent }) => parent === null));
  const stopReading = (): void => stopping.begin([...open].filter((node) => epochs?.isResumable(node)));
  epochs?.stopSignal.addEventListener("abort", stopReading, { once: true });
  if (epochs?.stopSignal.aborted === true) stopReading();
  const ticking =
    epochs === undefined || epochs.tickMs === null
      ? undefined
      : setInterval(() => {
          if (events.isIdle) void events.give({ kind: "tick" });
        }, epochs.tickMs);
  const work = nodes.map(async (node) => {
    try {
      await read(node);
    } catch (error) {
      events.fail(error);
    } finally {
      over.add(node);
      passed.get(node)?.();
      open.delete(node);
      stopping.reached(node);
    }
  });
  const finished = Promise.all(work).then(() => events.end());
  try {
    yield* events.values();
  } finally {
    clearInterval(ticking);
    signal.removeEventListener("abort", abort);
    epochs?.stopSignal.removeEventListener("abort", stopReading);
    stopping.isOver();
    stop();
    for (const feed of feeds.values()) feed.end();
    await within(closingMs, Promise.allSettled([finished, ...[...generators].map((items) => items.return(undefined))]));
  }

  async function read(node: ResourceNode): Promise<void> {
    if (node.parent === null) await readers.take(() => pump(node));
    else await pump(node);
  }

  async function pump(node: ResourceNode): Promise<void> {
    if (signal.aborted) return;
    const environment = {
      ...environmentOf(node),
      ...(keepsRejects &&
        node.isLoaded && {
          reject: (rows: readonly unknown[], rejection: Rejection, mark: Mark | null) =>
            events.give({ kind: "rejected", node, rejected: { rows, rejection, mark } }),
        }),
    };
    const items = readItems(node.resource, environment, feeds.get(node)?.values());
    const next = async (): Promise<IteratorResult<Passing>> => (signal.aborted ? noMore : await items.next());
    generators.add(items);
    for (;;) {
      // A transformer takes a turn for each of its calls.
      const { done, value: item } = await (node.parent === null ? environment.inTurn(next) : next());
      if (done === true) break;
      if (item.kind === "checkpoint") {
        const states = await passCheckpoint(node, item);
        if (node.parent !== null) passed.get(node)?.();
        else {
          const parts = new Map([...states, ...(epochs?.captureShared(node, item) ?? [])]);
          await events.give({ kind: "checkpoint", root: node, parts });
          if (stopping.reached(node)) return;
        }
        continue;
      }
      if (node.isLoaded) await events.give({ kind: "item", node, item });
      for (const [index, child] of node.children.entries()) {
        const isFirst = index === 0 && !node.isLoaded;
        await feeds.get(child)?.give(copyOnFork && !isFirst ? copiedItem(item) : item);
      }
    }
    generators.delete(items);
    for (const child of node.children) feeds.get(child)?.end();
    await events.give({ kind: "end", node });
  }

  /** Resolves once all that the resource feeds has passed the checkpoint: then nothing of it is under way. */
  async function passCheckpoint(
    node: ResourceNode,
    checkpoint: Checkpoint,
  ): Promise<ReadonlyMap<string, CapturedState>> {
    const states = stateAt.get(checkpoint) ?? new Map<string, CapturedState>();
    stateAt.set(checkpoint, states);
    if (epochs !== undefined) states.set(node.name, epochs.captureState(node, checkpoint));
    for (const child of node.children) {
      const isPassed = new Promise<void>((resolve) => passed.set(child, resolve));
      await feeds.get(child)?.give(checkpoint);
      if (!over.has(child)) await isPassed;
    }
    return states;
  }
}

/** How long a resource may take to its next checkpoint once it is asked to stop. */
const stoppingMs = 1_000;

/** Resources on their way to a last checkpoint. */
class Stopping {
  readonly #end: () => void;
  #awaited: Set<ResourceNode> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(end: () => void) {
    this.#end = end;
  }

  begin(awaited: readonly ResourceNode[]): void {
    this.#awaited = new Set(awaited);
    if (awaited.length === 0) this.#end();
    else this.#timer = setTimeout(this.#end, stoppingMs);
  }

  /** True when the resource is not to be read further. */
  reached(node: ResourceNode): boolean {
    if (this.#awaited === null) return false;
    this.#awaited.delete(node);
    if (this.#awaited.size === 0) this.#end();
    return true;
  }

  isOver(): void {
    clearTimeout(this.#timer);
  }
}

const noMore = { done: true, value: undefined } as const;

/** Waits for work, but not for longer than this. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
