import { InternalError } from "@dlt/core";
import type { Chunk, ChunkEntry } from "../package/chunk.js";
import { linkFile } from "../package/imported-file.js";

/** A chunk that is read when its turn comes, maybe more than once. */
export interface ReadableChunk {
  readonly entry: ChunkEntry;
  /** Gives a buffer of the caller's own. */
  read(): Promise<Uint8Array>;
  /** Its file, for one that is loaded as it is. */
  readonly path?: string;
}

/** Chunks as normalizing takes them. Their indexes differ. */
export function readChunks(chunks: readonly ReadableChunk[]): {
  readonly chunks: AsyncIterable<Chunk>;
  readChunk(entry: ChunkEntry): Promise<Uint8Array>;
  linkChunk(entry: ChunkEntry, to: string): Promise<void>;
} {
  const byIndex = new Map(chunks.map((chunk) => [chunk.entry.index, chunk]));
  const known = (index: number): ReadableChunk => {
    const chunk = byIndex.get(index);
    if (chunk !== undefined) return chunk;
    throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Chunk ${index} was asked for, which was not given.`);
  };
  return {
    chunks: inOrder(chunks),
    readChunk: async ({ index }) => await known(index).read(),
    async linkChunk({ index }, to) {
      const { path } = known(index);
      if (path === undefined)
        throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Chunk ${index} was given without its file.`);
      await linkFile(path, to);
    },
  };
}

async function* inOrder(chunks: readonly ReadableChunk[]): AsyncGenerator<Chunk> {
  for (const { entry, read } of chunks) yield { entry, data: await read() };
}
