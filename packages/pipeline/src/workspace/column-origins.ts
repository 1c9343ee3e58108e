import { readFileSync } from "node:fs";
import type { RecordedOrigin } from "@dlt/core";
import { hasKeys } from "../package/stored-json.js";
import { readFileIfPresent, writeFileAtomic } from "./atomic-file.js";
import { systemErrorCode } from "./storage-error.js";
import { originsPath, type WorkingFolder } from "./working-folder.js";

/**
 * Adds what a load recorded of the columns of a schema. May be repeated. It explains columns and decides nothing, so that a file that
 * cannot be read is begun anew.
 */
export async function addOrigins(
  folder: WorkingFolder,
  schemaName: string,
  origins: readonly RecordedOrigin[],
): Promise<void> {
  if (origins.length === 0) return;
  const path = originsPath(folder, schemaName);
  const known = parseOrigins(await readFileIfPresent(path));
  const kept = new Map([...known, ...origins].map((origin) => [originKey(origin), origin]));
  await writeFileAtomic(path, JSON.stringify([...kept.values()]));
}

/** What loads recorded of the columns of a schema, oldest first; read at once. */
export function readOrigins(folder: WorkingFolder, schemaName: string): readonly RecordedOrigin[] {
  try {
    return parseOrigins(readFileSync(originsPath(folder, schemaName), "utf8"));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}

function isOrigin(value: unknown): boolean {
  return hasKeys(value, ["table", "column", "dataType", "decision", "loadId"]) && hasKeys(value["decision"], ["kind"]);
}

/** Of a column the last decision counts, and the last time that it became wider. */
function originKey({ table, column, decision }: RecordedOrigin): string {
  return JSON.stringify([table, column, decision.kind === "wider"]);
}

function parseOrigins(text: string | null): readonly RecordedOrigin[] {
  if (text === null) return [];
  try {
    const origins: unknown = JSON.parse(text);
    return Array.isArray(origins) ? (origins.filter(isOrigin) as readonly RecordedOrigin[]) : [];
  } catch {
    return [];
  }
}
