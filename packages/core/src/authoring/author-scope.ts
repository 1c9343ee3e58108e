/** Code of an author that is at work: the function of a source, or a resource with its steps. */
export interface AuthorScope {
  /** `null`: a resource that belongs to no source. */
  readonly source: string | null;
  /** `null`: the function of a source, which has no state that could be changed. */
  readonly resource: ResourceScope | null;
}

export interface ResourceScope {
  readonly name: string;
  /** Live state of a resource of the source. */
  resourceState(name: string): Record<string, unknown>;
  /** Live state of the source. */
  sourceState(): Record<string, unknown>;
}

/** Does work, and lets it find out in which scope it runs, also after it has waited. */
export type EnterScope = <Result>(scope: AuthorScope, work: () => Result) => Result;

const scopeKey = Symbol.for("dlt.scope");
type Realm = { [scopeKey]?: EnterScope | undefined };

/**
 * Sets how code of authors is run. Done by who wants to know from everywhere what is at work: this package only hands scopes on, as
 * arguments of what it calls. `undefined` takes it away.
 */
export function installScope(enter: EnterScope | undefined): void {
  (globalThis as Realm)[scopeKey] = enter;
}

/** Does work in a scope. */
export function withinScope<Result>(scope: AuthorScope, work: () => Result): Result {
  const enter = (globalThis as Realm)[scopeKey];
  return enter === undefined ? work() : enter(scope, work);
}

/** A generator whose code runs in a scope, whoever asks for its values or ends it. */
export function inScope<Value>(items: AsyncGenerator<Value>, scope: AuthorScope): AsyncGenerator<Value> {
  if ((globalThis as Realm)[scopeKey] === undefined) return items;
  const end = (value: unknown): Promise<IteratorResult<Value>> => withinScope(scope, () => items.return(value));
  return {
    next: () => withinScope(scope, () => items.next()),
    return: end,
    throw: (error) => withinScope(scope, () => items.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await end(undefined);
    },
  };
}
