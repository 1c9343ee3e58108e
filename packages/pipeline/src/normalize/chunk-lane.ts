import { Worker } from "node:worker_threads";
import { InternalError } from "@dlt/core";
import type { FormatOptions } from "./built-in-formats.js";
import type { ChunkNormalizer } from "./chunk-normalizer.js";
import type { ChunkAnswer, ChunkOutcome, ChunkTask } from "./chunk-task.js";
import { errorFrom } from "./error-data.js";

/** Where chunks are normalized: a thread, or the main one. Tasks are done one after another, in the order they are given. */
export interface ChunkLane {
  /** Version of the schema that the lane's session has; -1 when it needs another. */
  schemaVersion: number;
  /** Tasks that are not done. */
  readonly waiting: number;
  normalize(task: ChunkTask): Promise<ChunkOutcome>;
}

/** The main thread, for packages too small to start threads for. */
export class MainLane implements ChunkLane {
  schemaVersion = -1;
  readonly waiting = 0;
  private readonly normalizer: ChunkNormalizer;

  constructor(normalizer: ChunkNormalizer) {
    this.normalizer = normalizer;
  }

  async normalize(task: ChunkTask): Promise<ChunkOutcome> {
    return this.normalizer.normalize(task);
  }
}

/** Files that are loaded as they are: nothing is done to them, and nothing about them depends on the schema. */
export class FileLane implements ChunkLane {
  schemaVersion = -1;
  readonly waiting = 0;

  async normalize({ entry }: ChunkTask): Promise<ChunkOutcome> {
    return {
      parts: [],
      update: [],
      touched: [],
      nullOnly: [],
      integers: [],
      becameDouble: [],
      rowCounts: entry.rowCount === null ? {} : { [entry.table]: entry.rowCount },
    };
  }
}

interface WaitingTask {
  resolve(outcome: ChunkOutcome): void;
  reject(error: unknown): void;
}

/** A thread of its own. */
export class ThreadLane implements ChunkLane, AsyncDisposable {
  schemaVersion = -1;
  private readonly worker: Worker;
  private readonly tasks: WaitingTask[] = [];

  /** `file` is what the thread runs, with the built-in formats of these options. */
  constructor(file: string, options: FormatOptions) {
    this.worker = new Worker(file, { name: "dlt normalize", workerData: options });
    this.worker.on("message", (answer: ChunkAnswer) => {
      const task = this.tasks.shift();
      if ("outcome" in answer) task?.resolve(answer.outcome);
      else task?.reject(errorFrom(answer.error));
    });
    this.worker.on("error", (error) => this.fail(error));
    this.worker.on("exit", (code) =>
      this.fail(
        new InternalError(
          "INTERNAL_STATE_UNEXPECTED",
          `A normalize thread ended with exit code ${code} while it had work.`,
        ),
      ),
    );
  }

  get waiting(): number {
    return this.tasks.length;
  }

  normalize(task: ChunkTask): Promise<ChunkOutcome> {
    return new Promise((resolve, reject) => {
      this.tasks.push({ resolve, reject });
      // The buffer is ours and changes hands; a small one may lie in memory that Node shares out.
      const { buffer } = task.data;
      const transfer = buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize ? [buffer] : [];
      this.worker.postMessage(task, transfer);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.tasks.length = 0;
    await this.worker.terminate();
  }

  private fail(error: unknown): void {
    for (const task of this.tasks.splice(0)) task.reject(error);
  }
}
