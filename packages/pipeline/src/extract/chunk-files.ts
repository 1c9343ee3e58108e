import type { Chunk, ChunkEntry } from "../package/chunk.js";
import type { ChunkContent, ChunkPart, ChunkPlace, DescribedPart } from "./chunk-part.js";

/** Where the chunks of a package are written. */
export interface ChunkStore {
  /** Resolves once the content is in a file of this name. Called one at a time, in order of the chunks. */
  writeFile(name: string, content: ChunkContent): Promise<void>;
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

  /** Writes chunks in this order. Small ones share files: a file costs more than a thousand rows. */
  async *write(parts: readonly ChunkPart[]): AsyncGenerator<Chunk> {
    for (const group of sharingFiles(parts)) {
      const chunks: Chunk[] = [];
      let start = 0;
      for (const part of group) {
        const { content } = part;
        const bytes = sizeOf(content);
        const entry = this.#entryFor(part, { bytes, index: this.nextIndex + chunks.length });
        const isRead = content instanceof Uint8Array && entry.framing !== "file";
        const [first] = chunks;
        const file = first?.entry.file ?? entry.file;
        const place = group.length === 1 ? entry : { ...entry, file, start };
        chunks.push({ entry: place, data: isRead ? content : noBytes });
        start += bytes;
      }
      const [only] = chunks;
      if (only === undefined) continue;
      await this.#store.writeFile(only.entry.file, contentOf(group));
      this.#entries.push(...chunks.map(({ entry }) => entry));
      yield* chunks;
    }
  }

  async hold({ content, ...part }: ChunkPart): Promise<void> {
    const name = `${String(this.#heldCount++).padStart(6, "0")}.held`;
    await this.#store.held?.holdChunk(name, content);
    this.#held.push({ name, part, bytes: sizeOf(content) });
  }

  /** What is held of these resources, in order. */
  heldOf(resources: ReadonlySet<string>): readonly ChunkPlace[] {
    return this.#held.flatMap(({ part: { place } }) => (resources.has(place.resource) ? [place] : []));
  }

  /** Puts what is held of these resources into the package, in order. `placed` says what there is to know of a part by then. */
  async *release(resources: ReadonlySet<string>, placed: (place: ChunkPlace) => ChunkPlace): AsyncGenerator<Chunk> {
    const released = this.#held.filter(({ part }) => resources.has(part.place.resource));
    this.#held = this.#held.filter((held) => !released.includes(held));
    for (const { name, part, bytes } of released) {
      const entry = this.#entryFor({ ...part, place: placed(part.place) }, { bytes, index: this.nextIndex });
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

  #entryFor(part: DescribedPart, { bytes, index }: { readonly bytes: number; readonly index: number }): ChunkEntry {
    const { place, framing, loadFile, rowCount } = part;
    const file = `${String(index).padStart(6, "0")}.${extensionOf(part)}`;
    return { index, ...place, framing, ...(loadFile && { loadFile }), rowCount, file, bytes };
  }
}

/** A chunk of at most so many bytes shares its file with others, as long as the file has at most so many. */
export const smallBytes = 64 * 1024;
export const sharedFileBytes = 1024 * 1024;

/** Chunks by the files that they go to, in order. */
function sharingFiles(parts: readonly ChunkPart[]): readonly (readonly ChunkPart[])[] {
  const groups: ChunkPart[][] = [];
  let room = 0;
  for (const part of parts) {
    const bytes = sizeOf(part.content);
    const group = groups.at(-1);
    const goesAlong = bytes <= Math.min(room, smallBytes) && group?.every((other) => canShare(other, part)) === true;
    if (goesAlong) group.push(part);
    else groups.push([part]);
    room = (goesAlong ? room : sharedFileBytes) - bytes;
  }
  return groups;
}

function canShare(part: ChunkPart, other: ChunkPart): boolean {
  return part.framing === other.framing && part.loadFile === undefined && other.loadFile === undefined;
}

function contentOf(group: readonly ChunkPart[]): ChunkContent {
  const [only, ...others] = group;
  if (only !== undefined && others.length === 0) return only.content;
  return Buffer.concat(group.flatMap(({ content }) => (content instanceof Uint8Array ? [content] : [])));
}

const noBytes = new Uint8Array(0);

function sizeOf(content: ChunkContent): number {
  return content instanceof Uint8Array ? content.byteLength : content.bytes;
}

function extensionOf({ framing, loadFile }: DescribedPart): string {
  if (loadFile !== undefined) return `${loadFile.format}${loadFile.isCompressed ? ".gz" : ""}`;
  return framing === "columns" ? "columns" : "jsonl";
}
