import { parentPort } from "node:worker_threads";
import { builtInFormat } from "./built-in-formats.js";
import { ChunkNormalizer } from "./chunk-normalizer.js";
import type { ChunkAnswer, ChunkTask } from "./chunk-task.js";
import { errorData } from "./error-data.js";

// Entry of a normalize thread: one task in, one answer out. Buffers change hands and are not copied.
const port = parentPort;
const normalizer = new ChunkNormalizer(builtInFormat);

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
