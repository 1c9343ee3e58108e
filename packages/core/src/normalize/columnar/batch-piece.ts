/** Some rows of a chunk that is a batch: usually all of them. */
export interface BatchPiece {
  /** Normalized name of the table. */
  readonly table: string;
  /** Of the resource, from 0. */
  readonly firstRow: number;
  /** Tells these rows from all others of the package: number of the chunk, and where they begin in it. */
  readonly place: string;
}
