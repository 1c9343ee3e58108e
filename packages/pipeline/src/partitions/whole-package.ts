import { createNormalized } from "../package/normalized-package.js";
import { normalizeInto } from "../run/normalize-package.js";
import type { AssembledPackage, AssembleInput } from "./assemble-package.js";
import { chunkPath, readChunkFile } from "./exchange.js";
import { planSeed } from "./plan-document.js";
import { type ReadableChunk, readChunks } from "./readable-chunk.js";

/**
 * Normalizes the chunks of all partitions as those of one load: where partitions declare a table in different ways, any of them
 * decides of the rows of all.
 */
export async function wholePackage(input: AssembleInput): Promise<AssembledPackage> {
  const { claimed, target, binding, plan, attempts, tables, emptyTables, workers, signal } = input;
  const folder = await createNormalized(claimed.store, plan.loadId);
  const result = await normalizeInto(
    claimed.context,
    {
      loadId: plan.loadId,
      createdAt: BigInt(plan.createdAt),
      idSeed: planSeed(plan),
      startSchema: plan.schema,
      isReplay: false,
      ...readChunks(chunksOf(input)),
      emptyTables: () => emptyTables,
      tables: () => tables,
    },
    { target, binding, workers, signal, folder },
  );
  return { result, normalizedAgain: attempts.map(({ index }) => index) };
}

/** The chunks of all partitions, and the row of the state, numbered through. What is declared again as it was is left out. */
function chunksOf({ attempts, stateChunk }: AssembleInput): readonly ReadableChunk[] {
  const declared = new Map<string, string>();
  const isNews = (table: Readonly<Record<string, unknown>>): boolean => {
    const [name, text] = [String(table["name"]), JSON.stringify(table)];
    const isKnown = declared.get(name) === text;
    declared.set(name, text);
    return !isKnown;
  };
  const chunks: ReadableChunk[] = attempts.flatMap(({ document, path }) =>
    document.chunks.map((entry) => ({ entry, read: () => readChunkFile(path, entry), path: chunkPath(path, entry) })),
  );
  if (stateChunk !== null) chunks.push({ entry: stateChunk.entry, read: async () => stateChunk.data.slice() });
  return chunks.map(({ entry, ...chunk }, index) => ({
    ...chunk,
    entry: { ...entry, index, update: entry.update.filter(isNews) },
  }));
}
