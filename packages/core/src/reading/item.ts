import type { ColumnBatch, EncodedRows, JsonText } from "../contract/batch.js";
import type { FileImport, Mark, SqlModel } from "../contract/resource.js";

/** A page, or rows that were yielded one by one, gathered. */
export type Item = RowsItem | TextItem | ColumnsItem | EncodedItem | FileItem | ModelItem;

/** What moves through the steps of a resource: items, and points among them from which it can be resumed. */
export type Passing = Item | Checkpoint;

/** All items before it are complete: a resource that is read anew can go on behind them. */
export interface Checkpoint {
  readonly kind: "checkpoint";
  /** What `captureState` of the environment gave when the author's function said so; undefined where a cursor tells. */
  readonly state: unknown;
}

export interface RowsItem {
  readonly kind: "rows";
  readonly rows: readonly unknown[];
  /** Each row was yielded by itself; a page otherwise. */
  readonly singly: boolean;
  /** `text`: integral floats are apart from integers, as in the text that the rows came from. */
  readonly numbers: "text" | "objects";
  readonly mark: Mark | null;
}

export interface TextItem {
  readonly kind: "text";
  readonly text: JsonText;
  readonly mark: Mark | null;
}

export interface ColumnsItem {
  readonly kind: "columns";
  readonly rowCount: number;
  /** Those of one page, with the same columns; each time they are iterated anew. One without rows stands for a page without. */
  readonly batches: Iterable<ColumnBatch>;
  readonly mark: Mark | null;
}

export interface EncodedItem {
  readonly kind: "encoded";
  readonly encoded: EncodedRows;
  readonly mark: Mark | null;
}

/** A file that becomes a load file as it is. */
export interface FileItem {
  readonly kind: "file";
  readonly file: FileImport;
  readonly mark: Mark | null;
}

/** A query that becomes a load file of its own. */
export interface ModelItem {
  readonly kind: "model";
  readonly model: SqlModel;
  readonly mark: Mark | null;
}

export function rowsItem(rows: readonly unknown[], options: Partial<RowsItem> = {}): RowsItem {
  return { kind: "rows", rows, singly: false, numbers: "objects", mark: null, ...options };
}
