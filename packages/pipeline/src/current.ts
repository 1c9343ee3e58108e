import { AsyncLocalStorage } from "node:async_hooks";
import { SourceError } from "@dlt/core";
import { type AuthorScope, installScope } from "@dlt/core/engine";
import type { Pipeline } from "./pipeline.js";
import { activePipeline, installPipelineScope } from "./run/active-pipeline.js";
import type { PipelineMemory } from "./run/operation.js";
import type { PipelineStateView } from "./run/state-view.js";

// What runs at the moment, from everywhere. It is an entry of its own because following code across everything it waits for has a
// price for each promise of the process in Node before 24: only programs that import it pay.

interface Current {
  /** The pipeline whose call this is. */
  readonly memory: PipelineMemory | null;
  readonly author: AuthorScope | null;
}

const storage = new AsyncLocalStorage<Current>();
installPipelineScope({
  enter: (memory, work) => storage.run({ memory, author: null }, work),
  current: () => storage.getStore()?.memory ?? null,
});
installScope((author, work) => storage.run({ memory: storage.getStore()?.memory ?? null, author }, work));

/** The pipeline whose call is under way; elsewhere the one that was made last and not closed. `null`: there is none. */
export function currentPipeline(): Pipeline | null {
  return activePipeline();
}

/** Name of the source whose function or resource is at work; `null` elsewhere. */
export function currentSource(): string | null {
  return storage.getStore()?.author?.source ?? null;
}

/** Name of the resource whose function or step is at work; `null` elsewhere. */
export function currentResource(): string | null {
  return storage.getStore()?.author?.resource?.name ?? null;
}

/**
 * State of the source. In functions of resources and their steps it is live: changes are kept when the rows of the run are. Elsewhere
 * it is a copy that cannot be changed, of the source named, or that at work, or that of the default schema of `currentPipeline()`.
 * @throws SourceError `STATE_NOT_AVAILABLE`
 */
export function sourceState(source?: string): Record<string, unknown> {
  const author = storage.getStore()?.author ?? null;
  const isOwn = source === undefined || source === author?.source;
  if (author?.resource != null && isOwn) return author.resource.sourceState();
  return storedState(source ?? author?.source ?? null);
}

/**
 * State of a resource of the source: of the one at work, or the one named. Live and a copy as in `sourceState`.
 * @throws SourceError `STATE_NOT_AVAILABLE`
 */
export function resourceState(resource?: string): Record<string, unknown> {
  const { author = null } = storage.getStore() ?? {};
  const name = resource ?? author?.resource?.name;
  if (name === undefined) {
    throw new SourceError("STATE_NOT_AVAILABLE", "No resource is at work here whose state could be meant.", {
      hint: 'Name the resource, `resourceState("name")`, or call it in the function of a resource or one of its steps.',
    });
  }
  if (author?.resource != null) return author.resource.resourceState(name);
  const resources = storedState(author?.source ?? null)["resources"];
  const state = (resources ?? {}) as Readonly<Record<string, Record<string, unknown>>>;
  return Object.hasOwn(state, name) ? (state[name] ?? nothing) : nothing;
}

/**
 * The whole state of `currentPipeline()` as its last call left it, not to be changed.
 * @throws SourceError `STATE_NOT_AVAILABLE`
 */
export function pipelineState(): PipelineStateView {
  return frozen(requirePipeline().state);
}

const nothing: Record<string, unknown> = Object.freeze({});

function storedState(source: string | null): Record<string, unknown> {
  const { sources, defaultSchemaName } = requirePipeline().state;
  const name = source ?? defaultSchemaName;
  return name !== null && Object.hasOwn(sources, name) ? frozen({ ...sources[name] }) : nothing;
}

function requirePipeline(): Pipeline {
  const pipeline = currentPipeline();
  if (pipeline !== null) return pipeline;
  throw new SourceError("STATE_NOT_AVAILABLE", "There is no pipeline here whose state could be read.", {
    hint: "Make a pipeline first, or read the state in the function of a resource while a pipeline runs it.",
  });
}

/** A change of a copy would be lost: it is refused instead. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
