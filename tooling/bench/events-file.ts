import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { eventsSeed, githubEvents } from "./github-events.js";

/** Returns the path of a file of generated events as JSON lines, which is written when it is not in the folder yet. */
export async function eventsFile(folder: string, rowCount: number): Promise<string> {
  const path = join(folder, `events-${rowCount}-${eventsSeed}.jsonl`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await pipeline(Readable.from(jsonLines(rowCount)), createWriteStream(unfinished));
  renameSync(unfinished, path);
  return path;
}

/** Blocks of lines, large enough that writing costs little beside generating. */
function* jsonLines(rowCount: number): Generator<string> {
  let block = "";
  for (const event of githubEvents(rowCount)) {
    block += `${JSON.stringify(event)}\n`;
    if (block.length > 1 << 20) {
      yield block;
      block = "";
    }
  }
  yield block;
}
