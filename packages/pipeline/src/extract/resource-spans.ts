import type { Progress } from "../progress/progress.js";
import type { ResourceNode } from "./resource-graph.js";

/** Notes for the profile when resources were read: from their first page to their end. */
export class ResourceSpans {
  readonly #progress: Progress | undefined;
  readonly #open = new Map<ResourceNode, Disposable | null>();

  constructor(progress: Progress | undefined) {
    this.#progress = progress;
  }

  begin(node: ResourceNode): void {
    if (this.#open.has(node)) return;
    const { name } = node;
    this.#open.set(node, this.#progress?.spans?.begin({ lane: `extract ${name}`, name }) ?? null);
  }

  end(node: ResourceNode): void {
    this.#open.get(node)?.[Symbol.dispose]();
    this.#open.set(node, null);
  }
}
