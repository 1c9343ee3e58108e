import type { ConfigOf, ConfigSpec, Secret } from "./config.js";
import type { SchemaContractHint } from "./hints.js";
import type { LimitOptions, Resource } from "./resource.js";
import type { DataType, Rule } from "./schema.js";

export type Resources = Readonly<Record<string, Resource>>;
/** Resources by their names. */
export type ByName<R extends readonly Resource[]> = { readonly [Item in R[number] as Item["name"]]: Item };

/** The rows of any of these resources. */
export type RowOfAny<All extends Resources> = All[keyof All] extends Resource<infer Row> ? Row : never;

/**
 * Resources that share a schema, a state and settings. It can be iterated without a run: the rows of the selected resources, each of
 * which is read once; no hints apply; state is that of the active pipeline, and changes of it are forgotten.
 */
export interface Source<All extends Resources = Resources> extends AsyncIterable<RowOfAny<All>> {
  /** Also the name of its schema, and of its part of the state. */
  readonly name: string;
  readonly resources: All;
  /** A copy in which exactly these resources are selected. */
  withResources<Name extends keyof All & string>(...names: Name[]): Source<Pick<All, Name>>;
  /** Selects exactly these resources of this source. */
  select<Name extends keyof All & string>(...names: Name[]): Source<All>;
  /** Those that a run loads, by their names. */
  readonly selectedResources: Readonly<Partial<All>>;
  /** Limits what is read for the selected resources, as `addLimit` does: of a transformer the resource that feeds it. */
  addLimit(limit: number | LimitOptions | null): Source<All>;
  /**
   * Adds a copy of a resource. What feeds it is copied, too, unless this source was given it before: then it is read once for all.
   * @throws SourceError `RESOURCE_DUPLICATE`, `RESOURCE_ARGUMENTS_MISSING`
   */
  add<Row, Name extends string>(
    resource: Resource<Row, Name>,
  ): Source<All & { readonly [Key in Name]: Resource<Row, Name> }>;
  /** A copy with a schema and state of its own. */
  withName(name: string): Source<All>;
  /**
   * Parts that can be loaded by themselves. `scc`: resources that are fed by the same resource, directly or not, stay together;
   * `none`: one part, this source. Order is that of the resources.
   */
  decompose(strategy: "none" | "scc"): readonly Source[];
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

/** What a source declares of itself beside its settings. */
export interface SourceDeclaration {
  /** Also the name of the schema, and of the source's part of the state: a word of letters, digits and `_`. */
  readonly name: string;
  /** Settings are looked up below `sources.<section>.<name>`. Default: the name. */
  readonly section?: string;
  /**
   * A stored schema document to start from: an object as JSON gives it, or the URL of a YAML or JSON file, such as
   * `new URL("./shop.schema.yaml", import.meta.url)` for one beside the module. Its name is that of the source.
   */
  readonly schema?: object | URL;
  /** How deep nested values become tables of their own, for resources that do not say. */
  readonly maxTableNesting?: number;
  /** Gives nested rows the id of their root row. Default: where merging needs it. */
  readonly rootKey?: boolean;
  readonly schemaContract?: SchemaContractHint;
  /** Lets every resource work on several items at a time. Default: false. */
  readonly parallelized?: boolean;
}

/** Makes a source, each time with arguments and settings of its own. */
export interface SourceFactory<Spec extends ConfigSpec, Args, Result> {
  readonly sourceName: string;
  readonly config: Spec;
  /**
   * A factory of the same source that declares some things differently, such as `{ name: "github_2" }` for a second schema and state.
   * Settings are then looked up below the same section: `sources.<section>.<new name>`, and above it.
   */
  with(changes: Partial<SourceDeclaration>): SourceFactory<Spec, Args, Result>;
  (
    ...given: Record<never, never> extends FactoryArguments<Spec, Args>
      ? [given?: FactoryArguments<Spec, Args>]
      : [given: FactoryArguments<Spec, Args>]
  ): Result;
}

/** The rows of a source, or of what a factory makes, by resource: `SourceRows<typeof github>["issues"]`. */
export type SourceRows<From> =
  From extends SourceFactory<infer _Spec, infer _Args, infer Result>
    ? SourceRows<Awaited<Result>>
    : From extends Source<infer All>
      ? { readonly [Name in keyof All]: All[Name] extends Resource<infer Row> ? Row : never }
      : never;
