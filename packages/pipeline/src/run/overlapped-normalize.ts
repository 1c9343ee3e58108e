import { formatSchema } from "@dlt/core/engine";
import type { NormalizeStageResult } from "../normalize/stage.js";
import { linkChunk, readChunk, readExtracted } from "../package/extracted-package.js";
import { discardNormalized } from "../package/normalized-package.js";
import { type ChunkChannel, chunkChannel } from "./chunk-channel.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import type { ChunkFollower, OpenPackage } from "./extract-packages.js";
import { commitPackage, normalizePackage } from "./normalize-package.js";
import { schemaBinding, type Target } from "./target.js";

/** Normalizes packages while they are extracted. */
export interface OverlappedNormalize extends ChunkFollower, AsyncDisposable {
  /**
   * Commits the load files of a package whose extract was committed.
   * @throws what made normalizing fail; the package stays extracted
   */
  commit(open: OpenPackage): Promise<void>;
}

type Outcome = { readonly result: NormalizeStageResult } | { readonly error: unknown };

interface PackageAtWork {
  readonly channel: ChunkChannel;
  readonly outcome: Promise<Outcome>;
}

/** Disposing of it stops what still runs and forgets what was not committed. */
export function overlappedNormalize(
  claimed: ClaimedPipeline,
  options: { readonly target: Target; readonly workers: number | undefined; readonly signal: AbortSignal },
): OverlappedNormalize {
  const { target, workers } = options;
  const { store, context } = claimed;
  const atWork = new Map<string, PackageAtWork>();
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);

  const start = async (open: OpenPackage, channel: ChunkChannel): Promise<Outcome> => {
    try {
      const { loadId, createdAt, idSeed } = open;
      const source = {
        loadId,
        createdAt,
        idSeed,
        startSchema: formatSchema(open.startSchema),
        isReplay: open.isReplay,
        chunks: channel.chunks,
        readChunk: (entry: Parameters<typeof readChunk>[2]) => readChunk(store, open, entry),
        linkChunk: (entry: Parameters<typeof readChunk>[2], path: string) => linkChunk(store, open, entry, path),
        emptyTables: () => [...open.emptyTables],
        tables: () => open.tables,
      };
      const binding = schemaBinding(context, target, open.startSchema.name);
      return { result: await normalizePackage(claimed, source, { target, binding, workers, signal }) };
    } catch (error) {
      return { error };
    } finally {
      channel.stop();
    }
  };

  const drop = async (loadId: string, { channel, outcome }: PackageAtWork): Promise<void> => {
    channel.stop();
    await outcome;
    await discardNormalized(store, loadId);
    atWork.delete(loadId);
  };

  return {
    async opened(open) {
      const channel = chunkChannel();
      atWork.set(open.loadId, { channel, outcome: start(open, channel) });
    },
    async given(open, chunk) {
      await atWork.get(open.loadId)?.channel.give(chunk);
    },
    ended(open) {
      atWork.get(open.loadId)?.channel.end();
    },
    async dropped({ loadId }) {
      const dropped = atWork.get(loadId);
      if (dropped !== undefined) await drop(loadId, dropped);
    },
    async commit(open) {
      const outcome = await atWork.get(open.loadId)?.outcome;
      if (outcome === undefined) return;
      if ("error" in outcome) throw outcome.error;
      const { loadId, createdAt, startSchema } = open;
      const { manifest, origin, state } = await readExtracted(store, loadId);
      const { dropTables, truncateTables } = manifest;
      const { name: schemaName } = startSchema;
      const binding = schemaBinding(context, target, schemaName);
      await commitPackage(claimed, outcome.result, {
        loadId,
        schemaName,
        createdAt,
        binding,
        origin,
        state,
        dropTables,
        truncateTables,
        isReplay: open.isReplay,
      });
      atWork.delete(loadId);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      for (const [loadId, each] of atWork) await drop(loadId, each);
    },
  };
}
