import type { ArrowTable, ColumnBatch, EncodedRows, JsonText } from "./batch.js";
import type { Hints } from "./hints.js";
import type { CursorWindow, IncrementalHint } from "./incremental.js";
import type { StandardSchemaV1 } from "./standard-schema.js";

/** JSON as JavaScript writes it. */
export type PlainJson = null | boolean | number | string | readonly PlainJson[] | { readonly [key: string]: PlainJson };

/** What the function of a resource is handed. */
export interface ReadContext<Cursor = never, Part = never> {
  /** The part of the resource to read, one of those that its `partitions` gave; undefined in a run, which reads all of it. */
  readonly partition: [Part] extends [never] ? undefined : Part | undefined;
  readonly incremental: [Cursor] extends [never] ? undefined : CursorWindow<Cursor>;
  /** Aborts when the run is stopped or has failed, and when no more rows are wanted while the function waits for something. */
  readonly signal: AbortSignal;
  /**
   * What the resource wants to know in the next run: JSON, and typed scalars such as `Decimal` and `Timestamp`. Changes are
   * kept when the rows of this run are, or not at all. `{}` at first.
   */
  readonly state: Record<string, unknown>;
  /** The same, shared by the resources of the source. */
  readonly sourceState: Record<string, unknown>;
  /**
   * Says that what was yielded so far is complete and that `state` is where the next run would go on: a run that is cut into
   * epochs may load up to here and save this state. Call it after a `yield`. Without effect in other runs, and in transformers, which
   * are cut together with the resource that feeds them.
   */
  checkpoint(): void;
  /** Numbers and other facts of this run that the resource wants to tell: `customMetrics` in the info of the extract. */
  readonly metrics: Record<string, unknown>;
}

/** What a resource is handed to say in which parts it can be read. Changes of state are forgotten. */
export type PlanContext<Cursor = never> = Omit<ReadContext<Cursor>, "partition" | "checkpoint" | "metrics">;

/** Rows with something said of them, such as the table that they go to. Made by `withTableName` and `withHints`. */
export interface Marked<out Rows> {
  readonly "~dlt": "marked";
  readonly rows: Rows;
}

/** What is said of rows on their way. */
export interface Mark {
  /** The table that the rows go to. */
  readonly tableName?: string;
  /** Applied to the resource before the rows are written. */
  readonly hints?: Hints;
  /** The hints hold for their table only. */
  readonly createTableVariant?: boolean;
  /** There are no rows, and the table is to exist nevertheless. */
  readonly materialize?: boolean;
}

/** A file that is loaded as it is. Made by `withFileImport`. */
export interface FileImport {
  readonly "~dlt": "file";
  readonly path: string;
  /** Name of the format of its content. */
  readonly format: string;
  /** `null`: unknown. */
  readonly rowCount: number | null;
}

/** A query that makes rows at the destination. Made by `sqlModel`. */
export interface SqlModel {
  readonly "~dlt": "model";
  readonly query: string;
  /** Of the query, e.g. `duckdb`. */
  readonly dialect: string;
}

/**
 * The row type of what a function gives: pages, rows, (async) iterables of either, a promise of any of these, or functions without
 * parameters that give them later.
 */
export type RowOf<R> = unknown extends R
  ? unknown
  : R extends Promise<infer P>
    ? RowOf<P>
    : R extends string
      ? never
      : R extends ArrowTable | FileImport | SqlModel
        ? unknown
        : R extends AsyncIterable<infer P> | Iterable<infer P>
          ? RowOfPage<P>
          : RowOfPage<R>;
type RowOfPage<P> = P extends readonly (infer Row)[]
  ? Row
  : P extends Marked<infer Rows>
    ? RowOfPage<Rows>
    : P extends ColumnBatch | ArrowTable | JsonText | EncodedRows | FileImport | SqlModel
      ? unknown
      : P extends null | undefined | void
        ? never
        : P extends PromiseLike<infer Later> | Generator<infer Later> | AsyncGenerator<infer Later>
          ? RowOfPage<Later>
          : P extends () => infer Later
            ? RowOfPage<Later>
            : P;
/** The row type of what a map gives for a row. */
export type MappedRow<Next> =
  Next extends Marked<infer Row> ? MappedRow<Row> : Next extends () => infer Later ? MappedRow<Awaited<Later>> : Next;

/** Where to stop. Pages are never cut, so that the last may exceed `countRows`. */
export interface LimitOptions {
  /** Pages, or single rows where they are yielded singly. `-1`: no limit; `0`: nothing at all. Default: no limit. */
  readonly maxItems?: number;
  /** Counted from when reading starts. Default: no limit. */
  readonly maxTimeMs?: number;
  /** `maxItems` counts rows also where they come in pages. Default: false. */
  readonly countRows?: boolean;
}

/** Where among the steps a step is put, instead of behind the others of its kind. */
export interface StepPlace {
  /**
   * 1: right after the function of the resource, 2: after the next step, and so on. 0, for transformers only: before the function,
   * on the rows of the parent; what stands there counts, too.
   */
  readonly insertAt: number;
}

/** Hints that are changed later. */
export type ChangedHints = Hints & {
  readonly incremental?: IncrementalHint;
  /** The hints hold only for rows that are marked with the table `tableName`. Default: false. */
  readonly createTableVariant?: boolean;
};

