import type { ConfigOf, ConfigSpec, Secret } from "./config.js";
import type { Resource } from "./resource.js";

export type Resources = Readonly<Record<string, Resource>>;
/** Resources by their names. */
export type ByName<R extends readonly Resource[]> = { readonly [Item in R[number] as Item["name"]]: Item };

/** Resources that share a schema, a state and settings. */
export interface Source<out All extends Resources = Resources> {
  /** Also the name of its schema, and of its part of the state. */
  readonly name: string;
  readonly resources: All;
  /** A copy in which exactly these resources are selected. */
  withResources<Name extends keyof All & string>(...names: Name[]): Source<Pick<All, Name>>;
  /** Selects exactly these resources of this source. */
  select<Name extends keyof All & string>(...names: Name[]): Source<All>;
  /** Limits each selected resource. */
  addLimit(items: number): Source<All>;
}

type Given<Value> = Value extends Secret ? Secret | string : Value;
/** What a factory is called with: the arguments of its function, and settings that are not to be looked up. */
export type FactoryArguments<Spec extends ConfigSpec, Args> = {
  readonly [Field in keyof ConfigOf<Spec>]?: Given<ConfigOf<Spec>[Field]>;
} & ([Args] extends [void] ? unknown : Args);
/** A function that gives resources at once makes a source; an asynchronous one a promise of a source. */
export type SourceOf<R> = [R] extends [readonly Resource[]]
  ? Source<ByName<R>>
  : R extends Promise<infer P extends readonly Resource[]>
    ? Promise<Source<ByName<P>>>
    : never;

/** Makes a source, each time with arguments and settings of its own. */
export interface SourceFactory<Spec extends ConfigSpec, Args, Result> {
  readonly sourceName: string;
  readonly config: Spec;
  (
    ...given: Record<never, never> extends FactoryArguments<Spec, Args>
      ? [given?: FactoryArguments<Spec, Args>]
      : [given: FactoryArguments<Spec, Args>]
  ): Result;
}
