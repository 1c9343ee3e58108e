import type { Chunk, ChunkEntry } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import type { ChunkPart } from "./chunk-part.js";

/** Where the chunks of a package are written. */
export interface ChunkStore {
  /** Resolves once the bytes are in the file. Called one at a time, in order of the index. */
  writeChunk(entry: ChunkEntry, data: Uint8Array): Promise<void>;
  /** Where chunks are held. */
  readonly held?: HeldStore | undefined;
}

/** Keeps bytes of which it is not known yet which package they go to. */
export interface HeldStore {
  holdChunk(name: string, data: Uint8Array): Promise<void>;
  /** Makes held bytes a chunk of the package, and reads them. */
  releaseChunk(name: string, entry: ChunkEntry): Promise<Uint8Array>;
}

interface HeldPart {
  readonly name: string;
  readonly part: Omit<ChunkPart, "data">;
  readonly bytes: number;
}

/**
 * The chunks of a package that is being extracted. Rows that may not belong to it are held: on disk, in no package. Once they are known
 * to be complete they are released into the package of that time.
 */
export class ChunkFiles {
  readonly #store: ChunkStore;
  #firstIndex: number;
  #entries: ChunkEntry[] = [];
  #held: HeldPart[] = [];
  #heldCount = 0;

  constructor(store: ChunkStore, firstIndex: number) {
    this.#store = store;
    this.#firstIndex = firstIndex;
  }

  /** The chunks of the package, in order. */
  get entries(): readonly ChunkEntry[] {
    return this.#entries;
  }

  get nextIndex(): number {
    return this.#firstIndex + this.#entries.length;
  }

  get canHold(): boolean {
    return this.#store.held !== undefined;
  }

  async write(part: ChunkPart): Promise<Chunk> {
    const entry = this.#entryFor(part, part.data.byteLength);
    await this.#store.writeChunk(entry, part.data);
    this.#entries.push(entry);
    return { entry, data: part.data };
  }

  async hold({ data, ...part }: ChunkPart): Promise<void> {
    const name = `${String(this.#heldCount++).padStart(6, "0")}.held`;
    await this.#store.held?.holdChunk(name, data);
    this.#held.push({ name, part, bytes: data.byteLength });
  }

  /** Puts what is held of these resources into the package, in order. */
  async *release(resources: ReadonlySet<string>): AsyncGenerator<Chunk> {
    const released = this.#held.filter(({ part }) => resources.has(part.place.resource));
    this.#held = this.#held.filter((held) => !released.includes(held));
    for (const { name, part, bytes } of released) {
      const entry = this.#entryFor(part, bytes);
      const data = await this.#store.held?.releaseChunk(name, entry);
      if (data === undefined) continue;
      this.#entries.push(entry);
      yield { entry, data };
    }
  }

  /** Begins with the chunks of another package; what is held stays. */
  startPackage(): void {
    this.#entries = [];
    this.#firstIndex = 0;
  }

  /** What is declared of tables and is held with their rows. */
  heldUpdates(): readonly JsonValueDocument[] {
    return this.#held.flatMap(({ part }) => part.place.update);
  }

  #entryFor({ place, framing, rowCount }: Omit<ChunkPart, "data">, bytes: number): ChunkEntry {
    const index = this.nextIndex;
    const file = `${String(index).padStart(6, "0")}.${framing === "columns" ? "columns" : "jsonl"}`;
    return { index, ...place, framing, rowCount, file, bytes };
  }
}