/**
 * Rows of one kind, read when the pipeline runs. `add…`, `applyHints` and `selectTables` change this object and give it back under
 * its new type; `withName` makes a copy. It can be iterated without a run: no hints apply; state is that of the active pipeline, and changes of
 * it are forgotten.
 *
 * Functions of steps are called with a row and with the mark of its page, when it has one. A step with `insertAt` sees the rows of
 * that place, whose type is up to the author.
 */
export interface Resource<out Row = unknown, out Name extends string = string> extends AsyncIterable<Row> {
  readonly name: Name;
  /** Whether a run loads it; one that is not is still read when a selected resource is fed by it. */
  readonly selected: boolean;
  /** What is declared of its table; empty for bare rows. */
  readonly hints: Hints;
  /** Replaces each row. A single row for which it gives null or undefined is dropped. */
  addMap<Next>(map: (row: Row, mark?: Mark) => Next | Promise<Next>): Resource<MappedRow<Awaited<Next>>, Name>;
  addMap(map: (row: never, mark?: Mark) => unknown, place: StepPlace): Resource<Row, Name>;
  /** Keeps the rows for which it is true. */
  addFilter<Next extends Row>(keep: (row: Row, mark?: Mark) => row is Next): Resource<Next, Name>;
  addFilter(keep: (row: Row, mark?: Mark) => boolean | Promise<boolean>): Resource<Row, Name>;
  addFilter(keep: (row: never, mark?: Mark) => boolean | Promise<boolean>, place: StepPlace): Resource<Row, Name>;
  /** Replaces each row by any number of rows. */
  addYieldMap<Next>(
    map: (row: Row, mark?: Mark) => Iterable<Next> | AsyncIterable<Next>,
  ): Resource<MappedRow<Next>, Name>;
  addYieldMap(
    map: (row: never, mark?: Mark) => Iterable<unknown> | AsyncIterable<unknown>,
    place: StepPlace,
  ): Resource<Row, Name>;
  /**
   * Looks at each page, a row that was yielded by itself counting as one, and counts what it wants to tell: `metrics` is the same
   * record as `context.metrics`.
   */
  addMetrics(
    collect: (rows: readonly Row[], metrics: Record<string, unknown>, mark?: Mark) => void | Promise<void>,
  ): Resource<Row, Name>;
  addMetrics(
    collect: (rows: readonly never[], metrics: Record<string, unknown>, mark?: Mark) => void | Promise<void>,
    place: StepPlace,
  ): Resource<Row, Name>;
  /** Keeps rows that go to these tables, by their mark or the table name of the resource; names as they were given. */
  selectTables(...names: readonly string[]): Resource<Row, Name>;
  /**
   * Stops reading early. A second limit replaces the first, `null` takes it away. A number counts items as `maxItems` does.
   * @throws SourceError `RESOURCE_OPTION_INVALID`
   */
  addLimit(limit: number | LimitOptions | null): Resource<Row, Name>;
  /** Changes hints as below, and holds rows to a schema, which gives them their type. */
  applyHints<Next>(
    hints: Omit<Hints, "columns"> & {
      readonly columns: StandardSchemaV1<unknown, Next>;
      readonly incremental?: IncrementalHint;
    },
  ): Resource<Next, Name>;
  /**
   * Changes hints: given ones replace, columns are merged, empty ones reset. As `incremental`, a cursor replaces that of the resource,
   * options are merged over it, a bare value is its initial value, and `null` takes it away.
   */
  applyHints(hints: ChangedHints): Resource<Row, Name>;
  /** A copy with its own state, which loads into a table of the new name unless `tableName` was given. */
  withName<const Renamed extends string>(name: Renamed): Resource<Row, Renamed>;
  /**
   * A resource that is fed with the rows of this one. A function is no resource of its own: it becomes a step of this one, by
   * `addYieldMap` if it is a generator, otherwise by `addMap`.
   * @throws SourceError `RESOURCE_NOT_A_TRANSFORMER`, `RESOURCE_ARGUMENTS_MISSING`
   */
  pipe<Out, Piped extends string>(next: Transformer<Row, Out, Piped>): Resource<Out, Piped>;
  pipe<Next>(
    expand: (row: Row, mark?: Mark) => Generator<Next> | AsyncGenerator<Next>,
  ): Resource<MappedRow<Next>, Name>;
  pipe<Next>(map: (row: Row, mark?: Mark) => Next | Promise<Next>): Resource<MappedRow<Awaited<Next>>, Name>;
}

/** Makes rows from the rows of another resource, once it is piped to one. */
export interface Transformer<in Parent, out Row, out Name extends string = string> {
  readonly name: Name;
  readonly "~parent": (row: Parent) => void;
  readonly "~row"?: () => Row;
}

/** Makes resources or transformers from arguments. Each call makes a copy with steps and hints of its own. */
export type ResourceFactory<Args, out Made> = (
  ...given: Record<never, never> extends Args ? [args?: Args] : [args: Args]
) => Made;
/** The parameters for arguments of a function: none, or one that may be optional. */
export type ArgumentList = readonly [] | readonly [args?: unknown];
/**
 * What is made of a function that may take arguments: by itself, when there are none; a factory, when there are. Where the parameter
 * is optional it is both.
 */
export type WithArguments<Args extends ArgumentList, Made> = Args extends readonly []
  ? Made
  : [] extends Args
    ? Made & ResourceFactory<NonNullable<Args[0]>, Made>
    : ResourceFactory<Args[0], Made>;
