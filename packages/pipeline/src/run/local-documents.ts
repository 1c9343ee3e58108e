import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDltError, PackageError, type SchemaText } from "@dlt/core";
import { decodePipelineState, type PipelineState } from "../state/state-document.js";
import { systemErrorCode } from "../workspace/storage-error.js";
import type { WorkingFolder } from "../workspace/working-folder.js";

/** State and schemas of a pipeline on this machine. */
export interface LocalDocuments {
  readonly state: PipelineState;
  readonly schemas: ReadonlyMap<string, SchemaText>;
}

/** Reads them at once, without claiming the pipeline; `null` when it has none. Each file is whole, whoever writes meanwhile. */
export function readLocalDocuments(folder: WorkingFolder): LocalDocuments | null {
  const stateText = readIfPresent(() => readFileSync(folder.statePath, "utf8"));
  if (stateText === null) return null;
  const names = readIfPresent(() => readdirSync(folder.schemasPath)) ?? [];
  const schemas = new Map<string, SchemaText>();
  for (const file of names.filter((name) => name.endsWith(ending)).sort()) {
    const text = readIfPresent(() => readFileSync(join(folder.schemasPath, file), "utf8"));
    if (text !== null) schemas.set(file.slice(0, -ending.length), text);
  }
  return { state: decodeLocalState(folder, stateText), schemas };
}

/** @throws PackageError `STATE_DOCUMENT_INVALID` with the way out, `STATE_ENGINE_TOO_NEW` */
export function decodeLocalState({ statePath, pipelineName }: WorkingFolder, text: string): PipelineState {
  try {
    return decodePipelineState(text);
  } catch (error) {
    if (!isDltError(error) || error.code !== "STATE_DOCUMENT_INVALID") throw error;
    throw new PackageError(error.code, `In \`${statePath}\`: ${error.message}`, {
      hint: "Restore the file, or call `drop()`: then the next run takes state and schemas from the destination. Rows that were extracted and not loaded are fetched again.",
      context: { path: statePath, pipelineName },
      cause: error,
    });
  }
}

const ending = ".schema.json";

function readIfPresent<Content>(read: () => Content): Content | null {
  try {
    return read();
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  }
}
