import type { Mark, Rejection } from "@dlt/core";
import { type Item, type ReadEnvironment, readItems } from "@dlt/core/engine";
import type { RejectedRows } from "./chunk-writer.js";
import { Handover } from "./handover.js";
import type { ResourceNode } from "./resource-graph.js";
import { Turns } from "./turns.js";

/** What comes out of the resources. */
export type ReadEvent =
  | { readonly node: ResourceNode; readonly item: Item }
  | { readonly node: ResourceNode; readonly rejected: RejectedRows }
  /** There is no more of this resource. */
  | { readonly node: ResourceNode; readonly item: null };

export interface ReadGraphOptions {
  readonly nodes: readonly ResourceNode[];
  readonly environmentOf: (node: ResourceNode) => ReadEnvironment;
  /** Gives rows that the schemas of resources reject; otherwise they are dropped. */
  readonly keepsRejects: boolean;
  /** Resources that are read at a time; 1 reads one after the other. */
  readonly readAtOnce: number;
  /** Aborted from outside, or by `stop`. */
  readonly signal: AbortSignal;
  /** Aborts `signal`. */
  stop(): void;
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
  const { nodes, environmentOf, keepsRejects, readAtOnce, signal, stop } = options;
  const events = new Handover<ReadEvent>(itemsWaiting);
  const feeds = new Map(
    nodes.flatMap((node) => (node.parent === null ? [] : [[node, new Handover<Item>(0)] as const])),
  );
  const open = new Set<AsyncGenerator<Item>>();
  const readers = new Turns(readAtOnce);
  const abort = (): void => events.fail(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  const work = nodes.map((node) => read(node).catch((error: unknown) => events.fail(error)));
  const finished = Promise.all(work).then(() => events.end());
  try {
    yield* events.values();
  } finally {
    signal.removeEventListener("abort", abort);
    stop();
    for (const feed of feeds.values()) feed.end();
    await within(closingMs, Promise.allSettled([finished, ...[...open].map((items) => items.return(undefined))]));
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
            events.give({ node, rejected: { rows, rejection, mark } }),
        }),
    };
    const items = readItems(node.resource, environment, feeds.get(node)?.values());
    const next = async (): Promise<IteratorResult<Item>> => (signal.aborted ? noMore : await items.next());
    open.add(items);
    for (;;) {
      // A transformer takes a turn for each of its calls.
      const { done, value: item } = await (node.parent === null ? environment.inTurn(next) : next());
      if (done === true) break;
      if (node.isLoaded) await events.give({ node, item });
      for (const child of node.children) await feeds.get(child)?.give(item);
    }
    open.delete(items);
    for (const child of node.children) feeds.get(child)?.end();
    if (node.isLoaded) await events.give({ node, item: null });
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
