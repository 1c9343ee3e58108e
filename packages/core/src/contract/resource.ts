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
  /** Aborts when the run is stopped or has failed. */
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
}

/** What a resource is handed to say in which parts it can be read. Changes of state are forgotten. */
export type PlanContext<Cursor = never> = Omit<ReadContext<Cursor>, "partition" | "checkpoint">;

/** Rows with something said of them, such as the table that they go to. Made by `withTableName` and `withHints`. */
export interface Marked<out Rows> {
  readonly "~dlt": "marked";
  readonly rows: Rows;
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

/** The row type of what a function gives: pages, rows, (async) iterables of either, or a promise of any of these. */
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
        : P;

/** Where to stop. Pages are never cut, so that the last may exceed `countRows`. */
export interface LimitOptions {
  /** Pages, or single rows where they are yielded singly. `-1`: no limit; `0`: nothing at all. Default: no limit. */
  readonly maxItems?: number;
  /** Counted from when reading starts. Default: no limit. */
  readonly maxTimeMs?: number;
  /** `maxItems` counts rows also where they come in pages. Default: false. */
  readonly countRows?: boolean;
}

/**
 * Rows of one kind, read when the pipeline runs. `add…` and `applyHints` change this object and give it back under its new
 * type; `withName` makes a copy. Without a pipeline it can be iterated: no hints apply, and changes of state are forgotten.
 */
export interface Resource<out Row = unknown, out Name extends string = string> extends AsyncIterable<Row> {
  readonly name: Name;
  /** Whether a run loads it; one that is not is still read when a selected resource is fed by it. */
  readonly selected: boolean;
  /** Replaces each row. A single row for which it gives null or undefined is dropped. */
  addMap<Next>(map: (row: Row) => Next | Promise<Next>): Resource<Awaited<Next>, Name>;
  addFilter<Next extends Row>(keep: (row: Row) => row is Next): Resource<Next, Name>;
  addFilter(keep: (row: Row) => boolean): Resource<Row, Name>;
  /** Replaces each row by any number of rows. */
  addYieldMap<Next>(map: (row: Row) => Iterable<Next> | AsyncIterable<Next>): Resource<Next, Name>;
  /** Stops reading early. A second limit replaces the first. A number counts items as `maxItems` does. */
  addLimit(limit: number | LimitOptions): Resource<Row, Name>;
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
  applyHints(hints: Hints & { readonly incremental?: IncrementalHint }): Resource<Row, Name>;
  /** A copy with its own state, which loads into a table of the new name unless `tableName` was given. */
  withName<const Renamed extends string>(name: Renamed): Resource<Row, Renamed>;
  /** A resource that is fed with the rows of this one. */
  pipe<Out, Piped extends string>(next: Transformer<Row, Out, Piped>): Resource<Out, Piped>;
}

/** Makes rows from the rows of another resource, once it is piped to one. */
export interface Transformer<in Parent, out Row, out Name extends string = string> {
  readonly name: Name;
  readonly "~parent": (row: Parent) => void;
  readonly "~row"?: () => Row;
}
