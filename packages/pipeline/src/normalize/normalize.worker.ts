import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { type FileFormat, InternalError } from "@dlt/core";
import { builtInFormats, type FormatOptions } from "./built-in-formats.js";
import { ChunkNormalizer } from "./chunk-normalizer.js";
import type { ChunkAnswer, ChunkTask, ThreadFormat } from "./chunk-task.js";
import { errorData } from "./error-data.js";

// Entry of a normalize thread: one task in, one answer out. Buffers change hands and are not copied.
const port = parentPort;
const formats = new Map(builtInFormats(workerData as FormatOptions).byName);
const normalizer = new ChunkNormalizer(({ format }) => formats.get(format?.name ?? "") ?? missing(format));
let last = Promise.resolve();

port?.on("message", (task: ChunkTask) => {
  last = last.then(() => answer(task));
});

async function answer(task: ChunkTask): Promise<void> {
  let given: ChunkAnswer;
  const buffers = new Set<ArrayBuffer>();
  try {
    await learn(task.format);
    const outcome = normalizer.normalize(task);
    for (const { part } of outcome.parts) if (part.bytes.buffer instanceof ArrayBuffer) buffers.add(part.bytes.buffer);
    given = { outcome };
  } catch (error) {
    given = { error: errorData(error) };
  }
  port?.postMessage(given, [...buffers]);
}

/** Loads a format that is not built in. */
async function learn(format: ThreadFormat | null): Promise<void> {
  if (format === null || format.file === null || formats.has(format.name)) return;
  const { fileFormat } = (await import(pathToFileURL(format.file).href)) as { readonly fileFormat?: FileFormat };
  formats.set(format.name, fileFormat ?? missing(format));
}

function missing(format: ThreadFormat | null): never {
  throw new InternalError("INTERNAL_STATE_UNEXPECTED", `A normalize thread has no file format \`${format?.name}\`.`);
}
