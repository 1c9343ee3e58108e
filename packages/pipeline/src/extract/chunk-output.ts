import type { Chunk } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import { type ChunkFiles, sharedFileBytes } from "./chunk-files.js";
import type { ChunkPart, ChunkPlace } from "./chunk-part.js";
import { OpenUpdates } from "./open-updates.js";
import { type BegunPlace, begunPlace, type RowPlace } from "./row-place.js";

/** The way of gathered rows into the chunks of the package, or to where rows are held that may not belong to it. */
export class ChunkOutput {
  readonly #files: ChunkFiles;
  /** Of rows that may not belong to the package; where nothing is held there are none. */
  readonly #updates = new OpenUpdates();
  /** Small chunks of resources that have no more rows: they come before whatever is written next. */
  #ended: ChunkPart[] = [];

  constructor(files: ChunkFiles) {
    this.#files = files;
  }

  /** Rows are held until they are known to be complete. */
  get holds(): boolean {
    return this.#files.canHold;
  }

  /** Of the chunk that is written next. */
  get nextIndex(): number {
    return this.#files.nextIndex;
  }

  /** What is declared of tables and is in no package, because rows of them are not. */
  get openUpdates(): readonly JsonValueDocument[] {
    return this.#updates.all;
  }

  /** Where rows begin; takes what is declared of their table. */
  begin(place: RowPlace): BegunPlace {
    const begun = begunPlace(place);
    if (this.holds) this.#updates.add(begun.update);
    return begun;
  }

  /** Makes a chunk of rows that belong to the package; of `null` nothing. */
  async *write(part: ChunkPart | null): AsyncGenerator<Chunk> {
    if (part !== null) yield* this.#writeBehindEnded([this.#released(part)]);
  }

  /** The same for rows that belong to it unless rows are held. */
  async *writeOrHold(part: ChunkPart | null): AsyncGenerator<Chunk> {
    if (part === null) return;
    if (this.holds) await this.#files.hold(part);
    else yield* this.write(part);
  }

  /** Keeps the last rows of a resource until others are there to share a file with. */
  keepLast(part: ChunkPart | null): void {
    if (part !== null) this.#ended.push(this.#released(part));
  }

  /** Writes what waits for others; `ifMuch`: unless it is less than a file. */
  async *flush({ ifMuch = false } = {}): AsyncGenerator<Chunk> {
    if (!ifMuch || bytesOf(this.#ended) > sharedFileBytes) yield* this.#writeBehindEnded([]);
  }

  /** Makes chunks of what is held of these resources. */
  async *release(resources: ReadonlySet<string>): AsyncGenerator<Chunk> {
    const held = this.#files.heldOf(resources);
    if (held.length === 0) return;
    yield* this.flush();
    for (const { update } of held) this.#updates.delete(update);
    yield* this.#files.release(resources, (place) => this.#placed(place));
  }

  async *#writeBehindEnded(parts: readonly ChunkPart[]): AsyncGenerator<Chunk> {
    const ended = this.#ended;
    this.#ended = [];
    yield* this.#files.write([...ended, ...parts]);
  }

  #released(part: ChunkPart): ChunkPart {
    return { ...part, place: this.#placed(part.place) };
  }

  /** The place of rows that go into the package. What another resource declared of their table holds, although its own rows do not. */
  #placed(place: ChunkPlace): ChunkPlace {
    this.#updates.delete(place.update);
    const others = this.#updates.of(place.table);
    return others.length === 0 ? place : { ...place, update: [...others, ...place.update] };
  }
}

function bytesOf(parts: readonly ChunkPart[]): number {
  return parts.reduce((sum, { content }) => sum + (content instanceof Uint8Array ? content.byteLength : 0), 0);
}
