import type { ChunkPart, ChunkPlace } from "./chunk-part.js";

/** A piece of text in a buffer. */
interface Lines {
  readonly bytes: Uint8Array;
  readonly rowCount: number | null;
  /** Values, or lines where they are not counted. */
  readonly position: number;
  /** Nobody else uses the buffer. */
  readonly isOwn: boolean;
}

/** Lines of one resource and table that will become a chunk. */
export class ChunkBuffer {
  #place: ChunkPlace;
  #lines: Lines[] = [];
  #bytes = 0;
  /** Lines of which nothing is taken back when the resource is resumed. */
  #completeLines = 0;

  constructor(place: ChunkPlace) {
    this.#place = place;
  }

  get place(): ChunkPlace {
    return this.#place;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(lines: Lines): void {
    this.#lines.push(lines);
    this.#bytes += sizeOf(lines);
  }

  markComplete(): void {
    this.#completeLines = this.#lines.length;
  }

  /** Takes everything out; `null` when there is nothing. */
  takeAll(): ChunkPart | null {
    return this.#take(this.#lines.length);
  }

  /** Takes out what is complete; `null` when nothing is. */
  takeComplete(): ChunkPart | null {
    return this.#take(this.#completeLines);
  }

  #take(count: number): ChunkPart | null {
    if (count === 0) return null;
    const taken = this.#lines.slice(0, count);
    this.#lines = this.#lines.slice(count);
    this.#completeLines = Math.max(0, this.#completeLines - count);
    const data = joined(taken);
    this.#bytes -= data.byteLength;
    const place = this.#place;
    const rows = taken.reduce((sum, { position }) => sum + position, 0);
    this.#place = { ...place, firstRow: place.firstRow + rows, update: [] };
    return { place, framing: "lines", rowCount: rowsOf(taken), content: data };
  }
}

function rowsOf(lines: readonly Lines[]): number | null {
  let sum = 0;
  for (const { rowCount } of lines) {
    if (rowCount === null) return null;
    sum += rowCount;
  }
  return sum;
}

/** All lines in a buffer of their own. */
function joined(lines: readonly Lines[]): Uint8Array {
  const [only, ...others] = lines;
  if (only?.isOwn === true && others.length === 0 && endsWithSpace(only.bytes)) return only.bytes;
  const content = new Uint8Array(lines.reduce((sum, each) => sum + sizeOf(each), 0));
  let position = 0;
  for (const each of lines) {
    content.set(each.bytes, position);
    position += sizeOf(each);
    if (!endsWithSpace(each.bytes)) content[position - 1] = lineBreak;
  }
  return content;
}

/** With the line break that they may lack. */
function sizeOf({ bytes }: Lines): number {
  return bytes.byteLength + (endsWithSpace(bytes) ? 0 : 1);
}

const lineBreak = 0x0a;

function endsWithSpace(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? lineBreak) <= 0x20;
}
