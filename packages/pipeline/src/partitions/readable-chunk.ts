import { InternalError } from "@dlt/core";
import type { Chunk, ChunkEntry } from "../package/chunk.js";

/** A chunk that is read when its turn comes, maybe more than once. */
export interface ReadableChunk {
  readonly entry: ChunkEntry;
  /** Gives a buffer of the caller's own. */
  read(): Promise<Uint8Array>;
}

/** Chunks as normalizing takes them. Their indexes differ. */
export function readChunks(chunks: readonly ReadableChunk[]): {
  readonly chunks: AsyncIterable<Chunk>;
  readChunk(entry: ChunkEntry): Promise<Uint8Array>;
} {
  const byIndex = new Map(chunks.map((chunk) => [chunk.entry.index, chunk]));
  return {
    chunks: inOrder(chunks),
    async readChunk({ index }) {
      const chunk = byIndex.get(index);
      if (chunk === undefined)
        throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Chunk ${index} was asked for, which was not given.`);
      return await chunk.read();
    },
  };
}

async function* inOrder(chunks: readonly ReadableChunk[]): AsyncGenerator<Chunk> {
  for (const { entry, read } of chunks) yield { entry, data: await read() };
}
