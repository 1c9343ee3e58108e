import type { Chunk } from "../package/chunk.js";

/** How many bytes may wait before the giving side waits too. */
const fullBytes = 32 * 1024 * 1024;

/**
 * Hands chunks from extract to normalize while both go on, with a bound on what waits between them. One consumer; when it
 * stops early, what is given is dropped (it is on disk).
 */
export interface ChunkChannel {
  readonly chunks: AsyncIterable<Chunk>;
  /** Resolves once there is room for more. */
  give(chunk: Chunk): Promise<void>;
  /** No more chunks will come. */
  end(): void;
  /** Nobody takes chunks any more; what waits and what is given is dropped. */
  stop(): void;
}

export function chunkChannel(): ChunkChannel {
  const waiting: Chunk[] = [];
  let waitingBytes = 0;
  let state: "open" | "ended" | "stopped" = "open";
  let wakeConsumer: (() => void) | null = null;
  let wakeGivers: (() => void)[] = [];

  const changed = (): void => {
    wakeConsumer?.();
    wakeConsumer = null;
    const givers = wakeGivers;
    wakeGivers = [];
    for (const wake of givers) wake();
  };

  const stop = (): void => {
    state = "stopped";
    waiting.length = 0;
    waitingBytes = 0;
    changed();
  };

  async function* consume(): AsyncGenerator<Chunk> {
    try {
      for (;;) {
        const chunk = waiting.shift();
        if (chunk !== undefined) {
          waitingBytes -= chunk.data.byteLength;
          changed();
          yield chunk;
        } else if (state !== "open") {
          return;
        } else {
          await new Promise<void>((resolve) => {
            wakeConsumer = resolve;
          });
        }
      }
    } finally {
      stop();
    }
  }

  return {
    chunks: consume(),
    async give(chunk) {
      if (state === "stopped") return;
      // Counted now: the receiver may detach the buffer.
      waiting.push(chunk);
      waitingBytes += chunk.data.byteLength;
      wakeConsumer?.();
      wakeConsumer = null;
      while (waitingBytes >= fullBytes && state === "open") {
        await new Promise<void>((resolve) => {
          wakeGivers.push(resolve);
        });
      }
    },
    end() {
      if (state === "open") state = "ended";
      changed();
    },
    stop,
  };
}
