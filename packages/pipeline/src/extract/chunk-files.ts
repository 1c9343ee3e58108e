import type { Chunk, ChunkEntry } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import type { ChunkContent, ChunkPart, DescribedPart } from "./chunk-part.js";

/** Where the chunks of a package are written. */
export interface ChunkStore {
  /** Resolves once the content is in the file. Called one at a time, in order of the index. */
  writeChunk(entry: ChunkEntry, content: ChunkContent): Promise<void>;
  /** Where chunks are held. */
  readonly held?: HeldStore | undefined;
}

/** Keeps content of which it is not known yet which package it goes to. */
export interface HeldStore {
  holdChunk(name: string, content: ChunkContent): Promise<void>;
  /** Makes held content a chunk of the package, and reads it unless it is loaded as it is. */
  releaseChunk(name: string, entry: ChunkEntry): Promise<Uint8Array>;
}

interface HeldPart {
  readonly name: string;
  readonly part: DescribedPart;
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
    const { content } = part;
    const entry = this.#entryFor(part, sizeOf(content));
    await this.#store.writeChunk(entry, content);
    this.#entries.push(entry);
    return { entry, data: entry.framing === "file" || !(content instanceof Uint8Array) ? noBytes : content };
  }

  async hold({ content, ...part }: ChunkPart): Promise<void> {
    const name = `${String(this.#heldCount++).padStart(6, "0")}.held`;
    await this.#store.held?.holdChunk(name, content);
    this.#held.push({ name, part, bytes: sizeOf(content) });
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

  #entryFor(part: DescribedPart, bytes: number): ChunkEntry {
    const { place, framing, loadFile, rowCount } = part;
    const index = this.nextIndex;
    const file = `${String(index).padStart(6, "0")}.${extensionOf(part)}`;
    return { index, ...place, framing, ...(loadFile && { loadFile }), rowCount, file, bytes };
  }
}

const noBytes = new Uint8Array(0);

function sizeOf(content: ChunkContent): number {
  return content instanceof Uint8Array ? content.byteLength : content.bytes;
}

function extensionOf({ framing, loadFile }: DescribedPart): string {
  if (loadFile !== undefined) return `${loadFile.format}${loadFile.isCompressed ? ".gz" : ""}`;
  return framing === "columns" ? "columns" : "jsonl";
}
