import type { ChunkEntry } from "../package/chunk.js";
import type { Progress, SpanNotes } from "../progress/progress.js";
import type { ChunkLane } from "./chunk-lane.js";

interface WaitingChunk {
  readonly span: Parameters<SpanNotes["begin"]>[0];
  /** Once it is worked on. */
  open: Disposable | null;
}

/** Notes for the profile which chunk was normalized where, and when. */
export class ChunkSpans {
  readonly #spans: SpanNotes | null;
  /** Chunks of each lane that are not done; the first is worked on. */
  readonly #lanes = new Map<ChunkLane, WaitingChunk[]>();

  constructor(progress: Progress | undefined) {
    this.#spans = progress?.spans ?? null;
  }

  /** A chunk is about to be handed to a lane. The result is to be given what comes of it. */
  handed(
    lane: ChunkLane,
    laneName: string,
    { table: name, index, bytes }: ChunkEntry,
  ): (outcome: Promise<unknown>) => void {
    const spans = this.#spans;
    if (spans === null) return () => undefined;
    const chunks = this.#lanes.get(lane) ?? [];
    this.#lanes.set(lane, chunks);
    const chunk: WaitingChunk = { span: { lane: laneName, name, args: { chunk: index, bytes } }, open: null };
    chunks.push(chunk);
    if (chunks.length === 1) chunk.open = spans.begin(chunk.span);
    const done = (): void => {
      chunk.open?.[Symbol.dispose]();
      chunks.splice(chunks.indexOf(chunk), 1);
      const [next] = chunks;
      if (next !== undefined) next.open ??= spans.begin(next.span);
    };
    return (outcome) => void outcome.then(done, done);
  }
}
