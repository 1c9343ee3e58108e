import type { ChunkPart, ChunkPlace } from "./chunk-part.js";

/** What came in at once. */
export interface Piece<Content> {
  readonly content: Content;
  /** `null` when text was passed through uncounted. */
  readonly rowCount: number | null;
  /** Values, or lines where they are not counted. */
  readonly position: number;
  readonly bytes: number;
}

/** Rows of one resource and table that will become a chunk. */
export abstract class PartBuffer<Content> {
  #place: ChunkPlace;
  #pieces: Piece<Content>[] = [];
  #bytes = 0;
  /** Pieces of which nothing is taken back when the resource is resumed. */
  #completePieces = 0;

  constructor(place: ChunkPlace) {
    this.#place = place;
  }

  get place(): ChunkPlace {
    return this.#place;
  }

  get bytes(): number {
    return this.#bytes;
  }

  markComplete(): void {
    this.#completePieces = this.#pieces.length;
  }

  /** Takes everything out; `null` when there is nothing. */
  takeAll(): ChunkPart | null {
    return this.#take(this.#pieces.length);
  }

  /** Takes out what is complete; `null` when nothing is. */
  takeComplete(): ChunkPart | null {
    return this.#take(this.#completePieces);
  }

  protected abstract readonly framing: "lines" | "columns";

  protected abstract joined(contents: readonly Content[]): Uint8Array;

  protected get first(): Content | undefined {
    return this.#pieces[0]?.content;
  }

  protected push(piece: Piece<Content>): void {
    this.#pieces.push(piece);
    this.#bytes += piece.bytes;
  }

  #take(count: number): ChunkPart | null {
    if (count === 0) return null;
    const taken = this.#pieces.slice(0, count);
    this.#pieces = this.#pieces.slice(count);
    this.#completePieces = Math.max(0, this.#completePieces - count);
    const place = this.#place;
    let rowCount: number | null = 0;
    let rows = 0;
    for (const piece of taken) {
      rowCount = rowCount === null || piece.rowCount === null ? null : rowCount + piece.rowCount;
      rows += piece.position;
      this.#bytes -= piece.bytes;
    }
    this.#place = { ...place, firstRow: place.firstRow + rows, update: [] };
    const content = this.joined(taken.map((piece) => piece.content));
    return { place, framing: this.framing, rowCount, content };
  }
}
