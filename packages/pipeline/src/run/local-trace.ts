import { readFileSync } from "node:fs";
import { decodeTrace, encodeTrace } from "../info/stored-trace.js";
import { continuedTrace, type PipelineTrace } from "../info/trace.js";
import { replaceFile } from "../workspace/atomic-file.js";
import type { WorkingFolder } from "../workspace/working-folder.js";
import type { PipelineMemory } from "./operation.js";

/** The trace of the last call, of this object or of an earlier process; `null`: there is none. */
export function rememberedTrace(memory: PipelineMemory): PipelineTrace | null {
  const { settings, folder } = memory.context;
  if (!settings.enableRuntimeTrace || (settings.devMode && !memory.isWiped)) return null;
  memory.trace ??= readTrace(folder);
  return memory.trace;
}

/** Remembers the trace of a call, here and on disk. That it cannot be stored is only a warning: nothing depends on it. */
export async function keepTrace(memory: PipelineMemory, made: PipelineTrace): Promise<void> {
  const trace = continuedTrace(made.steps.length === 1 ? rememberedTrace(memory) : null, made);
  memory.trace = trace;
  try {
    await replaceFile(memory.context.folder.tracePath, encodeTrace(trace));
  } catch (error) {
    process.emitWarning(
      `The trace of the call was not kept: ${error instanceof Error ? error.message : String(error)}`,
      {
        type: "DltWarning",
        code: "TRACE_NOT_KEPT",
      },
    );
  }
}

/** One that is missing or cannot be read is as good as none. */
function readTrace({ tracePath }: WorkingFolder): PipelineTrace | null {
  try {
    return decodeTrace(readFileSync(tracePath, "utf8"));
  } catch {
    return null;
  }
}
