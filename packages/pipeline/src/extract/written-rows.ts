/** How much was written of a resource, or of several. */
export interface Written {
  readonly bytes: number;
  /** Rows, or lines where rows are not counted. */
  readonly position: number;
}

const nothing: Written = { bytes: 0, position: 0 };

/** Counts what is written, by resource. */
export class WrittenRows {
  readonly #rows = new Map<string, Written>();
  /** They are no rows of the resource's tables. */
  readonly #rejected = new Map<string, Written>();
  /** Of files that are loaded as they are. */
  readonly #inFiles = new Map<string, Written>();

  /** Without rejected rows. */
  of(resource: string): Written {
    return sum(this.#rowsOf(resource), this.#inFiles.get(resource) ?? nothing);
  }

  hasAny(resource: string): boolean {
    return this.#rowsOf(resource).position > 0 || this.#inFiles.has(resource);
  }

  /** Rows that a resource has given before what comes next, rejected ones included. */
  rowsBefore(resource: string): number {
    return this.of(resource).position + (this.#rejected.get(resource) ?? nothing).position;
  }

  /** How many rows of a resource make up about so many bytes, as far as its rows so far tell. */
  rowsFor(resource: string, bytes: number): number {
    const { position, bytes: written } = this.#rowsOf(resource);
    if (position === 0) return 100;
    return Math.max(1, Math.min(Math.floor((bytes * position) / written), 10_000));
  }

  add(resource: string, more: Written, { isRejected }: { readonly isRejected: boolean }): void {
    addTo(isRejected ? this.#rejected : this.#rows, resource, more);
  }

  addFile(resource: string, more: Written): void {
    addTo(this.#inFiles, resource, more);
  }

  #rowsOf(resource: string): Written {
    return this.#rows.get(resource) ?? nothing;
  }
}

function addTo(counts: Map<string, Written>, resource: string, more: Written): void {
  counts.set(resource, sum(counts.get(resource) ?? nothing, more));
}

function sum(one: Written, other: Written): Written {
  return { bytes: one.bytes + other.bytes, position: one.position + other.position };
}
