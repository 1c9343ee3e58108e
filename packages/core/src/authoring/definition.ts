import type { Hints, SchemaContractHint } from "../contract/hints.js";
import type { IncrementalOptions } from "../contract/incremental.js";
import type { LimitOptions, Mark, PlanContext, ReadContext, Resource } from "../contract/resource.js";
import type { SchemaChange } from "./source-schema.js";

/** What a resource consists of. Never changed: a resource that changes gets another one. */
export interface ResourceDefinition {
  readonly name: string;
  /** Name of the source that it is a resource of. */
  readonly source?: string;
  /** Config section, when it is not that of the source. */
  readonly section?: string;
  /** `null`: bare rows, nothing is declared. */
  readonly hints: Hints | null;
  /** Hints for rows that are marked with the name of another table. */
  readonly variants: ReadonlyMap<string, Hints>;
  readonly body: ResourceBody;
  /** In the order in which they are applied. */
  readonly steps: readonly Step[];
  readonly selected: boolean;
  readonly parallelized: boolean;
  /** Parts that can be read each for itself, and together are the whole: JSON. */
  readonly partitions?: (context: PlanContext<unknown>) => unknown;
  /** The cursor was taken away: the configuration gives none either. */
  readonly withoutCursor?: boolean;
  /** Absent where no arguments are taken, or they were given. */
  readonly binding?: Binding<ResourceDefinition>;
}

/** How a function that takes arguments gets them. */
export interface Binding<Definition> {
  /** Nothing can be read without arguments. */
  readonly isRequired: boolean;
  /** What the arguments change of the definition. */
  bind(args: unknown): Partial<Definition>;
}

/** Where the rows of a resource come from. */
export type ResourceBody =
  | {
      readonly kind: "reader";
      read(context: ReadContext<unknown>): unknown;
    }
  | {
      readonly kind: "transformer";
      /** Read once per run, however many resources it feeds. */
      readonly parent: Resource;
      readonly by: "row" | "page";
      /** Applied to the rows of the parent before the function sees them. */
      readonly stepsBefore?: readonly Step[];
      /** Called with a row, or the page as an array. */
      each(rows: never, context: ReadContext<unknown>): unknown;
    };

export type Step =
  | { readonly kind: "map"; map(row: never, mark?: Mark): unknown }
  | { readonly kind: "filter"; keep(row: never, mark?: Mark): unknown }
  | { readonly kind: "yieldMap"; map(row: never, mark?: Mark): Iterable<unknown> | AsyncIterable<unknown> }
  | {
      readonly kind: "metrics";
      collect(rows: readonly never[], metrics: Record<string, unknown>, mark?: Mark): void | Promise<void>;
    }
  | { readonly kind: "tables"; readonly names: ReadonlySet<string> }
  | CursorStep
  | { readonly kind: "limit"; readonly limit: LimitOptions };

export interface CursorStep {
  readonly kind: "incremental";
  readonly cursor: IncrementalDefinition;
  /** Options that were changed after the resource was declared, which the configuration therefore does not. */
  readonly fixed: "all" | readonly (keyof IncrementalDefinition)[];
}

/** A cursor with its options, defaults filled in. Those that were given as null or undefined are missing. */
export interface IncrementalDefinition extends IncrementalOptions<unknown> {
  readonly cursorPath: string;
  readonly lastValueFunc: "min" | "max" | ((values: readonly unknown[]) => unknown);
  readonly rangeStart: "open" | "closed";
  readonly rangeEnd: "open" | "closed";
  readonly onCursorValueMissing: "raise" | "include" | "exclude";
  readonly allowExternalSchedulers: boolean;
}

/** A transformer that is not piped to a resource yet. */
export interface TransformerDefinition {
  readonly name: string;
  readonly hints: Hints;
  readonly by: "row" | "page";
  readonly steps: readonly Step[];
  each(rows: never, context: ReadContext<unknown>): unknown;
  /** Absent where no arguments are taken, or they were given. */
  readonly binding?: Binding<TransformerDefinition>;
}

/** What a source consists of. */
export interface SourceDefinition {
  /** Name of the schema and key of the state. */
  readonly name: string;
  /** Config section; the settings are looked up below `sources.<section>.<name>`. */
  readonly section: string;
  /** A stored schema document that the source brings, or the URL of its file. */
  readonly schema?: object | URL;
  /** The name that `schema` has, when the source was given another one. */
  readonly schemaName?: string;
  /** What its function changed of its schema, in order. */
  readonly schemaChanges?: readonly SchemaChange[];
  readonly maxTableNesting?: number;
  /** Gives nested rows the id of their root row. */
  readonly rootKey?: boolean;
  readonly schemaContract?: SchemaContractHint;
  /** By name, in the order of the source. */
  readonly resources: ReadonlyMap<string, Resource>;
}
