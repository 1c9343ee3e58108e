import type { FileHandle } from "node:fs/promises";

/** Where bytes are read from. */
export interface ByteReader {
  /** Puts bytes into `page` from `at` on, at least one and at most to its end; gives their number, 0 at the end. */
  read(page: Uint8Array, at: number): Promise<number>;
  /** Bytes are there when they are asked for, so that it pays to fill a page. */
  readonly isReady: boolean;
}

/** The bytes of a file, from where it stands. */
export function fileReader(handle: FileHandle): ByteReader {
  return { isReady: true, read: async (page, at) => (await handle.read(page, at, page.length - at)).bytesRead };
}

/** Bytes that come in pieces, when they come. The giver may use the buffer of a piece again once it is asked for the next. */
export function pieceReader(pieces: AsyncIterator<Uint8Array>): ByteReader {
  let piece = new Uint8Array(0) as Uint8Array;
  return {
    isReady: false,
    read: async (page, at) => {
      while (piece.length === 0) {
        const next = await pieces.next();
        if (next.done === true) return 0;
        piece = next.value;
      }
      const taken = piece.subarray(0, page.length - at);
      page.set(taken, at);
      piece = piece.subarray(taken.length);
      return taken.length;
    },
  };
}
