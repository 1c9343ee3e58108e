import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SchemaText } from "@dlt/core";
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
  return { state: decodePipelineState(stateText), schemas };
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
