import { NormalizeStage } from "./normalize-stage.js";
import type { NormalizeStageInput, NormalizeStageResult } from "./stage.js";

/**
 * Normalizes the chunks of a package into load files. Chunks may be normalized side by side; the result is that of one after
 * another, whatever the number of threads.
 *
 * @throws SchemaError, SchemaContractError for data that cannot be normalized; PackageError for a disk that cannot be written
 */
export async function normalizeChunks(input: NormalizeStageInput): Promise<NormalizeStageResult> {
  await using stage = new NormalizeStage(input);
  using _watched = input.progress?.watch(() => stage.progress());
  return await stage.run();
}
