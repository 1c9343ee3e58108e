import { resourceDefinition } from "../authoring/brand.js";
import type { Resource } from "../contract/resource.js";
import { plainEnvironment, type ReadEnvironment } from "./environment.js";
import type { Passing } from "./item.js";
import { readItems } from "./read-items.js";
import { plainRows } from "./rows-of.js";
import { watched } from "./watched.js";

/**
 * The rows of resources without a run, an item of each in turn. A resource that feeds several is read once; what comes of an
 * item is given before the next is read. State is as it is stored, its changes are forgotten.
 */
export async function* iterateResources(resources: readonly Resource[], source: string): AsyncGenerator<unknown> {
  const stopped = new AbortController();
  const environment = plainEnvironment(stopped.signal, source);
  const nodes = graphOf(resources, environment);
  let heads = nodes.filter(({ feed }) => feed === null);
  try {
    while (heads.length > 0) {
      for (const head of heads) yield* nextRows(head);
      heads = heads.filter(({ ended }) => !ended);
    }
  } finally {
    stopped.abort();
    for (const { feed } of nodes) void feed?.return();
    await Promise.allSettled(nodes.map(({ items }) => items.return(undefined)));
  }
}

interface Node {
  readonly isSelected: boolean;
  readonly items: AsyncGenerator<Passing>;
  /** Where the items of its parent come from; `null` for a resource without one. */
  readonly feed: Feed | null;
  readonly children: Node[];
  /** The item that is under way. */
  next: Promise<IteratorResult<Passing>> | null;
  ended: boolean;
}

function graphOf(resources: readonly Resource[], environment: ReadEnvironment): readonly Node[] {
  const nodes = new Map<Resource, Node>();
  const nodeOf = (resource: Resource): Node => {
    const known = nodes.get(resource);
    if (known !== undefined) return known;
    const { body } = resourceDefinition(resource);
    const parent = body.kind === "transformer" ? nodeOf(body.parent) : null;
    const feed = parent === null ? null : new Feed();
    const node: Node = {
      isSelected: resources.includes(resource),
      items: readItems(resource, environment, feed ?? undefined),
      feed,
      children: [],
      next: null,
      ended: false,
    };
    nodes.set(resource, node);
    parent?.children.push(node);
    return node;
  };
  for (const resource of resources) nodeOf(resource);
  return [...nodes.values()];
}

/** What comes of the next item of a resource. */
async function* nextRows(node: Node): AsyncGenerator<unknown> {
  const { done, value } = await node.items.next();
  if (done === true) yield* endedRows(node);
  else yield* passedOn(node, value);
}

async function* passedOn({ isSelected, children }: Node, item: Passing): AsyncGenerator<unknown> {
  if (isSelected && item.kind !== "checkpoint") yield* plainRows(item).rows;
  for (const child of children) {
    child.feed?.put(item);
    yield* rowsUntilHungry(child);
  }
}

/** What a resource gives until it wants another item of its parent, or is at its end. */
async function* rowsUntilHungry(node: Node): AsyncGenerator<unknown> {
  while (!node.ended) {
    node.next ??= watched(node.items.next());
    const given = await Promise.race([node.next, node.feed?.wanted()]);
    if (given === undefined) return;
    node.next = null;
    if (given.done === true) yield* endedRows(node);
    else yield* passedOn(node, given.value);
  }
}

async function* endedRows(node: Node): AsyncGenerator<unknown> {
  node.ended = true;
  for (const child of node.children) {
    child.feed?.end();
    yield* rowsUntilHungry(child);
  }
}

/** Hands the items of a resource to one that is fed by it, one at a time. */
class Feed implements AsyncIterableIterator<Passing> {
  readonly #items: Passing[] = [];
  #ended = false;
  #resolve: ((result: IteratorResult<Passing>) => void) | null = null;
  #want: (() => void) | null = null;

  put(item: Passing): void {
    if (!this.#ended) this.#items.push(item);
    this.#give();
  }

  end(): void {
    this.#ended = true;
    this.#give();
  }

  /** Resolves once an item is asked for and there is none; not at all after the end. */
  wanted(): Promise<undefined> {
    return new Promise((resolve) => {
      if (this.#resolve !== null) resolve(undefined);
      else this.#want = () => resolve(undefined);
    });
  }

  next(): Promise<IteratorResult<Passing>> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#give();
      if (this.#resolve !== null) this.#want?.();
    });
  }

  return(): Promise<IteratorResult<Passing>> {
    this.#items.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #give(): void {
    if (this.#resolve === null) return;
    const item = this.#items.shift();
    if (item === undefined && !this.#ended) return;
    this.#resolve(item === undefined ? { done: true, value: undefined } : { done: false, value: item });
    this.#resolve = null;
  }
}
