import { join } from "node:path";
import type { StoredDocument } from "@dlt/core/engine";
import { readFileIfPresent, writeFileAtomic } from "../workspace/atomic-file.js";
import { makeFolder } from "../workspace/make-folder.js";
import { withStorageErrors } from "../workspace/storage-error.js";
import { formatSchemaFile, parseSchemaFile, type SchemaFileFormat } from "./schema-file-text.js";

/** A folder of schema files that people and Python dlt share: `<schema name>.schema.yaml` or `.json`. */
export interface SchemaFolder {
  /** Absolute. */
  readonly path: string;
  readonly format: SchemaFileFormat;
}

export function schemaFilePath(folder: SchemaFolder, schemaName: string): string {
  return join(folder.path, `${schemaName}.schema.${folder.format}`);
}

export async function hasSchemaFile(folder: SchemaFolder, schemaName: string): Promise<boolean> {
  return (await readFileIfPresent(schemaFilePath(folder, schemaName))) !== null;
}

/**
 * The document in the file of a schema; `null` when there is no file.
 * @throws SchemaError `SCHEMA_FILE_UNREADABLE`
 */
export async function readSchemaDocument(folder: SchemaFolder, schemaName: string): Promise<StoredDocument | null> {
  const file = schemaFilePath(folder, schemaName);
  const text = await readFileIfPresent(file);
  return text === null ? null : parseSchemaFile(text, { format: folder.format, file });
}

/** Writes the file of a schema, whole or not at all; the folder is made when it is missing. */
export async function writeSchemaDocument(
  folder: SchemaFolder,
  schemaName: string,
  document: StoredDocument,
): Promise<void> {
  await withStorageErrors({ action: "create", path: folder.path }, () => makeFolder(folder.path));
  await writeFileAtomic(schemaFilePath(folder, schemaName), formatSchemaFile(document, folder.format));
}
