import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Dataset } from "./bench-case.js";

/** Returns the path of a file of the rows as JSON lines, which is written when it is not in the folder yet. */
export async function datasetFile(folder: string, dataset: Dataset): Promise<string> {
  const path = join(folder, `${dataset.name}.jsonl`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await pipeline(Readable.from(jsonLines(dataset.rows())), createWriteStream(unfinished));
  renameSync(unfinished, path);
  return path;
}

/** Blocks of lines, large enough that writing costs little beside generating. */
function* jsonLines(rows: Iterable<unknown>): Generator<string> {
  let block = "";
  for (const row of rows) {
    block += `${JSON.stringify(row)}\n`;
    if (block.length > 1 << 20) {
      yield block;
      block = "";
    }
  }
  yield block;
}
