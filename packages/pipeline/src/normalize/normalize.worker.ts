import { parentPort, workerData } from "node:worker_threads";
import { type FileFormat, InternalError } from "@dlt/core";
import { builtInFormats, type FormatOptions } from "./built-in-formats.js";
import { ChunkNormalizer } from "./chunk-normalizer.js";
import type { ChunkAnswer, ChunkTask } from "./chunk-task.js";
import { errorData } from "./error-data.js";

// Entry of a normalize thread: one task in, one answer out. Buffers change hands and are not copied.
const port = parentPort;
const formats = builtInFormats(workerData as FormatOptions).byName;
const normalizer = new ChunkNormalizer(formatOf);

port?.on("message", (task: ChunkTask) => {
  let answer: ChunkAnswer;
  const buffers = new Set<ArrayBuffer>();
  try {
    const outcome = normalizer.normalize(task);
    for (const { part } of outcome.parts) if (part.bytes.buffer instanceof ArrayBuffer) buffers.add(part.bytes.buffer);
    answer = { outcome };
  } catch (error) {
    answer = { error: errorData(error) };
  }
  port.postMessage(answer, [...buffers]);
});

function formatOf({ format: name }: ChunkTask): FileFormat {
  const format = formats.get(name);
  if (format === undefined)
    throw new InternalError("INTERNAL_STATE_UNEXPECTED", `There is no built-in file format \`${name}\`.`);
  return format;
}
