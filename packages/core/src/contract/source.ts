import type { ConfigOf, ConfigSpec, Secret } from "./config.js";
import type { SchemaContractHint } from "./hints.js";
import type { Resource } from "./resource.js";
import type { DataType, Rule } from "./schema.js";

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

/** Ways in which data types are found beside the types of the values. */
export type TypeDetection =
  | "timestamp"
  | "iso_timestamp"
  | "iso_date"
  | "large_integer"
  | "hexbytes_to_text"
  | "wei_to_double";
/** Hints that columns can have by their names alone. */
export type DefaultHint =
  | "notNull"
  | "partition"
  | "cluster"
  | "primaryKey"
  | "mergeKey"
  | "unique"
  | "sort"
  | "hardDelete"
  | "rowKey"
  | "parentKey"
  | "rootKey";

/**
 * The schema of a source, which its function can change: rules for columns that come with the data. Each method holds for the
 * source that is being made. A rule is the name of a column, or `re:` and a regular expression.
 * @throws SchemaError for rules and values that a schema cannot have
 */
export interface SourceSchema {
  addTypeDetection(detection: TypeDetection): void;
  removeTypeDetection(detection: TypeDetection): void;
  /** Adds rules to those that a hint has, e.g. `{ notNull: ["re:_id$"], partition: ["created_at"] }`. */
  mergeHints(hints: { readonly [Hint in DefaultHint]?: readonly Rule[] }): void;
  /** Data types of columns by rule, e.g. `{ "re:price$": "decimal" }`; the first rule that matches counts. */
  updatePreferredTypes(types: Readonly<Record<Rule, DataType>>): void;
  /** The contract of tables that have none of their own; `null`: none. */
  setSchemaContract(contract: SchemaContractHint | null): void;
  /** How deep nested values become tables of their own; 0 keeps them as JSON. `null`: the limit of the destination, or none. */
  setMaxTableNesting(levels: number | null): void;
  /** Whether nested rows have the id of their root row. `null`: where merging needs it. */
  setRootKey(hasRootKey: boolean | null): void;
}

/** What the function of a source is handed beside settings and arguments. */
export interface SourceContext {
  readonly schema: SourceSchema;
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
