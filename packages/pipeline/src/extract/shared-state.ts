import type { StatePart } from "./live-state.js";
import { type ResourceNode, rootOf } from "./resource-graph.js";
import type { Together } from "./shared-tables.js";

/** Which resources use a part of the state that is not their own: the one of the source, or of another resource. */
export class SharedState {
  /** Of parts that others than their owners use. */
  readonly #users = new Map<StatePart, Set<ResourceNode>>();
  readonly #nodes: readonly ResourceNode[];

  constructor(nodes: readonly ResourceNode[]) {
    this.#nodes = nodes;
  }

  /** A resource uses such a part. @returns those that belong together by that, since no moment is that of all of them; `null`: nobody does */
  use(node: ResourceNode, part: StatePart): Together | null {
    const users = this.#users.get(part) ?? new Set(this.#nodes.filter(({ name }) => name === part));
    this.#users.set(part, users.add(node));
    const all = [...users];
    // What transformers keep is looked at when all of them have come to the same point; the function of a root is ahead by then.
    const isOfOneMoment = users.size === 1 || (new Set(all.map(rootOf)).size === 1 && !users.has(rootOf(node)));
    if (isOfOneMoment) return null;
    const names = all.map(({ name }) => `\`${name}\``).join(", ");
    const reason = `several resources use the state of ${part === null ? "the source" : `\`${part}\``}: ${names}`;
    return { nodes: users, reasonOf: () => reason };
  }

  /** The parts that any of these resources uses. */
  partsOf(nodes: ReadonlySet<ResourceNode>): readonly StatePart[] {
    return [...this.#users].filter(([, users]) => [...users].some((user) => nodes.has(user))).map(([part]) => part);
  }
}
