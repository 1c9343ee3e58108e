import { removeSchemaText, type WorkingFolder, writeSchemaText, writeStateText } from "../workspace/working-folder.js";
import { hasKeys } from "./stored-json.js";

/** What the local documents of a pipeline become: stored texts. */
export interface LocalChange {
  /** `null`: stays as it is. */
  readonly state: string | null;
  /** By name; `null` removes the schema. */
  readonly schemas: Readonly<Record<string, string | null>>;
}

/** Writes the schemas. May be repeated. */
export async function applySchemas(folder: WorkingFolder, change: LocalChange): Promise<void> {
  for (const [name, text] of Object.entries(change.schemas)) {
    if (text === null) await removeSchemaText(folder, name);
    else await writeSchemaText(folder, name, text);
  }
}

/** Writes the state. May be repeated. */
export async function applyState(folder: WorkingFolder, change: LocalChange): Promise<void> {
  if (change.state !== null) await writeStateText(folder, change.state);
}

export function isLocalChange(content: unknown): content is LocalChange {
  return hasKeys(content, ["state", "schemas"]);
}
